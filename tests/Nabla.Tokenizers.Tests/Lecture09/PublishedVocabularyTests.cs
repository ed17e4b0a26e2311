using System.Text;
using System.Text.Json;
using Nabla.Tests;
using static Nabla.Tokenizers.Tests.Lecture09.Published;

namespace Nabla.Tokenizers.Tests.Lecture09;

/// <summary>What the lecture says about the vocabularies of GPT-2 and GPT-4.</summary>
public sealed class PublishedVocabularyTests
{
    [Fact]
    [Trait("Number", "L09-079")]
    public void GPT2_has_the_bytes_fifty_thousand_merges_and_one_special_token()
    {
        Assert.Equal(50000, Gpt2.Vocabulary.Merges.Length);
        Assert.Equal(256 + 50000 + 1, Gpt2.VocabularySize);
        Assert.Single(Gpt2.SpecialTokens.Ids);
        using var entries = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Data("encoder.json")));
        Assert.Equal(50257, entries.RootElement.GetPropertyCount());
    }

    [Fact]
    [Trait("Number", "L09-080")]
    public void GPT4_has_ranks_from_0_to_100255()
    {
        Assert.Equal(100256, Cl100k.Vocabulary.Size);
        Assert.Equal(100256, Enumerable.Range(0, Cl100k.Vocabulary.Size).Count(id => Cl100k.Vocabulary.TokenBytes(id).Length > 0));
        Assert.False(Cl100k.Vocabulary.TokenBytes(0).IsEmpty);
    }

    [Fact]
    [Trait("Number", "L09-083")]
    public void The_first_merges_of_GPT4_are_those_of_a_text_with_much_code() =>
        Assert.Equal(
            ["  ", "    ", "in", " t", "        ", "er", "   ", "on", " a", "re"],
            Enumerable.Range(256, 10).Select(id => Text(Cl100k, id)));

    [Fact]
    [Trait("Number", "L09-095")]
    public void GPT2_never_merged_spaces() =>
        Assert.DoesNotContain(Texts(Gpt2), text => text.Length > 1 && text.AsSpan().TrimStart(' ').IsEmpty);

    [Fact]
    [Trait("Number", "L09-096")]
    public void Digits_come_in_threes_in_GPT4_and_anyhow_in_GPT2()
    {
        Assert.Equal(3, LongestNumber(Cl100k));
        Assert.Equal(16, LongestNumber(Gpt2));
        Assert.DoesNotContain(Texts(Cl100k), text => text.Count(char.IsAsciiDigit) > 3);
        Assert.All(Enumerable.Range(0, 1000), number =>
        {
            Assert.Single(Cl100k.Encode($"{number}"));
            Assert.Single(Cl100k.Encode($"{number % 100:00}"));
            Assert.Single(Cl100k.Encode($"{number:000}"));
        });

        static int LongestNumber(RegexTokenizer tokenizer) =>
            Texts(tokenizer).Where(text => text.Length > 0 && text.All(char.IsAsciiDigit)).Max(text => text.Length);
    }

    [Fact]
    [Trait("Number", "L09-097")]
    public void GPT2_cuts_numbers_of_four_digits_in_five_ways()
    {
        var ways = Enumerable.Range(1000, 9000)
            .GroupBy(number => string.Join('+', Gpt2.Encode($"{number}").Select(id => Gpt2.TokenBytes(id).Length)))
            .ToDictionary(way => way.Key, way => way.Count());

        Assert.Equal(new Dictionary<string, int> { ["4"] = 88, ["1+3"] = 2538, ["2+2"] = 5807, ["3+1"] = 538, ["1+2+1"] = 29 }, ways);
    }

    [Theory]
    [Trait("Number", "L09-098")]
    [InlineData(" SolidGoldMagikarp", 43453)]
    [InlineData(" attRot", 35207)]
    [InlineData("EStreamFrame", 43177)]
    [InlineData("PsyNetMessage", 28666)]
    [InlineData("StreamerBot", 37574)]
    public void Glitch_tokens_are_single_tokens_of_GPT2(string text, int id) => Assert.Equal([id], Gpt2.Encode(text));

    [Fact]
    [Trait("Number", "L09-100")]
    public void The_merges_of_GPT2_stand_under_a_line_with_the_version()
    {
        string[] lines = File.ReadAllText(TestFiles.Data("vocab.bpe")).Split('\n');

        Assert.Equal("#version: 0.2", lines[0]);
        Assert.Equal(50000, lines.Length - 2);
        Assert.Equal("", lines[^1]);
        Assert.Equal("Ġ t", lines[1]);
        Assert.Equal("Ġg azed", lines[^2]);
    }

    [Fact]
    [Trait("Number", "L09-101")]
    public void Merge_n_of_GPT2_makes_token_256_plus_n()
    {
        Assert.All(Gpt2.Vocabulary.Merges.Index(), merge => Assert.Equal(256 + merge.Index, Gpt2.Vocabulary.MergedId(merge.Item)));
        Assert.Equal(50256, Gpt2.SpecialTokens.Ids["<|endoftext|>"]);
    }

    [Fact]
    [Trait("Number", "L09-102")]
    public void Each_byte_has_a_printable_letter_of_its_own()
    {
        Assert.Equal(188, Enumerable.Range(0, 256).Count(value => ByteAlphabet.Characters[value] == value));
        Assert.Equal(Enumerable.Range(0x100, 68), ByteAlphabet.Characters.Where(letter => letter >= 0x100).Select(letter => (int)letter));
        Assert.Equal('Ġ', ByteAlphabet.Characters[' ']);
        Assert.Equal('\u0120', ByteAlphabet.Characters[' ']);
        Assert.Equal('\u010A', ByteAlphabet.Characters['\n']);
        Assert.Equal('\u0100', ByteAlphabet.Characters[0]);
        Assert.Equal('\u0143', ByteAlphabet.Characters[0xAD]);

        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var back = new byte[256];
        Assert.True(ByteAlphabet.TryDecode(ByteAlphabet.Encode(all), back));
        Assert.Equal(all, back);
        Assert.False(ByteAlphabet.TryDecode("\u0144", back));
        Assert.False(ByteAlphabet.TryDecode(" ", back));
    }

    [Theory]
    [Trait("Number", "L09-103")]
    [InlineData(0, 188)]
    [InlineData(10, 198)]
    [InlineData(32, 220)]
    [InlineData(33, 0)]
    [InlineData(65, 32)]
    [InlineData(127, 221)]
    [InlineData(128, 222)]
    [InlineData(173, 255)]
    [InlineData(255, 187)]
    public void GPT2_has_its_own_order_of_the_bytes(int value, int id) => Assert.Equal(id, Gpt2.Vocabulary.ByteIds[value]);

    [Fact]
    [Trait("Number", "L09-104")]
    public void GPT2_encodes_the_whole_of_tiny_Shakespeare_and_back()
    {
        var text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"));

        int[] ids = Gpt2.Encode(text);

        Assert.Equal(338025, ids.Length);
        Assert.Equal(text, Gpt2.Decode(ids));
    }

    [Fact]
    [Trait("Number", "L09-111")]
    public void The_merges_of_GPT4_are_recovered_from_its_ranks()
    {
        var merges = MergeRecovery.Recover(Cl100k.Vocabulary);

        Assert.Equal(100000, merges.Length);
        Assert.Equal([new(220, 220), new(256, 256), new(72, 77), new(220, 83), new(257, 257)], merges.Take(5));
        Assert.Equal([256, 257, 258, 259, 260], merges.Take(5).Select(Cl100k.Vocabulary.MergedId));
        Assert.Equal(new BytePair(1221, 69969), merges[^1]);
        Assert.Equal(100255, Cl100k.Vocabulary.MergedId(merges[^1]));
    }

    [Fact]
    [Trait("Number", "L09-112")]
    public void The_merges_recovered_from_GPT2_are_those_of_its_file() =>
        Assert.Equal(Gpt2.Vocabulary.Merges, MergeRecovery.Recover(Gpt2.Vocabulary));

    [Fact]
    [Trait("Number", "L09-113")]
    public void The_bytes_of_GPT4_are_shuffled_as_those_of_GPT2()
    {
        ReadOnlySpan<int> order = Cl100k.Vocabulary.ByteIds;

        Assert.Equal(Enumerable.Range(0, 256), order.ToArray().Order());
        Assert.Equal([188, 220, 0, 32, 221, 222, 187], [order[0], order[32], order[33], order[65], order[127], order[128], order[255]]);
        Assert.Equal(Gpt2.Vocabulary.ByteIds.ToArray(), order.ToArray());

        // First come the bytes that stand for themselves in the alphabet, then the others.
        int[] alphabetical = [.. Enumerable.Range(0, 256).OrderBy(value => ByteAlphabet.Characters[value] >= 0x100)];
        for (var id = 0; id < 256; id++)
        {
            Assert.Equal(id, order[alphabetical[id]]);
        }
    }

    [Theory]
    [Trait("Number", "L09-114")]
    [InlineData("Tokenization is at the heart of much weirdness of LLMs. Do not brush it off.")]
    [InlineData(DemonstrationText)]
    [InlineData("Hello how are you?")]
    [InlineData("안녕하세요 어떻게 지내세요?")]
    [InlineData("    hello world!!!")]
    [InlineData("hello world!!!? (안녕하세요!) lol123 😉")]
    public void GPT4_rebuilt_from_its_merges_and_its_order_of_bytes_gives_the_same_ids(string text)
    {
        // Byte value i is token order[i]; from there on only pairs of ids are used, and no rank is looked up.
        var tokens = new byte[]?[Cl100k.Vocabulary.Size];
        for (var value = 0; value < 256; value++)
        {
            tokens[Cl100k.Vocabulary.ByteIds[value]] = [(byte)value];
        }

        foreach ((int index, BytePair merge) in MergeRecovery.Recover(Cl100k.Vocabulary).Index())
        {
            tokens[256 + index] = [.. tokens[merge.Left]!, .. tokens[merge.Right]!];
        }

        var rebuilt = new RegexTokenizer(
            BytePairVocabulary.Create(tokens, MergeRecovery.Recover(Cl100k.Vocabulary)), TextSplitter.Cl100k, Cl100k.SpecialTokens);

        int[] ids = rebuilt.Encode(text);
        Assert.Equal(Cl100k.Encode(text), ids);
        Assert.Equal(text, rebuilt.Decode(ids));
    }

    private static IEnumerable<string> Texts(RegexTokenizer tokenizer) =>
        Enumerable.Range(0, tokenizer.Vocabulary.Size).Select(id => Encoding.Latin1.GetString(tokenizer.Vocabulary.TokenBytes(id)));
}
