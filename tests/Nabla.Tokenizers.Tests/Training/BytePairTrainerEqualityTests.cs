using FsCheck;
using FsCheck.Fluent;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>The trainer against the plain algorithm, merge by merge: pairs, ids and counts.</summary>
public sealed class BytePairTrainerEqualityTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(300).WithReplay(9, 15);

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
