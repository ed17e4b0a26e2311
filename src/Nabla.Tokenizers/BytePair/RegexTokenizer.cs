using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// Byte-pair encoding within chunks, the third step of the ladder, and the form of the tokenizers of GPT-2, GPT-4 and their
/// kin. Against <see cref="BasicTokenizer"/> it adds the splitter, which keeps letters, digits, punctuation and white space
/// in tokens of their own; special tokens; and vocabularies whose ids and byte order are their makers'.
/// </summary>
public sealed partial class RegexTokenizer : ITokenizer
{
    private readonly BytePairEncoder _encoder;
    private readonly Utf8SpecialTokens _utf8SpecialTokens;
    private readonly Dictionary<int, byte[]> _specialBytes;

    /// <summary>Makes a tokenizer of its parts.</summary>
    /// <param name="vocabulary">The tokens and merges.</param>
    /// <param name="splitter">How text is cut into chunks.</param>
    /// <param name="specialTokens">The special tokens, if any; their ids may follow the vocabulary's or fill its gaps.</param>
    /// <exception cref="TokenizerException">A special token's id is that of an ordinary token with other bytes.</exception>
    public RegexTokenizer(BytePairVocabulary vocabulary, TextSplitter splitter, SpecialTokens? specialTokens = null)
        : this(vocabulary, splitter, specialTokens ?? SpecialTokens.None, new BytePairEncoder(vocabulary, splitter))
    {
    }

    private RegexTokenizer(BytePairVocabulary vocabulary, TextSplitter splitter, SpecialTokens specialTokens, BytePairEncoder encoder)
    {
        Vocabulary = vocabulary;
        Splitter = splitter;
        SpecialTokens = specialTokens;
        _encoder = encoder;
        _utf8SpecialTokens = new Utf8SpecialTokens(specialTokens);
        _specialBytes = SpecialTokens.Ids.ToDictionary(token => token.Value, token => Encoding.UTF8.GetBytes(token.Key));
        VocabularySize = vocabulary.Size;
        foreach ((int id, byte[] bytes) in _specialBytes)
        {
            if (id < vocabulary.Size && !vocabulary.TokenBytes(id).IsEmpty && !vocabulary.TokenBytes(id).SequenceEqual(bytes))
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"special token {Quoted.Text(SpecialTokens.TextOf(id))} has id {id}, which is an ordinary token: give it another."));
            }

            VocabularySize = Math.Max(VocabularySize, id + 1);
        }
    }

    /// <summary>The tokens and merges.</summary>
    public BytePairVocabulary Vocabulary { get; }

    /// <summary>How text is cut into chunks.</summary>
    public TextSplitter Splitter { get; }

    /// <summary>The special tokens.</summary>
    public SpecialTokens SpecialTokens { get; }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? EndOfTextId => SpecialTokens.Ids.TryGetValue("<|endoftext|>", out var id) ? id : null;

    /// <inheritdoc/>
    public string FileExtension => ".json";

    /// <summary>Learns a vocabulary from a text.</summary>
    /// <param name="text">The training text.</param>
    /// <param name="vocabularySize">The number of tokens to end with, at least 256; fewer if the text runs out of pairs.</param>
    /// <param name="splitter">How the text is cut into chunks; GPT-4's way if not given.</param>
    /// <exception cref="TokenizerException">The size is below 256, or the text is not valid Unicode.</exception>
    public static RegexTokenizer Train(ReadOnlySpan<char> text, int vocabularySize, TextSplitter? splitter = null)
    {
        splitter ??= TextSplitter.Cl100k;
        var options = new BytePairTrainingOptions { VocabularySize = vocabularySize, Splitter = splitter };
        return new RegexTokenizer(BytePairTrainer.Train(text, options).ToVocabulary(), splitter);
    }

    /// <summary>This tokenizer with other special tokens beside those that it has.</summary>
    /// <param name="added">Each token's text and id, which may follow all others or fill a gap.</param>
    /// <exception cref="TokenizerException">A text or an id is taken already.</exception>
    public RegexTokenizer WithSpecialTokens(IEnumerable<KeyValuePair<string, int>> added) =>
        new(Vocabulary, Splitter, new SpecialTokens(SpecialTokens.Ids.Concat(added)), _encoder);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids) => TokenDecoding.Decode(this, ids);

    /// <inheritdoc/>
    public bool IsSpecial(int id) => _specialBytes.ContainsKey(id);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> TokenBytes(int id)
    {
        if ((uint)id >= (uint)VocabularySize)
        {
            throw TokenDecoding.OutsideVocabulary(id, VocabularySize);
        }

        ReadOnlySpan<byte> ordinary = id < Vocabulary.Size ? Vocabulary.TokenBytes(id) : [];
        return ordinary.IsEmpty ? _specialBytes.GetValueOrDefault(id) : ordinary;
    }

    /// <inheritdoc/>
    public void Save(string path) => HuggingFaceFile.Save(path, this);
}
