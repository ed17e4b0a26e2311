using System.Text.Json;
using Nabla.Tests;
using Nabla.Tokenizers.Tests.Lecture09;

namespace Nabla.Tokenizers.Tests;

public sealed class UnstableTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void Unstable_tokens_are_those_of_tiktoken(string name)
    {
        NamedEncoding encoding = NamedEncoding.Find(name)!;
        RegexTokenizer tokenizer = encoding.Load([.. encoding.Files.Select(file => TestFiles.Data(file.FileName))]);
        using JsonDocument fixture = TestFiles.FixtureJson("unstable.json");
        JsonElement[] cases = [.. fixture.RootElement.GetProperty("cases").EnumerateArray()
            .Where(entry => entry.GetProperty("encoding").GetString() == name)];

        Assert.Equal(88, cases.Length);
        Assert.All(cases, expected =>
        {
            UnstableEncoding actual = tokenizer.EncodeUnstable(expected.GetProperty("text").GetString(), SpecialTokenPolicy.Allow);

            Assert.Equal(Ids(expected.GetProperty("stable")), actual.StableIds);
            if (expected.TryGetProperty("completions", out JsonElement completions))
            {
                Assert.Equal(completions.EnumerateArray().Select(Ids), actual.Completions.Select(ids => ids.ToArray()));
            }

            Assert.Equal(
                (expected.GetProperty("count").GetInt32(), expected.GetProperty("hash").GetString()),
                (actual.Completions.Length, IdsHash.Of(actual.Completions.Select(ids => ids.ToArray()))));
        });
    }

    [Fact]
    [Trait("Number", "L09-122")]
    public void The_token_that_was_meant_is_among_the_completions_of_its_part()
    {
        UnstableEncoding unstable = Published.Cl100k.EncodeUnstable(".DefaultCellSty");

        Assert.Empty(unstable.StableIds);
        Assert.Contains(unstable.Completions, ids => ids is [98518]);
    }

    [Fact]
    public void What_a_text_really_goes_on_with_is_among_the_completions()
    {
        var text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"))[..200_000];
        var random = new Random(9);
        for (var trial = 0; trial < 200; trial++)
        {
            // Cut where it may be: within a word, after a space, between two line breaks.
            var start = random.Next(text.Length - 60);
            var cut = random.Next(1, 30);
            UnstableEncoding unstable = Published.Cl100k.EncodeUnstable(text.AsSpan(start, cut));
            int[] ids = Published.Cl100k.Encode(text.AsSpan(start, 60));

            Assert.Equal(unstable.StableIds, ids.Take(unstable.StableIds.Length));
            int[] rest = ids[unstable.StableIds.Length..];
            Assert.True(
                unstable.Completions.Any(completion => rest.AsSpan().StartsWith(completion.AsSpan())),
                $"after \"{text.AsSpan(start, cut)}\" comes \"{text.AsSpan(start + cut, 10)}\"");
        }
    }

    [Fact]
    public void A_completion_begins_with_the_unstable_bytes_and_no_token_of_it_lies_beyond_them()
    {
        RegexTokenizer tokenizer = RegexTokenizer.Train("the theatre then, the thing, other things, there", 300);

        UnstableEncoding unstable = tokenizer.EncodeUnstable("other th");

        Assert.Equal("other", tokenizer.Decode(unstable.StableIds.AsSpan()));
        Assert.All(unstable.Completions, ids =>
        {
            Assert.StartsWith(" th", tokenizer.Decode(ids.AsSpan()), StringComparison.Ordinal);
            Assert.True(tokenizer.DecodeBytes(ids.AsSpan()[..^1]).Length < 3);
        });
    }

    private static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];
}
