using System.Text.RegularExpressions;
using Nabla.Language.Data;

namespace Nabla.Language;

/// <summary>A model on Hugging Face's hub as a user writes it: <c>openai-community/gpt2</c>, or <c>gpt2@main</c> with a revision.</summary>
/// <param name="Id">The owner and the name, or the name alone for the oldest models.</param>
/// <param name="Revision">A branch, a tag or the 40 digits of a commit.</param>
public sealed partial record HubModelName(string Id, string Revision)
{
    /// <summary>What stands in front of a name where a path could stand too.</summary>
    public const string Scheme = "hf:";

    /// <summary>The folder of the model in the cache: the parts of its id, joined so that no model is inside another.</summary>
    internal string FolderName => "models--" + Id.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>Reads a name, with or without <see cref="Scheme"/>.</summary>
    /// <exception cref="DataFileException">It cannot be a model's.</exception>
    public static HubModelName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Match match = Form().Match(text);
        return match.Success
            ? new HubModelName(match.Groups["id"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : "main")
            : throw new DataFileException($"{text} names no model: write {Scheme}OWNER/NAME, such as {Scheme}openai-community/gpt2, or {Scheme}OWNER/NAME@REVISION.");
    }

    /// <inheritdoc/>
    public override string ToString() => Revision == "main" ? Id : $"{Id}@{Revision}";

    // Each part begins with a letter or digit, so that none leads out of a folder.
    [GeneratedRegex(@"^(hf:)?(?<id>[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?)(@(?<revision>[A-Za-z0-9][\w.-]*))?$", RegexOptions.ECMAScript)]
    private static partial Regex Form();
}
