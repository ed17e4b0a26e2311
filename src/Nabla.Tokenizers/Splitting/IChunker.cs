namespace Nabla.Tokenizers;

/// <summary>
/// Finds where a chunk ends: a split pattern as code. Implementations are structs without state, so a loop that is generic
/// over one is compiled with the scanner in it.
/// </summary>
internal interface IChunker
{
    /// <summary>The end of the chunk that begins at <paramref name="start"/>, above <paramref name="start"/>.</summary>
    /// <param name="utf8">The whole text, valid UTF-8: where it ends matters to white space at the end.</param>
    /// <param name="start">Where the chunk begins, below the text's length.</param>
    static abstract int End(ReadOnlySpan<byte> utf8, int start);
}
