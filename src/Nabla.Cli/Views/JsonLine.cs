using System.Text;
using System.Text.Json;

namespace Nabla.Cli.Views;

/// <summary>Writes one JSON object on a line of its own.</summary>
internal static class JsonLine
{
    /// <summary>Writes an object.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="content">Writes what is between the braces.</param>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> content)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
    }

    /// <summary>Writes a number, or null for what JSON has no number for.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
