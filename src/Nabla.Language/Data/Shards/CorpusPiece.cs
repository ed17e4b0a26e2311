using System.Globalization;
using System.Text.Json;

namespace Nabla.Language.Data;

/// <summary>A document of a corpus, or a part of one that is too long to be held as a whole.</summary>
/// <param name="Path">The file that it is from.</param>
/// <param name="Number">The number of the document in that file, from 1; of JSON lines, that of the line.</param>
/// <param name="Source">What stands in the file.</param>
/// <param name="IsBeginning">Whether the document begins here.</param>
/// <param name="ByteCount">The bytes of the corpus that it takes, those of the separator after it included.</param>
internal readonly record struct CorpusPiece(string Path, long Number, string Source, bool IsBeginning, long ByteCount)
{
    /// <summary>Returns the text of the document: what stands in the file, or in a member of the JSON there.</summary>
    /// <exception cref="DataFileException">The line is no such JSON object.</exception>
    public string Text(DocumentForm form)
    {
        if (form.JsonField is not string field)
        {
            return Source;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(Source);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(field, out JsonElement text)
                && text.ValueKind == JsonValueKind.String
                ? text.GetString()!
                : throw Fault($"is no JSON object with a text in \"{field}\": name the field with jsonl:FIELD");
        }
        catch (JsonException error)
        {
            throw Fault("is no valid JSON", error);
        }
        catch (InvalidOperationException error)
        {
            // What the JSON reader throws for text that is JSON in form, but not valid Unicode inside a string.
            throw Fault("has a string that is not valid Unicode", error);
        }
    }

    private DataFileException Fault(string fault, Exception? error = null)
        => new(string.Create(CultureInfo.InvariantCulture, $"{Path}: line {Number} {fault}."), error);
}
