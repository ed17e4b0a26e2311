using System.Runtime.ExceptionServices;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>How the texts of a corpus become ids: on all cores, and with nothing in them but text.</summary>
/// <remarks>
/// What looks like a special token in a corpus is encoded as the text that it is, as tiktoken's <c>encode_ordinary</c> does: only
/// this program puts such tokens between documents.
/// </remarks>
internal static class CorpusEncoding
{
    /// <summary>Returns the ids of one text.</summary>
    /// <exception cref="TokenizerException">The tokenizer cannot write the text.</exception>
    public static int[] EncodeCorpus(this ITokenizer tokenizer, ReadOnlySpan<char> text)
        => tokenizer is RegexTokenizer regex ? regex.Encode(text, SpecialTokenPolicy.AsText) : tokenizer.Encode(text);

    /// <summary>Returns the ids of documents, the boundary before the first and after each.</summary>
    /// <exception cref="TokenizerException">The tokenizer cannot write a document.</exception>
    public static int[] EncodeDocuments(this ITokenizer tokenizer, ReadOnlySpan<string> documents, int boundary)
    {
        int[][] encoded = new int[documents.Length][];
        string[] texts = documents.ToArray();
        try
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = Compute.ThreadCount };
            Parallel.For(0, texts.Length, options, index => encoded[index] = tokenizer.EncodeCorpus(texts[index]));
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }

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
