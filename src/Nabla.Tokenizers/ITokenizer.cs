namespace Nabla.Tokenizers;

/// <summary>Turns text into the integers that a language model works on, and back.</summary>
/// <remarks>
/// Ids run from 0 to <see cref="VocabularySize"/> - 1; some of them may stand for nothing. For every text that a tokenizer
/// accepts and does not normalise, <c>Decode(Encode(text))</c> is that text. Implementations are immutable, so one instance
/// serves any number of threads.
/// </remarks>
public interface ITokenizer
{
    /// <summary>One more than the highest id, special tokens included: the width of a model's logits.</summary>
    int VocabularySize { get; }

    /// <summary>The token that stands between two documents in a training stream, or null where there is none.</summary>
    int? EndOfTextId { get; }

    /// <summary>The ids of <paramref name="text"/>, in order; empty for an empty text.</summary>
    /// <exception cref="TokenizerException">
    /// The text holds something that the vocabulary cannot write, half of a surrogate pair, or the text of a special token.
    /// </exception>
    int[] Encode(ReadOnlySpan<char> text);

    /// <summary>How many ids <see cref="Encode"/> gives, without making them.</summary>
    /// <inheritdoc cref="Encode"/>
    int Count(ReadOnlySpan<char> text) => Encode(text).Length;

    /// <summary>The ids of <paramref name="text"/>, each with the stretch of the text that it stands for.</summary>
    /// <inheritdoc cref="Encode"/>
    TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text);

    /// <summary>
    /// The text that <paramref name="ids"/> stand for. The bytes of all ids are joined first, since a character may span
    /// tokens; what is not valid UTF-8 even then becomes U+FFFD, one for each maximal invalid part.
    /// </summary>
    /// <exception cref="TokenizerException">An id is below 0 or not below <see cref="VocabularySize"/>.</exception>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>The UTF-8 bytes that a token adds to a decoded text; empty if the token stands for nothing.</summary>
    /// <exception cref="TokenizerException">The id is below 0 or not below <see cref="VocabularySize"/>.</exception>
    ReadOnlySpan<byte> TokenBytes(int id);

    /// <summary>Whether a token is a sign to the model, such as an end of text, rather than a piece of text.</summary>
    bool IsSpecial(int id) => false;

    /// <summary>
    /// Whether <see cref="Decode"/> leaves out one space at the very beginning, because <see cref="Encode"/> puts one there.
    /// </summary>
    bool DropsLeadingSpace => false;

    /// <summary>The usual ending of a file that <see cref="Save"/> writes, with its dot.</summary>
    string FileExtension { get; }

    /// <summary>
    /// Writes the tokenizer in its own format, to be read by <see cref="TokenizerFile.Load"/>. The file is replaced whole or
    /// not at all.
    /// </summary>
    /// <exception cref="TokenizerException">The file cannot be written, or the format cannot hold the tokenizer.</exception>
    void Save(string path);
}
