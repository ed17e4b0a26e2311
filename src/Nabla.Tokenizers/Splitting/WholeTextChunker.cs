namespace Nabla.Tokenizers;

/// <summary>No splitting: the rest of the text is one chunk.</summary>
internal readonly struct WholeTextChunker : IChunker
{
    public static int End(ReadOnlySpan<byte> utf8, int start) => utf8.Length;
}
