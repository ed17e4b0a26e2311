using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>
/// Byte-pair encoding on raw bytes, the second step of the ladder. Against <see cref="CharacterTokenizer"/> it adds two
/// things: any text can be written, since the alphabet is the 256 bytes of UTF-8; and frequent pairs of tokens become tokens
/// of their own, so that sequences get shorter as the vocabulary grows.
/// </summary>
/// <remarks>The text is not split, so tokens such as <c>"e "</c> or <c>"dog."</c> arise; see <see cref="RegexTokenizer"/>.</remarks>
public sealed class BasicTokenizer : ITokenizer
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly BytePairEncoder _encoder;

    /// <summary>Makes a tokenizer from merges: the first makes token 256, the next 257, and so on.</summary>
    /// <exception cref="TokenizerException">A merge names a token that does not exist before it.</exception>
    public BasicTokenizer(IReadOnlyList<BytePair> merges)
    {
        _vocabulary = BytePairVocabulary.FromMerges(merges);
        _encoder = new BytePairEncoder(_vocabulary, TextSplitter.None);
    }

    /// <summary>The merges in the order in which they were learned.</summary>
    public ImmutableArray<BytePair> Merges => _vocabulary.Merges;

    /// <summary>The tokens and merges.</summary>
    public BytePairVocabulary Vocabulary => _vocabulary;

    /// <inheritdoc/>
    public int VocabularySize => _vocabulary.Size;

    /// <inheritdoc/>
    public int? EndOfTextId => null;

    /// <inheritdoc/>
    public string FileExtension => ".model";

    /// <summary>Learns a vocabulary from a text.</summary>
    /// <param name="text">The training text.</param>
    /// <param name="vocabularySize">The number of tokens to end with, at least 256; fewer if the text runs out of pairs.</param>
    /// <exception cref="TokenizerException">The size is below 256, or the text is not valid Unicode.</exception>
    public static BasicTokenizer Train(ReadOnlySpan<char> text, int vocabularySize) => new([.. BytePairTrainer
        .Train(text, new BytePairTrainingOptions { VocabularySize = vocabularySize }).Merges.Select(merge => merge.Pair)]);

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new IdBuffer(stackalloc int[256]);
        try
        {
            _encoder.Encode(text, 0, text.Length, ref ids);
            return ids.Ids.ToArray();
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<char> text)
    {
        var ids = IdBuffer.ForCounting();
        try
        {
            _encoder.Encode(text, 0, text.Length, ref ids);
            return ids.PassedOn;
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <summary>The ids of a text in UTF-8.</summary>
    /// <exception cref="TokenizerException">The bytes are not valid UTF-8.</exception>
    public int[] EncodeUtf8(ReadOnlySpan<byte> utf8)
    {
        Utf8Fault.ThrowIfAny(utf8);
        var ids = new IdBuffer(stackalloc int[256]);
        try
        {
            _encoder.Encode(utf8, ref ids);
            return ids.Ids.ToArray();
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <inheritdoc/>
    public TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text) => ByteRanges.Of(this, Encode(text), text);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => TokenDecoding.Decode(this, ids);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> TokenBytes(int id) => (uint)id < (uint)VocabularySize
        ? _vocabulary.TokenBytes(id)
        : throw TokenDecoding.OutsideVocabulary(id, VocabularySize);

    /// <inheritdoc/>
    public void Save(string path) => MinbpeFile.Save(path, this);
}
