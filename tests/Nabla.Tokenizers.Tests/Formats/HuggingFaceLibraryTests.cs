using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Formats;

/// <summary>
/// That Hugging Face's own library reads what is written here, and gives the same ids: its answers are stored for files that
/// are stored, too, and those are what is written.
/// </summary>
public sealed class HuggingFaceLibraryTests : IDisposable
{
    private const string Text = "the theatre then, the thing, other things, there and thither; aaaa aaaaaaa. mother, brother and father "
        + "thought something of nothing, whether the weather held or not: weathering northern winters is either hard or harder";

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-huggingface-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("whole.json", null, false)]
    [InlineData("gpt2.json", SplitPatterns.Gpt2, false)]
    [InlineData("o200k-ranks.json", SplitPatterns.O200k, true)]
    [InlineData("own.json", @"\p{L}+|\p{N}{1,2}", false)]
    public void It_reads_what_is_written_and_gives_the_same_ids(string name, string? pattern, bool byRank)
    {
        RegexTokenizer tokenizer = Make(pattern, byRank);
        var path = Path.Combine(_folder, name);

        tokenizer.Save(path);

        // The very file that the library has read.
        Assert.Equal(File.ReadAllText(TestFiles.Fixture($"huggingface/{name}")), File.ReadAllText(path));
        using JsonDocument fixture = TestFiles.FixtureJson("huggingface.json");
        string[] texts = [.. fixture.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        JsonElement[] cases = [.. fixture.RootElement.GetProperty("cases").EnumerateArray()
            .Where(entry => entry.GetProperty("file").GetString() == name)];
        Assert.Equal(texts.Length, cases.Length);
        Assert.All(cases, expected => Assert.Equal(
            expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(texts[expected.GetProperty("text").GetInt32()], SpecialTokenPolicy.Allow)));
    }

    private static RegexTokenizer Make(string? pattern, bool byRank)
    {
        TextSplitter splitter = pattern is null ? TextSplitter.None : TextSplitter.FromPattern(pattern);
        RegexTokenizer trained = RegexTokenizer.Train(Text, 300, splitter);
        RegexTokenizer tokenizer = !byRank
            ? trained
            : new RegexTokenizer(
                BytePairVocabulary.FromRanks([.. Enumerable.Range(0, 300).Select(id => trained.TokenBytes(id).ToArray())]), splitter);
        return tokenizer.WithSpecialTokens([new("<|endoftext|>", 300), new("two words", 310)]);
    }
}
