using Nabla.IO;
using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The tenth lecture's data: Shakespeare in tokens of GPT-2, its three loaders, and its files of tokens.</summary>
public sealed class Gpt2DataTests : IDisposable
{
    private static readonly Lazy<string> _text = new(() => TextFile.Read(TestFiles.Data("tinyshakespeare.txt")));
    private static readonly Lazy<ITokenizer> _gpt2 = new(() => TokenizerFile.Load(TestFiles.Data("vocab.bpe")));
    private static readonly Lazy<int[]> _shakespeare = new(() => _gpt2.Value.Encode(_text.Value));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Number", "L10-038")]
    public void Shakespeare_has_40000_lines_202651_words_and_1115394_characters_of_a_byte()
    {
        Assert.Equal(40_000, _text.Value.Count(character => character == '\n'));
        Assert.Equal(202_651, _text.Value.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(1_115_394, new FileInfo(TestFiles.Data("tinyshakespeare.txt")).Length);
        Assert.Equal(1_115_394, _text.Value.Length);
        Assert.All(_text.Value, character => Assert.True(char.IsAscii(character)));
    }

    [Fact]
    [Trait("Number", "L10-039")]
    [Trait("Number", "L10-040")]
    public void Shakespeare_has_338025_tokens_of_GPT2_11706_of_them_different()
    {
        Assert.Equal(338_025, _shakespeare.Value.Length);
        Assert.Equal(285, _gpt2.Value.Encode(_text.Value.AsSpan(0, 1000)).Length);
        Assert.Equal(3.30, Math.Round((double)_text.Value.Length / _shakespeare.Value.Length, 2));
        Assert.Equal(11_706, _shakespeare.Value.Distinct().Count());
    }

    [Fact]
    [Trait("Number", "L10-041")]
    public void The_first_25_tokens()
        => Assert.Equal(
            [
                5962, 22307, 25, 198, 8421, 356, 5120, 597, 2252, 11, 3285, 502, 2740,
                13, 198, 198, 3237, 25, 198, 5248, 461, 11, 2740, 13, 198,
            ],
            _shakespeare.Value[..25]);

    [Fact]
    [Trait("Number", "L10-042")]
    public void They_are_a_batch_of_4_x_6_and_its_targets()
    {
        (int[] x, int[] y) = Next(new SequentialBatches(_shakespeare.Value[..25], 4, 6), 4 * 6);

        Assert.Equal(new Shape(4, 6), IndexTensor.From(x, 4, 6).Shape);
        Assert.Equal([5120, 597, 2252, 11, 3285, 502], x[6..12]);
        Assert.Equal((25, 198), (x[2], y[2]));
        Assert.Equal((13, 198), (x[^1], y[^1]));
        Assert.Equal(x[1..], y[..^1]);
    }

    [Theory]
    [InlineData(4, 32, 2640)]
    [InlineData(16, 1024, 20)]
    [Trait("Number", "L10-043")]
    [Trait("Number", "L10-044")]
    public void A_pass_over_Shakespeare_takes_so_many_batches_and_begins_again(int batchSize, int contextLength, int expected)
    {
        SequentialBatches batches = new(_shakespeare.Value, batchSize, contextLength);
        int size = batchSize * contextLength;
        (int[] X, int[] Y) first = Next(batches, size);
        for (int batch = 1; batch < expected; batch++)
        {
            Assert.Equal(batch * size, batches.Position);
            (int[] x, int[] y) = Next(batches, size);
            Assert.Equal(_shakespeare.Value[(batch * size)..((batch + 1) * size)], x);
            Assert.Equal(_shakespeare.Value[((batch * size) + 1)..(((batch + 1) * size) + 1)], y);
        }

        Assert.Equal(0, batches.Position);
        (int[] X, int[] Y) again = Next(batches, size);
        Assert.Equal(first.X, again.X);
        Assert.Equal(first.Y, again.Y);
    }

    // The last batch of a pass needs the token after it, as its last target.
    [Theory]
    [InlineData(12, 2)]
    [InlineData(13, 3)]
    public void A_pass_over_whole_batches_ends_one_token_before_the_text_does(int length, int expected)
    {
        SequentialBatches batches = new(Enumerable.Range(0, length).ToArray(), 2, 2);
        for (int batch = 0; batch < expected; batch++)
        {
            Assert.Equal(batch * 4, Next(batches, 4).X[0]);
        }

        Assert.Equal(0, batches.Position);
    }

    [Fact]
    [Trait("Number", "L10-045")]
    public void The_loader_of_one_process_is_the_loader_without_any()
    {
        CountingTokens ids = new(1000);
        SequentialBatches alone = new(ids, 2, 8);
        SequentialBatches ofOne = new(ids, 2, 8, rank: 0, worldSize: 1);
        for (int batch = 0; batch < 200; batch++)
        {
            Assert.Equal(Next(alone, 16).X, Next(ofOne, 16).X);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [Trait("Number", "L10-046")]
    public void Processes_begin_side_by_side_and_cover_the_stream_together(int worldSize)
    {
        const int Size = 2 * 8;
        CountingTokens ids = new((10 * Size * worldSize) + 1);
        SequentialBatches[] processes = [.. Enumerable.Range(0, worldSize).Select(rank => new SequentialBatches(ids, 2, 8, rank, worldSize))];
        List<int> seen = [];
        for (int step = 0; step < 10; step++)
        {
            for (int rank = 0; rank < worldSize; rank++)
            {
                // Process 0 reaches the end of the stream last of all; the others begin again a step before: see L10-047.
                if (step < 9 || rank == 0)
                {
                    Assert.Equal((step * Size * worldSize) + (Size * rank), processes[rank].Position);
                    seen.AddRange(Next(processes[rank], Size).X);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, seen.Count), seen);
        Assert.Equal((9 * Size * worldSize) + Size, seen.Count);
    }

    [Fact]
    [Trait("Number", "L10-047")]
    public void By_the_rule_of_the_lecture_processes_of_a_higher_rank_begin_again_before_the_others()
    {
        CountingTokens ids = new(338_025);
        Assert.Equal(
            [2, 2, 2, 2, 2, 1, 1, 1],
            Enumerable.Range(0, 8).Select(rank => StepsOfAPass(new SequentialBatches(ids, 16, 1024, rank, 8), 16 * 1024)));
    }

    [Fact]
    [Trait("Number", "L10-048")]
    public void A_file_of_100_million_tokens_lasts_190_steps_of_8_processes_and_for_the_last_two_189()
    {
        CountingTokens ids = new(100_000_000);
        int[] steps = new int[8];
        Parallel.For(0, 8, rank => steps[rank] = StepsOfAPass(new SequentialBatches(ids, 64, 1024, rank, 8), 64 * 1024));

        Assert.Equal([190, 190, 190, 190, 190, 190, 189, 189], steps);
        Assert.Equal(1525, StepsOfAPass(new SequentialBatches(ids, 64, 1024), 64 * 1024));
    }

    [Fact]
    [Trait("Number", "L10-049")]
    public void A_reset_goes_back_to_the_first_file_and_after_the_last_comes_the_first()
    {
        int[][] files = [[.. Enumerable.Range(0, 70)], [.. Enumerable.Range(100, 50)], [1, 2, 3], [.. Enumerable.Range(200, 90)]];
        SequentialBatches batches = new(
            TokenSequence.Join([.. files.Select(file => (TokenSequence)file)]), 2, 8, rank: 1, worldSize: 2);
        Assert.Equal((0, 16), (batches.Shard, batches.PlaceInShard));

        int[] firsts = [.. Enumerable.Range(0, 8).Select(_ => Next(batches, 16).X[0])];
        Next(batches, 16);
        Assert.Equal(1, batches.Shard);
        batches.Reset();
        Assert.Equal((0, 16), (batches.Shard, batches.PlaceInShard));
        int[] again = [.. Enumerable.Range(0, 8).Select(_ => Next(batches, 16).X[0])];

        Assert.Equal([16, 116, 216, 248, 16, 116, 216, 248], firsts);
        Assert.Equal(firsts, again);
    }

    [Fact]
    public void The_last_place_is_that_of_a_batch_with_a_token_after_it()
    {
        SequentialBatches batches = new(Enumerable.Range(0, 70).ToArray(), 2, 8) { Position = 70 - 17 };

        Assert.Equal(70 - 17, Next(batches, 16).X[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => batches.Position = 70 - 16);
    }

    [Fact]
    public void A_loader_goes_on_from_the_place_of_another()
    {
        TokenSequence ids = TokenSequence.Join([new CountingTokens(70), new CountingTokens(90)]);
        SequentialBatches batches = new(ids, 2, 8);
        for (int step = 0; step < 20; step++)
        {
            SequentialBatches resumed = new(ids, 2, 8) { Position = batches.Position };
            Assert.Equal(Next(batches, 16).X, Next(resumed, 16).X);
            Assert.Equal((batches.Shard, batches.PlaceInShard), (resumed.Shard, resumed.PlaceInShard));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => batches.Position = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => batches.Position = 60);
        Assert.Throws<ArgumentOutOfRangeException>(() => batches.Position = 160);
    }

    [Theory]
    [InlineData(64, 2, 8, 0, 4, "no file of 64 tokens holds a step of 4 x 2 x 8 tokens")]
    [InlineData(65, 0, 8, 0, 1, "make no sense")]
    [InlineData(65, 2, 0, 0, 1, "make no sense")]
    [InlineData(65, 2, 8, 4, 4, "make no sense")]
    public void A_loader_that_has_no_batch_is_refused(int length, int batchSize, int contextLength, int rank, int worldSize, string fault)
        => Assert.Contains(
            fault,
            Assert.Throws<ArgumentException>(
                () => new SequentialBatches(new CountingTokens(length), batchSize, contextLength, rank, worldSize)).Message,
            StringComparison.Ordinal);

    [Fact]
    [Trait("Number", "L10-050")]
    public void Shuffled_every_epoch_has_the_same_documents_in_another_order()
    {
        int[] ids = [.. Enumerable.Range(1, 100).SelectMany(document => (int[])[0, document, document]), 0];
        ShuffledBatches batches = new(new DocumentRows(ids, 4, 0), 5, seed: 1337);
        int[][] epochs = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 20)
            .SelectMany(_ => Next(batches, 20).X.Chunk(4).Select(row => row[1])).ToArray())];

        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(1, 100), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
        Assert.NotEqual(Enumerable.Range(1, 100), epochs[0]);
    }

    [Fact]
    [Trait("Number", "L10-077")]
    public void Half_a_million_tokens_are_488_rows_of_1024()
    {
        WindowRows rows = new(new CountingTokens(500_001), 1024);
        SequentialBatches batches = new(new CountingTokens(1 << 20), 16, 1024);
        Next(batches, 16 * 1024);

        Assert.Equal(524_288, 1 << 19);
        Assert.Equal(16_384, batches.Position);
        Assert.Equal(488, rows.Count);
    }

    [Fact]
    [Trait("Number", "L10-110")]
    public void A_document_begins_with_the_end_of_text_and_its_tokens_are_stored_in_two_bytes()
    {
        string text = _folder.Write("corpus.txt", "First Citizen:\nBefore we proceed\n"u8.ToArray());
        ShardPreparation.Run([text], _folder.File("out"), _gpt2.Value, new ShardOptions { Name = "x", ValidationFraction = 0 });
        string path = _folder.File("out/x_train_000000.npy");
        int[] ids = TokenShards.ReadFile(path);

        Assert.Equal([50_256, 5962, 22307, 25, 198], ids[..5]);
        Assert.Equal(TensorFileType.U16, NpyFile.ReadLayout(path).Type);
        using TokenShardWriter writer = new(_folder.File("y.npy"), TokenShardFormat.Npy, sizeof(ushort));
        writer.Append([65_535]);
        string fault = Assert.Throws<ArgumentOutOfRangeException>(() => writer.Append([1, 65_536])).Message;
        Assert.Contains("token 65536 does not fit the 2 bytes", fault, StringComparison.Ordinal);
        Assert.Equal(1, writer.Count);
    }

    [Fact]
    [Trait("Number", "L10-111")]
    [Trait("Number", "L10-112")]
    public void Ten_billion_tokens_are_100_files_of_which_the_first_is_for_validation()
    {
        Assert.Equal(100_000_000, new ShardOptions { Name = "x" }.ShardTokens);

        // The same at a millionth: 10,000 tokens in files of 100, written in pieces that end at no file's end.
        int[] stream = [.. Enumerable.Range(0, 9_950).Select(place => place % 50_257)];
        ShardOptions options = new() { Name = "x", ShardTokens = 100 };
        using ShardSequence files = new(_folder.Path, options, sizeof(ushort), totalBytes: 4 * stream.Length);
        foreach (int[] piece in stream.Chunk(37))
        {
            files.Append(piece, 4 * piece.Length);
        }

        files.Finish();
        Assert.Equal(100, files.Shards.Count);
        Assert.Equal(TokenSplit.Val, files.Shards[0].Split);
        Assert.All(files.Shards.Skip(1), shard => Assert.Equal(TokenSplit.Train, shard.Split));
        Assert.All(files.Shards.SkipLast(1), shard => Assert.Equal(100, shard.Tokens));
        Assert.Equal(50, files.Shards[^1].Tokens);
        Assert.Equal(stream, files.Shards.SelectMany(shard => TokenShards.ReadFile(_folder.File(shard.File))));
    }

    private static (int[] X, int[] Y) Next(IBatchSource batches, int size)
    {
        int[] x = new int[size];
        int[] y = new int[size];
        batches.Next(x, y);
        return (x, y);
    }

    private static int StepsOfAPass(SequentialBatches batches, int size)
    {
        int[] x = new int[size];
        int[] y = new int[size];
        long beginning = batches.Position;
        int steps = 0;
        do
        {
            batches.Next(x, y);
            steps++;
        }
        while (batches.Position != beginning);
        return steps;
    }
}
