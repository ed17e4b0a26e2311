using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>The ids of the npm package tiktoken, and the texts back from them.</summary>
public sealed class TiktokenTests
{
    private const int TextsPerHash = 100;

    public static TheoryData<string> Names => ["gpt2", "cl100k_base", "o200k_base"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_worth_looking_at_have_the_ids_of_tiktoken(string name) =>
        AssertIds(name, "quoted", TiktokenFixture.Quoted);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_thousand_random_texts_have_the_ids_of_tiktoken(string name) =>
        AssertIds(name, "random", TiktokenFixture.Random);

    [Fact]
    public void Random_texts_are_those_that_tiktoken_saw() =>
        Assert.Equal(TiktokenFixture.Random, Enumerable.Range(1, TiktokenFixture.Random.Length).Select(RandomText.Of));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hundred_thousand_random_texts_have_the_ids_of_tiktoken(string name)
    {
        RegexTokenizer tokenizer = Load(name);
        JsonElement hashes = TiktokenFixture.Encoding(name).GetProperty("hashes");
        string[] expected = [.. hashes.EnumerateArray().Select(hash => hash.GetString()!)];
        var actual = new string[expected.Length];
        Parallel.For(0, expected.Length, block =>
        {
            string[] texts = [.. Enumerable.Range(block * TextsPerHash + 1, TextsPerHash).Select(RandomText.Of)];
            int[][] ids = [.. texts.Select(text => tokenizer.Encode(text, SpecialTokenPolicy.AsText))];
            Assert.Equal(texts, ids.Select(list => tokenizer.Decode(list)));
            actual[block] = IdsHash.Of(ids);
        });
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole_files_have_the_ids_of_tiktoken(string name)
    {
        RegexTokenizer tokenizer = Load(name);
        foreach (JsonProperty file in TiktokenFixture.Encoding(name).GetProperty("files").EnumerateObject())
        {
            AssertWhole(tokenizer, file.Name, File.ReadAllText(TestFiles.Data(file.Name)), file.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_random_texts_as_one_have_the_ids_of_tiktoken(string name)
    {
        JsonElement answers = TiktokenFixture.Encoding(name);
        var count = answers.GetProperty("hashes").GetArrayLength() * TextsPerHash;
        var text = string.Concat(Enumerable.Range(1, count).Select(RandomText.Of));
        AssertWhole(Load(name), "joined", text, answers.GetProperty("joined"));
    }

    private static void AssertWhole(RegexTokenizer tokenizer, string name, string text, JsonElement expected)
    {
        var ids = tokenizer.Encode(text, SpecialTokenPolicy.AsText);
        Assert.Equal((name, expected.GetProperty("count").GetInt32()), (name, ids.Length));
        Assert.Equal((name, expected.GetProperty("hash").GetString()), (name, IdsHash.Of([ids])));
        Assert.Equal(text, tokenizer.Decode(ids));
    }

    private static void AssertIds(string name, string list, IReadOnlyList<string> texts)
    {
        RegexTokenizer tokenizer = Load(name);
        JsonElement answers = TiktokenFixture.Encoding(name).GetProperty(list);
        Assert.Equal(answers.GetArrayLength(), texts.Count);
        foreach ((JsonElement expected, string text) in answers.EnumerateArray().Zip(texts))
        {
            var ids = tokenizer.Encode(text, SpecialTokenPolicy.AsText);
            Assert.Equal((text, string.Join(' ', TiktokenFixture.Numbers(expected))), (text, string.Join(' ', ids)));
            Assert.Equal(text, tokenizer.Decode(ids));
        }
    }

    private static RegexTokenizer Load(string name)
    {
        NamedEncoding encoding = NamedEncoding.Find(name)!;
        return encoding.Load([.. encoding.Files.Select(file => TestFiles.Data(file.FileName))]);
    }
}
