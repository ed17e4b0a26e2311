using FsCheck;
using FsCheck.Fluent;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>The trainer against the plain algorithm, merge by merge: pairs, ids and counts.</summary>
public sealed class BytePairTrainerEqualityTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(300).WithReplay(9, 15);

    [Theory]
    [InlineData("a", TieRule.FirstSeen)]
    [InlineData("ab", TieRule.FirstSeen)]
    [InlineData("ab", TieRule.LowestIds)]
    [InlineData("abcd", TieRule.FirstSeen)]
    [InlineData("abcd", TieRule.LowestIds)]
    [InlineData("aé世🙂", TieRule.FirstSeen)]
    public void One_chunk_merges_as_in_the_plain_algorithm_until_nothing_is_left(string alphabet, TieRule ties) =>
        Check.One(_config, Prop.ForAll(Texts(alphabet), text => AssertEqual(text, TextSplitter.None, 1000, ties)));

    [Theory]
    [InlineData("ab", 0)]
    [InlineData("ab", 200)]
    [InlineData("abcd", 0)]
    [InlineData("abcd", 50)]
    [InlineData("abcd", 1000)]
    public void Short_of_memory_the_merges_are_the_same(string alphabet, long positionLimit)
    {
        foreach (TextSplitter splitter in new[] { TextSplitter.None, TextSplitter.FromPattern("[ab]+|.") })
        {
            Check.One(_config.WithMaxTest(300), Prop.ForAll(Texts(alphabet), text =>
            {
                BytePairTrainingOptions options = Options(splitter, TieRule.FirstSeen, 1000);
                Assert.Equal(BytePairTrainer.Train(text, options).Merges,
                    BytePairTrainer.Train(text, options with { PositionLimit = positionLimit }).Merges);
            }));
        }
    }

    [Fact]
    public void A_pair_is_found_across_the_ends_of_ranges() => Check.One(_config, Prop.ForAll(Texts("aab"), text =>
    {
        int[] ids = [.. text.Select(unit => (int)unit)];
        var slots = new ushort[ids.Length + 2];
        SymbolSequence.Write(System.Text.Encoding.UTF8.GetBytes(text), slots.AsSpan(1));
        SymbolSequence symbols = SymbolSequence.Of(slots, slots.Length, 300);
        BytePair[] pairs = [new('a', 'a'), new('a', 'b'), new(256, 256), new(257, 256), new(256, 257), new(258, 'a')];
        var search = new PairSearch(symbols, threadCount: 2, rangeLength: 3);
        for (var merge = 0; merge < pairs.Length; merge++)
        {
            symbols.Define(256 + merge, pairs[merge]);
            search.Visit(pairs[merge], positions => Merge(symbols, pairs[merge], 256 + merge, positions));
            ids = PairCounts.Merge(ids, pairs[merge], 256 + merge);
            List<int> found = [];
            for (var slot = 1; slot < slots.Length - 1; slot += symbols.TokenLength(symbols[slot]))
            {
                found.Add(symbols[slot]);
            }

            Assert.Equal(ids, found);
        }
    }));

    [Fact]
    public void Merged_to_the_end_a_text_is_one_token()
    {
        // Long enough for ids that take three bytes, which only a vocabulary of more than 65,535 tokens has.
        var text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"))[..400_000];
        BytePairTraining all = BytePairTrainer.Train(text, Options(TextSplitter.None, TieRule.FirstSeen, 400_000));
        Assert.True(all.Merges.Length > 70_000);
        Assert.Equal(1, all.TokenCount);
        Assert.Equal(text, Expand(all.Merges[^1].Id));
        Assert.Equal(all.Merges[..65_000], BytePairTrainer.Train(text, Options(TextSplitter.None, TieRule.FirstSeen, 65_256)).Merges);

        string Expand(int id)
        {
            var bytes = new List<byte>();
            var rest = new Stack<int>([id]);
            while (rest.TryPop(out var next))
            {
                if (next < 256)
                {
                    bytes.Add((byte)next);
                    continue;
                }

                rest.Push(all.Merges[next - 256].Pair.Right);
                rest.Push(all.Merges[next - 256].Pair.Left);
            }

            return System.Text.Encoding.UTF8.GetString([.. bytes]);
        }
    }

    [Theory]
    [InlineData("ab ", TieRule.FirstSeen)]
    [InlineData("ab ", TieRule.LowestIds)]
    [InlineData("aB1 \n'.", TieRule.FirstSeen)]
    [InlineData("abcdefgh   ", TieRule.FirstSeen)]
    [InlineData("abcdefgh   ", TieRule.LowestIds)]
    [InlineData("sé世🙂' ", TieRule.FirstSeen)]
    public void Chunks_merge_as_in_the_plain_algorithm_until_nothing_is_left(string alphabet, TieRule ties)
    {
        foreach (TextSplitter splitter in new[] { TextSplitter.Gpt2, TextSplitter.Cl100k, TextSplitter.O200k, TextSplitter.FromPattern("[^ ]+| ") })
        {
            Check.One(_config.WithMaxTest(200), Prop.ForAll(Texts(alphabet), text => AssertEqual(text, splitter, 1000, ties)));
        }
    }

    [Theory]
    [InlineData("tinyshakespeare.txt", 20_000, TieRule.FirstSeen)]
    [InlineData("tinyshakespeare.txt", 20_000, TieRule.LowestIds)]
    [InlineData("taylorswift.txt", 20_000, TieRule.FirstSeen)]
    [InlineData("taylorswift.txt", 20_000, TieRule.LowestIds)]
    public void A_real_text_merges_as_in_the_plain_algorithm(string file, int length, TieRule ties)
    {
        var text = File.ReadAllText(TestFiles.Data(file))[..length];
        AssertEqual(text, TextSplitter.None, 500, ties);
        AssertEqual(text, TextSplitter.Cl100k, 800, ties);
    }

    [Fact]
    public void Overlapping_occurrences_count_and_merge_from_the_left()
    {
        BytePairTraining training = BytePairTrainer.Train("aaaaaaa", new BytePairTrainingOptions { VocabularySize = 258 });
        Assert.Equal([new(new(97, 97), 256, 6), new(new(256, 256), 257, 2)], training.Merges);
        Assert.Equal(3, training.TokenCount);
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    public void A_million_equal_characters_are_no_harder_than_others(char character)
    {
        var text = new string(character, 1_000_000);
        foreach (TextSplitter splitter in new[] { TextSplitter.None, TextSplitter.Gpt2, TextSplitter.Cl100k })
        {
            BytePairTraining training = BytePairTrainer.Train(text, Options(splitter, TieRule.FirstSeen, 300));
            Assert.Equal(1, training.TokenCount);
            Assert.Equal([999_999, 499_999, 249_999], training.Merges[..3].Select(merge => merge.Count));
        }
    }

    [Fact]
    public void Counts_beyond_32_bits_are_exact()
    {
        ChunkCounts chunks = new();
        chunks.Add("ab"u8, 0, 5_000_000_000);
        chunks.Add("bc"u8, 2, 5_000_000_001);
        chunks.Add("abc"u8, 4, 7);
        BytePairTrainingOptions options = Options(TextSplitter.Gpt2, TieRule.FirstSeen, 300);
        var merger = new PairMerger(SymbolSequence.Of(chunks, 300), options, CancellationToken.None);
        Assert.Equal(new TrainedMerge(new('b', 'c'), 256, 5_000_000_008), merger.MergeNext(256, CancellationToken.None));
        Assert.Equal(5_000_000_008, merger.LastReplacements);
        Assert.Equal(new TrainedMerge(new('a', 'b'), 257, 5_000_000_000), merger.MergeNext(257, CancellationToken.None));
        Assert.Equal(new TrainedMerge(new('a', 256), 258, 7), merger.MergeNext(258, CancellationToken.None));
        Assert.Null(merger.MergeNext(259, CancellationToken.None));
    }

    [Fact]
    public void Training_ends_before_a_pair_that_is_too_rare()
    {
        var text = File.ReadAllText(TestFiles.Data("taylorswift.txt"))[..20_000];
        foreach (var minimum in new[] { 2, 7, 100 })
        {
            BytePairTraining all = BytePairTrainer.Train(text, Options(TextSplitter.Cl100k, TieRule.FirstSeen, 5000));
            BytePairTraining some = BytePairTrainer.Train(text, Options(TextSplitter.Cl100k, TieRule.FirstSeen, 5000) with { MinimumCount = minimum });
            Assert.Equal(all.Merges.TakeWhile(merge => merge.Count >= minimum), some.Merges);
            Assert.NotEqual(all.Merges.Length, some.Merges.Length);
        }
    }

    private static void Merge(SymbolSequence symbols, BytePair pair, int id, ReadOnlySpan<int> positions)
    {
        foreach (var position in positions)
        {
            if (symbols.Holds(pair, position))
            {
                var middle = position + symbols.TokenLength(pair.Left);
                symbols.Merge(id, position, middle, middle + symbols.TokenLength(pair.Right));
            }
        }
    }

    private static void AssertEqual(string text, TextSplitter splitter, int vocabularySize, TieRule ties)
    {
        List<int[]> chunks = [.. splitter.Split(text)
            .Select(chunk => System.Text.Encoding.UTF8.GetBytes(chunk).Select(value => (int)value).ToArray())];
        var chunkCount = chunks.Count;
        List<TrainedMerge> expected = PlainTraining.Learn(chunks, vocabularySize, ties);
        BytePairTraining actual = BytePairTrainer.Train(text, Options(splitter, ties, vocabularySize));
        Assert.Equal(expected, actual.Merges);
        Assert.Equal(chunks.Sum(chunk => chunk.Length), actual.TokenCount);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(text), actual.ByteCount);
        Assert.Equal(chunkCount, actual.ChunkCount);
    }

    private static BytePairTrainingOptions Options(TextSplitter splitter, TieRule ties, int vocabularySize) =>
        new() { VocabularySize = vocabularySize, Splitter = splitter, Ties = ties };

    // Whole characters of an alphabet; many ties, since the alphabets are small.
    private static Arbitrary<string> Texts(string alphabet) => Gen.Elements(alphabet.EnumerateRunes().Select(rune => rune.ToString()).ToArray())
        .ListOf().Select(string.Concat).ToArbitrary();
}
