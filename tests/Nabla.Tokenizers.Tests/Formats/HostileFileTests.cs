using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests.Formats;

/// <summary>Whatever a file holds, it is a tokenizer or gives the one exception with one line, and memory stays in bounds.</summary>
public sealed class HostileFileTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-hostile-").FullName;

    public static TheoryData<string> Formats => ["tiktoken", "huggingface", "minbpe", "entries", "merges"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_is_a_tokenizer_or_refused(string format) => Check.One(
        _config.WithMaxTest(3000), Prop.ForAll(FileMutations.Of(Valid(format)).ToArbitrary(), content => IsTokenizerOrRefused(format, content)));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_bytes_are_refused(string format) => Check.One(
        _config.WithMaxTest(300), Prop.ForAll<byte[]>(content => IsTokenizerOrRefused(format, content)));

    [Fact]
    public void Random_bytes_are_no_file_of_any_format()
    {
        var path = Path.Combine(_folder, "tokenizer");
        Check.One(_config.WithMaxTest(300), Prop.ForAll<byte[]>(content =>
        {
            File.WriteAllBytes(path, content);
            var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(path));
            return exception.Message.Contains(path, StringComparison.Ordinal) && !exception.Message.Contains('\n', StringComparison.Ordinal);
        }));
    }

    [Fact]
    public void A_damaged_file_is_told_by_content_or_refused()
    {
        var path = Path.Combine(_folder, "tokenizer.json");
        Gen<byte[]> files = Gen.OneOf(FileMutations.Of(Valid("huggingface")), FileMutations.Of(Valid("minbpe")), FileMutations.Of(Valid("tiktoken")));
        Check.One(_config.WithMaxTest(1000), Prop.ForAll(files.ToArbitrary(), content =>
        {
            File.WriteAllBytes(path, content);
            return Refused(() => TokenizerFile.Load(path, TextSplitter.None));
        }));
    }

    [Theory]
    [InlineData("{\"a\": {")]
    [InlineData("[")]
    [InlineData("{\"model\": [")]
    public void Deep_JSON_is_refused(string opening) =>
        Assert.True(Refused(() => HuggingFaceFile.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(opening, 100_000))))));

    [Theory]
    [InlineData("IQ== 2000000000\n")]
    [InlineData("IQ== 70000\n")]
    public void A_rank_far_beyond_the_file_is_refused_before_it_takes_memory(string line)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(Refused(() => TiktokenFile.Parse(Encoding.UTF8.GetBytes(line))));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void A_file_longer_than_any_tokenizer_is_refused_before_it_is_read()
    {
        var path = Path.Combine(_folder, "large.tiktoken");
        using (FileStream stream = File.Create(path))
        {
            stream.SetLength(1L << 40);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(path));

        Assert.Contains("128 MiB", exception.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_in_one_line()
    {
        foreach (var path in new[] { Path.Combine(_folder, "missing"), _folder })
        {
            Assert.Contains(path, Assert.Throws<TokenizerException>(() => TokenizerFile.Load(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_token_of_a_megabyte_is_taken_apart_without_going_quadratic()
    {
        // Two tokens of 2^19 letters, and the pairs, fours, eights... that lead to them.
        var tokens = Enumerable.Range(0, 256).Select(value => new[] { (byte)value })
            .Concat(Enumerable.Range(1, 20).Select(power => Enumerable.Repeat((byte)'a', 1 << power).ToArray()));

        var merges = BytePairVocabulary.FromRanks([.. tokens]).Merges;

        Assert.Equal(20, merges.Length);
        Assert.Equal(new BytePair(274, 274), merges[^1]);
    }

    private static byte[] Valid(string format)
    {
        BytePairVocabulary vocabulary = BytePairVocabulary.FromMerges([new(97, 98), new(256, 99), new(0xC3, 0xA9)]);
        var tokenizer = new RegexTokenizer(vocabulary, TextSplitter.FromPattern(@"\w+|\s"), new SpecialTokens([new("<end>", 259)]));
        using var content = new MemoryStream();
        switch (format)
        {
            case "tiktoken":
                TiktokenFile.Write(content, vocabulary);
                break;
            case "huggingface":
                HuggingFaceWriter.Write(content, tokenizer);
                break;
            case "minbpe":
                return Encoding.UTF8.GetBytes("minbpe v1\n\\w+|\\s\n1\n<end> 259\n97 98\n256 99\n195 169\n");
            case "entries":
                return Encoding.UTF8.GetBytes("{" + string.Join(", ", Enumerable.Range(0, vocabulary.Size).Select(id =>
                    System.Text.Json.JsonSerializer.Serialize(ByteAlphabet.Encode(vocabulary.TokenBytes(id))) + ": " + id)) + "}");
            default:
                return Encoding.UTF8.GetBytes("#version: 0.2\na b\nab c\nÃ ©\n");
        }

        return content.ToArray();
    }

    private static bool IsTokenizerOrRefused(string format, byte[] content) => Refused(() => _ = format switch
    {
        "tiktoken" => (object)TiktokenFile.Parse(content).Merges,
        "huggingface" => HuggingFaceFile.Parse(content),
        "minbpe" => MinbpeFile.Parse(content),
        "entries" => Gpt2Files.Parse(Valid("merges"), content),
        _ => Gpt2Files.Parse(content, Valid("entries")),
    });

    // True for a tokenizer, too; false, or another exception, is the failure.
    private static bool Refused(Action load)
    {
        try
        {
            load();
            return true;
        }
        catch (TokenizerException exception)
        {
            return exception.Message.Length > 0 && !exception.Message.AsSpan().ContainsAny('\n', '\r');
        }
    }
}
