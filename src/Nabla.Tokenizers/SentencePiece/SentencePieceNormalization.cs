using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>What a SentencePiece model does to text before it is cut into pieces.</summary>
public sealed record SentencePieceNormalization
{
    /// <summary>
    /// The name of the rules: <c>identity</c> changes nothing; <c>nmt_nfkc</c>, SentencePiece's default, is Unicode's NFKC with
    /// control characters taken out and every white space made a space.
    /// </summary>
    public string Name { get; init; } = "nmt_nfkc";

    /// <summary>
    /// The compiled rules: which characters are replaced by which. Empty for identity.
    /// </summary>
    public ImmutableArray<byte> PrecompiledCharsMap { get; init; } = [];

    /// <summary>Whether a space is put in front of the text, so that its first word has the pieces that it has inside.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at both ends are dropped and several in a row become one.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>Whether spaces are written <c>▁</c> (U+2581) within pieces.</summary>
    public bool EscapeWhitespaces { get; init; } = true;

    /// <summary>Where the rules came from, if not by name: the path of a table of rules. Kept, not used.</summary>
    public string RuleTable { get; init; } = "";

    /// <summary>Fields of a file that this library does not know, kept as they were.</summary>
    internal ImmutableArray<byte> Unknown { get; init; } = [];

    /// <summary>No change to the text at all but the space in front: what Llama 2 has, and the lecture recommends.</summary>
    public static SentencePieceNormalization Identity { get; } = new() { Name = "identity", RemoveExtraWhitespaces = false };
}
