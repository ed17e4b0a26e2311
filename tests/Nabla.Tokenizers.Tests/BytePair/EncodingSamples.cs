using System.Text;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests;

/// <summary>Tokenizers and texts that the tests of encoding share.</summary>
internal static class EncodingSamples
{
    private static readonly Lazy<RegexTokenizer> _cl100k = new(() => NamedEncoding.Cl100kBase.Load(TestFiles.Data("cl100k_base.tiktoken")));
    private static readonly Lazy<RegexTokenizer> _o200k = new(() => NamedEncoding.O200kBase.Load(TestFiles.Data("o200k_base.tiktoken")));
    private static readonly Lazy<RegexTokenizer> _gpt2 = new(() =>
        NamedEncoding.Gpt2.Load(TestFiles.Data("vocab.bpe"), TestFiles.Data("encoder.json")));

    // What splitting, cutting into blocks and UTF-8 could each get wrong.
    private static readonly string[] _parts =
    [
        "word", "Word", " word", "I'll", "don't", " ", "  ", "\n", "\r\n", "\n\n", "\t", "/", "//", "!\n/", "1234567", " 12",
        "é", "ß", "중국", "世界。", "\u3000", "\u00A0", "\u0301", "🙂", "👨‍👩‍👧", "𝒳", "\0", "<|endoftext|>", "<|endof", "a b", "x\ny",
        "supercalifragilisticexpialidocious", "========================", "ABCdefGHI",
    ];

    public static RegexTokenizer Cl100k => _cl100k.Value;

    public static RegexTokenizer O200k => _o200k.Value;

    public static RegexTokenizer Gpt2 => _gpt2.Value;

    /// <summary>The merges of the lecture's own small vocabulary of 276, in order (L09-A14).</summary>
    public static BytePair[] LectureMerges { get; } =
    [
        new(101, 32), new(105, 110), new(115, 32), new(116, 104), new(101, 114), new(99, 111), new(116, 32), new(226, 128),
        new(44, 32), new(97, 110), new(111, 114), new(100, 32), new(97, 114), new(101, 110), new(257, 103), new(261, 100),
        new(121, 32), new(46, 32), new(97, 108), new(259, 256),
    ];

    /// <summary>A text of about so many characters, of all kinds of parts in an order that a seed decides.</summary>
    public static string Mixed(int length, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(_parts[random.Next(_parts.Length)]);
            text.Append(random.Next(3) == 0 ? " " : "");
        }

        return text.ToString();
    }

    /// <summary>Random small letters, without a space: one chunk.</summary>
    public static string Letters(int length, int seed)
    {
        var random = new Random(seed);
        return string.Create(length, random, static (letters, source) =>
        {
            for (var index = 0; index < letters.Length; index++)
            {
                letters[index] = (char)('a' + source.Next(26));
            }
        });
    }
}
