using System.Text.Json;
using Nabla.Diagnostics;

namespace Nabla.Language;

/// <summary>What a watched step showed of the model, as a run's log keeps it.</summary>
/// <param name="Updates">How much the step changed each matrix, in proportion to what it was; see <see cref="UpdateRatios"/>.</param>
/// <param name="Saturation">The share of saturated outputs of each layer that can saturate.</param>
/// <param name="DeadUnits">The share of dead units of each layer that has units which can die.</param>
public sealed record StepWatch(
    IReadOnlyDictionary<string, float> Updates,
    IReadOnlyDictionary<string, float> Saturation,
    IReadOnlyDictionary<string, float> DeadUnits)
{
    /// <summary>Writes the entries of the object that the writer is in.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        Write("updates"u8, Updates);
        Write("saturation"u8, Saturation);
        Write("deadUnits"u8, DeadUnits);

        void Write(ReadOnlySpan<byte> name, IReadOnlyDictionary<string, float> values)
        {
            json.WriteStartObject(name);
            foreach ((string key, float value) in values)
            {
                json.WriteNumber(key, value);
            }

            json.WriteEndObject();
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    /// <exception cref="KeyNotFoundException">An entry is missing.</exception>
    /// <exception cref="InvalidOperationException">An entry is no object of numbers.</exception>
    internal static StepWatch Read(JsonElement json)
    {
        return new StepWatch(Values("updates"u8), Values("saturation"u8), Values("deadUnits"u8));

        Dictionary<string, float> Values(ReadOnlySpan<byte> name)
            => json.GetProperty(name).EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetSingle());
    }
}
