using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data.Shards;

/// <summary>A folder of tokens is trained on as it was made, or refused in one line.</summary>
public sealed class TokenShardsTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("out");

    private string Index => Path.Combine(Out, "index.json");

    private string Shard => Path.Combine(Out, "x_train_000001.npy");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_prepared_folder_is_a_dataset_of_documents()
    {
        Prepare();

        TextDataset data = await TextSource.LoadAsync(Out);

        Assert.Equal(TextKind.Shards, TextSource.KindOf(Out));
        Assert.Equal(0, data.BoundaryId);
        int[] stream = [.. data.ValidationIds.ToArray(), .. data.TrainingIds.ToArray()];
        Assert.Equal(string.Concat(Documents().Select(document => $"\n{document}")), data.Tokenizer.Decode(stream));
        Assert.Equal(Documents(), WordList.Documents(data.Tokenizer, stream, 0));
        Assert.NotEqual(0, data.ValidationIds.Length);
    }

    [Fact]
    public async Task A_run_on_a_prepared_folder_goes_on_only_while_the_folder_is_the_same()
    {
        Prepare();
        TextDataset data = await TextSource.LoadAsync(Out);
        RunConfig config = new()
        {
            Data = new RunData { Source = Out, Kind = TextKind.Shards, Sha256 = data.SourceHash },
            Model = new GptConfig
            {
                VocabularySize = data.Tokenizer.VocabularySize,
                ContextLength = 4,
                LayerCount = 1,
                HeadCount = 1,
                Width = 4,
            },
            Training = new TrainingOptions { Steps = 2, BatchSize = 2, WarmupSteps = 0 },
        };
        using RunDirectory run = RunDirectory.Create(_folder.File("run"), config, data.Tokenizer);

        Assert.True(run.Resume(await run.LoadDataAsync()).Run(null, run));
        Assert.Equal(0, run.Config.Data.BoundaryId(run.LoadTokenizer()));

        Directory.Delete(Out, recursive: true);
        Prepare("abc");
        await Assert.ThrowsAsync<InvalidRunException>(() => run.LoadDataAsync());
    }

    [Fact]
    public async Task A_tokenizer_beside_prepared_tokens_is_refused()
    {
        Prepare();

        DataFileException error = await Assert.ThrowsAsync<DataFileException>(
            () => TextSource.LoadAsync(Out, tokenizer: new BasicTokenizer([])));

        Assert.Contains("leave out the tokenizer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_what_was_written_is_refused()
    {
        Prepare();
        byte[] bytes = File.ReadAllBytes(Shard);
        byte before = bytes[^2];
        bytes[^2] = (byte)(before == 1 ? 2 : 1);
        File.WriteAllBytes(Shard, bytes);
        Refused("is not what index.json says of it");
        bytes[^2] = 200;
        File.WriteAllBytes(Shard, bytes);
        Refused("token 200 at place");
        File.WriteAllBytes(Shard, bytes[..^2]);
        Refused("bytes");
        File.WriteAllBytes(Shard, bytes[..100]);
        Refused("x_train_000001.npy");
        File.Delete(Shard);
        Refused("does not exist: prepare the folder again");
    }

    [Fact]
    public void A_tokenizer_that_is_not_the_one_that_made_the_tokens_is_refused()
    {
        Prepare();
        CharacterTokenizer.FromText("abcdefghijklmnop", boundary: true).Save(Path.Combine(Out, "tokenizer.json"));

        Refused("tokenizer.json is not the tokenizer that made the tokens");
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2")]
    [InlineData("\"vocabularySize\": 5", "\"vocabularySize\": 0")]
    [InlineData("\"endOfTextId\": 0", "\"endOfTextId\": 5")]
    [InlineData("\"documents\": 100", "\"documents\": -1")]
    [InlineData("\"split\": \"val\"", "\"split\": \"test\"")]
    [InlineData("\"tokens\": ", "\"tokens\": 1")]
    [InlineData("\"tokens\": ", "\"tokens\": 99999999999999")]
    [InlineData("\"shards\": [", "\"shards\": [null,")]
    [InlineData("\"file\": ", "\"name\": ")]
    [InlineData("x_train_000001.npy", "../x_train_000001.npy")]
    [InlineData("x_train_000001.npy", "x\\n.npy")]
    [InlineData("\"tokenizer.json\"", "\"..\\\\tokenizer.json\"")]
    [InlineData("\"tokenizer.json\"", "null")]
    public void An_index_that_makes_no_sense_is_refused(string old, string changed)
    {
        Prepare();
        string json = File.ReadAllText(Index);
        Assert.Contains(old, json, StringComparison.Ordinal);
        File.WriteAllText(Index, json.Replace(old, changed, StringComparison.Ordinal));

        Assert.StartsWith($"{Index} is no index of shards: ", Refused(""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_of_more_tokens_than_the_file_has_costs_no_memory()
    {
        Prepare();
        var index = TokenShardIndex.FromJson(File.ReadAllText(Index));
        long more = 2_000_000_000 - index.Shards[1].Tokens;
        TokenShardIndex lie = index with
        {
            Tokens = index.Tokens + more,
            Shards = [index.Shards[0], index.Shards[1] with { Tokens = 2_000_000_000 }],
        };
        File.WriteAllText(Index, lie.ToJson());
        Refused("is not what index.json says of it");

        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused("is not what index.json says of it");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void Damaged_files_of_tokens_are_read_or_refused()
    {
        byte[] header = LlmcTokenFile.Header(3, sizeof(ushort));
        byte[] wide = LlmcTokenFile.Header(3, sizeof(uint));
        AssertBin([.. header, 1, 0, 2, 0, 3, 1], null);
        AssertBin([.. wide, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0], null);
        AssertBin([.. wide, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 128], "token 2147483648");
        AssertBin([.. header, 1, 0, 2, 0, 3], "3 tokens of 2 bytes do not fill the 5 bytes");
        AssertBin(LlmcTokenFile.Header(int.MaxValue, sizeof(ushort)), "do not fill the 0 bytes");
        AssertBin(LlmcTokenFile.Header(-1, sizeof(ushort)), "-1 tokens");
        AssertBin(header[..1000], "shorter than the header");
        AssertBin([], "shorter than the header");
        AssertBin(new byte[1024], "it begins with 0");
        header[4] = 9;
        AssertBin(header, "its version is 9");
    }

    [Fact]
    public void Random_bytes_are_no_tokens()
    {
        byte[] valid = [.. LlmcTokenFile.Header(2, sizeof(ushort)), 1, 0, 2, 0];
        Gen<byte[]> damaged = ArbMap.Default.GeneratorFor<byte>().SelectMany(
            value => Gen.Choose(0, 11).Select(place => (byte[])[.. valid[..place], value, .. valid[(place + 1)..]]));
        Check.One(_config, Prop.ForAll<byte[]>(bytes => IsReadOrRefused("t.bin", bytes) && IsReadOrRefused("t.npy", bytes)));
        Check.One(_config.WithMaxTest(500), Prop.ForAll(damaged.ToArbitrary(), bytes => IsReadOrRefused("t.bin", bytes)));
    }

    [Fact]
    public void An_index_with_anything_changed_is_read_or_refused()
    {
        Prepare();
        byte[] json = File.ReadAllBytes(Index);
        Gen<(int Place, byte Value)> changes = Gen.Choose(0, json.Length - 1).SelectMany(
            place => Gen.Elements("\"{}[]:,0-9nul\\ \u00FF"u8.ToArray()).Select(value => (place, value)));
        Check.One(_config.WithMaxTest(400), Prop.ForAll(changes.ToArbitrary(), change =>
        {
            byte[] changed = [.. json];
            changed[change.Place] = change.Value;
            File.WriteAllBytes(Index, changed);
            try
            {
                TokenShards.Open(Out).ToDataset();
                return true;
            }
            catch (Exception error) when (error is DataFileException or TokenizerException)
            {
                return !error.Message.Contains('\n');
            }
        }));
    }

    private static IEnumerable<string> Documents(string letters = "abcd")
        => Enumerable.Range(0, 100).Select(i => letters[..(1 + (i % letters.Length))]);

    private void Prepare(string letters = "abcd")
    {
        string path = _folder.Write("text.txt", Encoding.UTF8.GetBytes(string.Join('\n', Documents(letters))));
        ShardPreparation.Run([path], Out, CharacterTokenizer.FromText("abcd", boundary: true),
            new ShardOptions { Name = "x", Documents = DocumentForm.Line });
    }

    private string Refused(string fault)
    {
        string message = Assert.Throws<DataFileException>(() => TokenShards.Open(Out).ToDataset()).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void AssertBin(byte[] bytes, string? fault)
    {
        string path = _folder.Write("t.bin", bytes);
        if (fault is null)
        {
            Assert.Equal(3, TokenShards.ReadFile(path).Length);
            return;
        }

        string message = Assert.Throws<DataFileException>(() => TokenShards.ReadFile(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private bool IsReadOrRefused(string name, byte[] bytes)
    {
        string path = _folder.Write(name, bytes);
        try
        {
            return TokenShards.ReadFile(path).Length <= bytes.Length;
        }
        catch (DataFileException error)
        {
            return error.Message.StartsWith(path, StringComparison.Ordinal) && !error.Message.Contains('\n');
        }
    }
}
