using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>A text that is read in blocks has the chunks that it has in one piece.</summary>
public sealed class TextBlockTests
{
    private static readonly string[] _elements =
    [
        "a", "B", "z", "é", "世", "ñ", "🙂", "𝒳", "1", "٣", " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "'", "'s", "'LL", "’",
        ".", "。", "\u0301", "-", "/", "<|end|>", "<|end of text|>", "<", "\u200D",
    ];

    private static readonly Arbitrary<string> _texts = Gen.Elements(_elements).ListOf().Select(string.Concat).ToArbitrary();
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(100).WithReplay(3, 7);

    [Fact]
    public void Cut_anywhere_allowed_the_parts_split_as_the_whole()
    {
        foreach (SplitKind kind in new[] { SplitKind.Gpt2, SplitKind.Cl100k, SplitKind.Cl100kPossessive, SplitKind.O200k })
        {
            var cut = new BlockCut(kind, new SpecialTokenTexts([]));
            Check.One(_config, Prop.ForAll(_texts, text =>
            {
                var utf8 = Encoding.UTF8.GetBytes(text);
                List<int> ends = Ends(kind, utf8);
                foreach (var place in Enumerable.Range(1, utf8.Length).Select(length => cut.Last(utf8.AsSpan(0, length), 0)).Distinct())
                {
                    Assert.Equal(ends, [.. Ends(kind, utf8[..place]), .. Ends(kind, utf8[place..]).Select(end => place + end)]);
                }
            }));
        }
    }

    [Fact]
    public void Small_blocks_count_as_one_large_one()
    {
        foreach (TextSplitter splitter in new[] { TextSplitter.None, TextSplitter.Gpt2, TextSplitter.Cl100k, TextSplitter.O200k })
        {
            foreach (string[] specials in new string[][] { [], ["<|end|>"], ["<|end of text|>", "<|end|>", "a B", "|"] })
            {
                Check.One(_config, Prop.ForAll(_texts, text =>
                    Assert.Equal(Merges(text, splitter, specials, 1 << 20), Merges(text, splitter, specials, 16))));
            }
        }
    }

    [Fact]
    public void Blocks_are_short_where_there_are_places_to_cut()
    {
        List<int> lengths = [];
        var blocks = new TextBlocks(new BlockCut(SplitKind.Cl100k, new SpecialTokenTexts([])), block => lengths.Add(block.Length),
            CancellationToken.None, blockLength: 64);
        new TrainingTextReader(blocks).Read(string.Concat(Enumerable.Repeat("一字。二字\nword, ", 1000)));
        blocks.EndDocument();
        Assert.All(lengths, length => Assert.InRange(length, 1, 64));
    }

    private static List<int> Ends(SplitKind kind, byte[] utf8)
    {
        List<int> ends = [];
        for (var start = 0; start < utf8.Length; ends.Add(start))
        {
            start = kind switch
            {
                SplitKind.Gpt2 => Gpt2Chunker.End(utf8, start),
                SplitKind.Cl100k => Cl100kChunker.End(utf8, start),
                SplitKind.Cl100kPossessive => Cl100kPossessiveChunker.End(utf8, start),
                _ => O200kChunker.End(utf8, start),
            };
        }

        return ends;
    }

    // The tokens of all chunks in their order, which shows everything that merging could depend on.
    private static string Merges(string text, TextSplitter splitter, string[] specials, int blockLength)
    {
        var tokens = new SpecialTokenTexts(specials);
        ITrainingText training = splitter.Kind == SplitKind.WholeText
            ? new UnsplitText(tokens, 0)
            : new SplitText(splitter, tokens, threadCount: 1);
        var blocks = new TextBlocks(new BlockCut(splitter.Kind, tokens), training.Take, CancellationToken.None, blockLength);
        new TrainingTextReader(blocks).Read(text);
        blocks.EndDocument();
        SymbolSequence symbols = training.Finish(256, CancellationToken.None);
        return string.Join(' ', Enumerable.Range(0, symbols.Length).Select(slot => $"{symbols[slot]}*{symbols.Weight(slot)}"))
            + $" {training.ByteCount} {training.ChunkCount}";
    }
}
