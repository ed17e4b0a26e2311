using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>How the texts of a corpus become ids: with nothing in them but text.</summary>
/// <remarks>
/// What looks like a special token in a corpus is encoded as the text that it is, as tiktoken's <c>encode_ordinary</c> does: only
/// this program puts such tokens between documents.
/// </remarks>
internal static class CorpusEncoding
{
    /// <summary>What is to be done with a tokenizer that cannot keep documents apart.</summary>
    public const string EndOfTextMend = "take one that has, such as of `nabla tokenizer train --special \"<|endoftext|>\"`.";

    /// <summary>Returns the ids of a text.</summary>
    /// <exception cref="TokenizerException">The tokenizer cannot write the text.</exception>
    public static int[] EncodeCorpus(this ITokenizer tokenizer, string text)
        => tokenizer is RegexTokenizer regex ? regex.Encode(text, SpecialTokenPolicy.AsText) : tokenizer.Encode(text);

    /// <summary>Returns the ids of a long text, made on all cores where the tokenizer can cut it.</summary>
    /// <exception cref="TokenizerException">The tokenizer cannot write the text.</exception>
    public static int[] EncodeLong(this ITokenizer tokenizer, string text)
        => tokenizer is RegexTokenizer regex ? regex.EncodeParallel(text, SpecialTokenPolicy.AsText) : tokenizer.Encode(text);

    /// <summary>Returns the ids of documents, the boundary before the first and after each, made on all cores.</summary>
    /// <exception cref="TokenizerException">The tokenizer cannot write a document.</exception>
    public static int[] EncodeDocuments(this ITokenizer tokenizer, ReadOnlyMemory<string> documents, int boundary)
    {
        int[][] encoded = new int[documents.Length][];
        OrderedParallel.Run(
            encoded.Length, index => encoded[index] = tokenizer.EncodeCorpus(documents.Span[index]), CancellationToken.None);
        int[] stream = new int[encoded.Sum(ids => ids.Length + 1) + 1];
        stream[0] = boundary;
        int position = 1;
        foreach (int[] ids in encoded)
        {
            ids.CopyTo(stream, position);
            stream[position + ids.Length] = boundary;
            position += ids.Length + 1;
        }

        return stream;
    }
}
