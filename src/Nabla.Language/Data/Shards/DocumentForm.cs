namespace Nabla.Language.Data;

/// <summary>What a document of a corpus is. The end-of-text token is put before each.</summary>
public sealed record DocumentForm
{
    private const string JsonLinesWord = "jsonl";
    private const string JsonLinesPrefix = JsonLinesWord + ":";
    private const string DefaultField = "text";

    private DocumentForm(string? separator, string? jsonField, bool isTrimmed)
        => (Separator, JsonField, IsTrimmed) = (separator, jsonField, isTrimmed);

    /// <summary>Each file is one document.</summary>
    public static DocumentForm File { get; } = new(null, null, isTrimmed: false);

    /// <summary>Each line is one, without the space around it; empty lines are none.</summary>
    public static DocumentForm Line { get; } = new("\n", null, isTrimmed: true);

    /// <summary>Gets the text between two documents; null where a file is one.</summary>
    public string? Separator { get; }

    /// <summary>Gets the member that holds the text, where each line is a JSON object.</summary>
    public string? JsonField { get; }

    /// <summary>Gets whether space around a document is cut off.</summary>
    public bool IsTrimmed { get; }

    /// <summary>A given text stands between two documents.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static DocumentForm SeparatedBy(string separator)
    {
        ArgumentException.ThrowIfNullOrEmpty(separator);
        return new DocumentForm(separator, null, isTrimmed: false);
    }

    /// <summary>Each line is a JSON object with the document in one of its members.</summary>
    /// <exception cref="ArgumentException">The name of the member is empty.</exception>
    public static DocumentForm JsonLines(string field)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        return new DocumentForm("\n", field, isTrimmed: false);
    }

    /// <summary>
    /// Returns what the name of a file says: a line is a document in <c>.jsonl</c> and <c>.ndjson</c>, packed by gzip or not, and else the
    /// file is one.
    /// </summary>
    public static DocumentForm For(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return System.IO.Path.GetExtension(WithoutPacking(path)) is ".jsonl" or ".ndjson" ? JsonLines(DefaultField) : File;
    }

    /// <summary>Returns a path without the ending of gzip.</summary>
    internal static string WithoutPacking(string path)
        => path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^".gz".Length] : path;

    /// <summary>
    /// Reads what a user writes: <c>file</c>, <c>line</c>, <c>jsonl</c> or <c>jsonl:FIELD</c> (the field is <c>text</c> if left
    /// out), or the text between two documents, in which <c>\n</c> and <c>\t</c> are a line break and a tab.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty, or the name of the field is.</exception>
    public static DocumentForm Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return text switch
        {
            "file" => File,
            "line" => Line,
            JsonLinesWord => JsonLines(DefaultField),
            JsonLinesPrefix => throw new ArgumentException(
                $"{JsonLinesPrefix} names no field: write {JsonLinesPrefix}{DefaultField}, or what holds the text of a document."),
            _ when text.StartsWith(JsonLinesPrefix, StringComparison.Ordinal) => JsonLines(text[JsonLinesPrefix.Length..]),
            _ => SeparatedBy(text.Replace(@"\n", "\n", StringComparison.Ordinal).Replace(@"\t", "\t", StringComparison.Ordinal)),
        };
    }
}
