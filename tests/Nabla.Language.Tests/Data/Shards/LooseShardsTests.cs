using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data.Shards;

/// <summary>Files of tokens of other programs, whose names say what they are for.</summary>
public sealed class LooseShardsTests : IDisposable
{
    private static readonly CharacterTokenizer _tokenizer = CharacterTokenizer.FromText("abcd", boundary: true);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("edufineweb_val_000000.npy", "edufineweb_train_000001.npy", "edufineweb_train_000002.npy")]
    [InlineData("fineweb_val_000000.bin", "fineweb_train_000001.bin", "fineweb_train_000002.bin")]
    [InlineData("tiny-val.bin", "tiny-train-1.npy", "tiny-train-2.bin")]
    [InlineData("my_training_train_set_val.npy", "train_a.npy", "train_b.npy")]
    public async Task They_are_read_in_the_order_of_their_names(string validation, string first, string second)
    {
        Write(second, [0, 4, 4, 4]);
        Write(first, [0, 1, 2]);
        Write(validation, [0, 3]);
        _folder.Write("README.md", "train val"u8.ToArray());

        Assert.Equal(TextKind.Shards, TextSource.KindOf(_folder.Path));
        TextDataset data = await TextSource.LoadAsync(_folder.Path, tokenizer: _tokenizer);

        Assert.Equal([0, 1, 2, 0, 4, 4, 4], data.TrainingIds.ToArray());
        Assert.Equal([3, 4], data.TrainingIds.Parts.Select(part => part.Length));
        Assert.Equal([0, 3], data.ValidationIds.ToArray());
        Assert.Equal(0, data.BoundaryId);
    }

    [Fact]
    public async Task A_run_on_them_goes_on_only_while_they_are_the_same()
    {
        Write("x_val_0.npy", [0, 1, 2, 3, 4, 0, 1]);
        Write("x_train_1.npy", [.. Enumerable.Repeat((int[])[0, 1, 2, 3, 4], 10).SelectMany(ids => ids)]);
        TextDataset data = await TextSource.LoadAsync(_folder.Path, tokenizer: _tokenizer);
        RunConfig config = new()
        {
            Data = new RunData { Source = _folder.Path, Kind = TextKind.Shards, Sha256 = data.SourceHash },
            Model = new GptConfig { VocabularySize = 5, ContextLength = 4, LayerCount = 1, HeadCount = 1, Width = 4 },
            Training = new TrainingOptions { Steps = 2, BatchSize = 2, WarmupSteps = 0 },
        };
        using TemporaryFolder runs = new();
        using RunDirectory run = RunDirectory.Create(runs.File("run"), config, _tokenizer);
        Assert.True(run.Resume(await run.LoadDataAsync()).Run(null, run));

        Write("x_train_1.npy", [0, 1, 2, 3, 4, 4]);
        await Assert.ThrowsAsync<InvalidRunException>(() => run.LoadDataAsync());
    }

    [Fact]
    public void What_is_wrong_with_them_is_said_in_one_line()
    {
        Write("x_train_1.npy", [0, 1]);
        Refused("has no file with _val_ in its name");
        Write("x_val_0.npy", [0, 5]);
        Refused("x_val_0.npy: token 5 at place 1 is not below the vocabulary of 5");
        Write("x_val_0.npy", [0, 3]);
        Write("x_train_2.npy", []);
        Assert.Equal([0, 1], TokenShards.Open(_folder.Path, _tokenizer).Read(TokenSplit.Train).ToArray());
        Refused("has no index.json", tokenizer: null);
        Refused("--tokenizer gpt2", tokenizer: null);

        byte[] bytes = File.ReadAllBytes(_folder.File("x_train_1.npy"));
        _folder.Write("x_train_1.npy", bytes[..^1]);
        Refused("x_train_1.npy: [2] of <u2 takes 4 bytes, but 3 follow the header");
        _folder.Write("x_train_1.bin", "no tokens"u8.ToArray());
        File.Delete(_folder.File("x_train_1.npy"));
        Refused("x_train_1.bin: it is shorter than the header");
        File.Delete(_folder.File("x_train_1.bin"));
        File.Delete(_folder.File("x_train_2.npy"));
        Refused("has no file with _train_ in its name");
        File.Delete(_folder.File("x_val_0.npy"));
        Refused("has no index.json");
        Assert.False(TokenShards.IsFolder(_folder.Path));
        Assert.False(TokenShards.IsFolder(_folder.File("none")));
    }

    [Fact]
    public void Numbers_that_are_no_tokens_are_refused_with_the_mend()
    {
        IO.NpyFile.Write(_folder.File("floats.npy"), Tensor.Zeros(3));
        IO.NpyFile.Write(_folder.File("table.npy"), IndexTensor.From([1, 2, 3, 4], 2, 2));
        IO.NpyFile.Write(_folder.File("ints.npy"), IndexTensor.From([1, 2, 3, 4], 4));

        Assert.Equal([1, 2, 3, 4], TokenShards.ReadFile(_folder.File("ints.npy")));
        foreach ((string name, string fault) in (ReadOnlySpan<(string, string)>)
            [("floats.npy", "holds F32 of shape [3]"), ("table.npy", "holds I32 of shape [2, 2]")])
        {
            string message = Assert.Throws<DataFileException>(() => TokenShards.ReadFile(_folder.File(name))).Message;
            Assert.Contains($"{name} {fault}; tokens are uint16 or uint32 of one dimension", message, StringComparison.Ordinal);
            Assert.Contains("astype('<u2')", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_is_read_while_another_takes_its_place()
    {
        Write("x_val_0.npy", [0, 3]);
        Write("x_train_1.npy", [0, 1, 2]);
        TokenSequence before = TokenShards.Open(_folder.Path, _tokenizer).Read(TokenSplit.Train);

        Write("x_train_1.npy", [4]);

        Assert.Equal([0, 1, 2], before.ToArray());
        Assert.Equal([4], TokenShards.Open(_folder.Path, _tokenizer).Read(TokenSplit.Train).ToArray());
    }

    private void Write(string name, int[] ids)
    {
        TokenShardFormat format = name.EndsWith(".bin", StringComparison.Ordinal) ? TokenShardFormat.Bin : TokenShardFormat.Npy;
        using TokenShardWriter writer = new(_folder.File(name), format, sizeof(ushort));
        writer.Append(ids);
        writer.Commit();
    }

    private void Refused(string fault) => Refused(fault, _tokenizer);

    private void Refused(string fault, ITokenizer? tokenizer)
    {
        string message = Assert.Throws<DataFileException>(() => TokenShards.Open(_folder.Path, tokenizer)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
