using System.Text;
using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data.Shards;

/// <summary>A corpus becomes files of tokens that read back to the same ids.</summary>
public sealed class ShardPreparationTests : IDisposable
{
    private static readonly RegexTokenizer _tokenizer = RegexTokenizer.Train(
        string.Concat(Enumerable.Repeat("the cat sat on the mat, and the dog ran by. ", 20)), 280, TextSplitter.Gpt2)
        .WithSpecialTokens([new("<|endoftext|>", 280)]);

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TokenShardFormat.Npy)]
    [InlineData(TokenShardFormat.Bin)]
    [Trait("Number", "L09-121")]
    public void A_corpus_reads_back_to_the_ids_of_GPT2_with_an_end_of_text_before_each_document(TokenShardFormat format)
    {
        ITokenizer gpt2 = TokenizerFile.Load(TestFiles.Data("vocab.bpe"));
        string path = TestFiles.Data("tinyshakespeare.txt");
        string[] documents = TextFile.Read(path).Split("\n\n");

        TokenShardIndex index = Prepare(path, gpt2, format: format, shardTokens: 100_000, form: "\\n\\n");

        int[] ids = ReadBack();
        Assert.Equal(7222, documents.Length);
        Assert.Equal(documents.SelectMany(document => (int[])[50_256, .. gpt2.Encode(document)]), ids);
        Assert.Equal(7222, ids.Count(id => id == 50_256));
        Assert.Equal((7222, ids.Length), (index.Documents, index.Tokens));
        string ending = format == TokenShardFormat.Npy ? "npy" : "bin";
        Assert.Equal(
            ["tiny_val_000000", "tiny_train_000001", "tiny_train_000002", "tiny_train_000003"],
            index.Shards.Select(shard => shard.File.Replace($".{ending}", "", StringComparison.Ordinal)));
        Assert.All(index.Shards.Skip(1).SkipLast(1), shard => Assert.Equal(100_000, shard.Tokens));
        Assert.InRange(index.Shards[0].Tokens, 0.09 * ids.Length, 0.11 * ids.Length);
    }

    [Fact]
    public void The_files_of_llm_c_have_its_header()
    {
        Prepare(Corpus(50), _tokenizer, format: TokenShardFormat.Bin);

        byte[] bytes = File.ReadAllBytes(Path.Combine(Out, "tiny_train_000001.bin"));
        int[] header = [.. Enumerable.Range(0, 256).Select(i => BitConverter.ToInt32(bytes, 4 * i))];
        Assert.Equal([20240520, 1, (bytes.Length - 1024) / 2, 0], header[..4]);
        Assert.All(header[3..], number => Assert.Equal(0, number));
    }

    [Theory]
    [InlineData(TokenShardFormat.Npy)]
    [InlineData(TokenShardFormat.Bin)]
    public void A_vocabulary_of_more_than_65536_takes_four_bytes_a_token(TokenShardFormat format)
    {
        RegexTokenizer large = _tokenizer.WithSpecialTokens([new("<|far|>", 70_000)]);
        Prepare(Corpus(50), large, format: format);

        byte[] bytes = File.ReadAllBytes(Directory.GetFiles(Out, "tiny_train_*").Single());
        Assert.Equal(ReadBack(TokenSplit.Train).Length * 4, bytes.Length - (format == TokenShardFormat.Bin ? 1024 : 128));
        Assert.Equal(Expected(50), ReadBack());
        if (format == TokenShardFormat.Bin)
        {
            Assert.Equal((20240801, 7), (BitConverter.ToInt32(bytes), BitConverter.ToInt32(bytes, 4)));
        }
    }

    [Fact]
    public void By_default_the_first_tenth_is_for_validation_and_at_most_one_file()
    {
        TokenShardIndex small = Prepare(Corpus(100), _tokenizer, shardTokens: 100_000);
        Assert.Equal([TokenSplit.Val, TokenSplit.Train], small.Shards.Select(shard => shard.Split));
        Assert.Equal(0.1, (double)small.Shards[0].Tokens / small.Tokens, 0.02);

        Directory.Delete(Out, recursive: true);
        TokenShardIndex large = Prepare(Corpus(1000), _tokenizer, shardTokens: 100);
        Assert.Equal(100, large.Shards[0].Tokens);
        Assert.Single(large.Shards, shard => shard.Split == TokenSplit.Val);
        Assert.True(large.Shards.Count > 20);
    }

    [Theory]
    [InlineData(0.0, null, 0, 0)]
    [InlineData(0.25, null, 0.24, 0.26)]
    [InlineData(1.0, 2, 0.1, 0.2)]
    [InlineData(0.5, 0, 0, 0)]
    public void The_share_and_the_number_of_files_for_validation_can_be_chosen(
        double share, int? shards, double least, double most)
    {
        ShardOptions options = new()
        {
            Name = "x",
            ShardTokens = 400,
            ValidationFraction = share,
            MostValidationShards = shards,
            Documents = DocumentForm.Line,
        };
        TokenShardIndex index = ShardPreparation.Run([Corpus(500)], Out, _tokenizer, options);

        Assert.InRange((double)ReadBack(TokenSplit.Val).Length / index.Tokens, least, most);
        Assert.Equal(Expected(500), ReadBack());
        Assert.Equal(shards, shards is 2 ? index.Shards.Count(shard => shard.Split == TokenSplit.Val) : shards);
    }

    [Fact]
    public void One_long_document_is_cut_into_both_splits()
    {
        string text = string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 100));
        string path = _folder.Write("one.txt", Encoding.UTF8.GetBytes(text));

        TokenShardIndex index = Prepare(path, _tokenizer, form: "file");

        Assert.Equal(1, index.Documents);
        Assert.Equal([280, .. _tokenizer.Encode(text)], ReadBack());
        Assert.Equal(0.1, (double)index.Shards[0].Tokens / index.Tokens, 0.01);
    }

    [Fact]
    public void What_looks_like_a_special_token_in_a_corpus_is_text()
    {
        string path = _folder.Write("tricky.txt", Encoding.UTF8.GetBytes("a <|endoftext|> b\nc d e f g\n"));

        TokenShardIndex index = Prepare(path, _tokenizer);

        Assert.Equal((2, 2), (index.Documents, ReadBack().Count(id => id == 280)));
        Assert.Equal("<|endoftext|>a <|endoftext|> b<|endoftext|>c d e f g", _tokenizer.Decode(ReadBack()));
    }

    [Fact]
    public void A_preparation_that_is_stopped_leaves_whole_files_and_no_index()
    {
        // More than one batch, so that there is something to stop between.
        string path = Corpus(30_000);
        using CancellationTokenSource stop = new();
        ShardOptions options = new() { Name = "tiny", ShardTokens = 1000, Documents = DocumentForm.Line };

        Assert.Throws<OperationCanceledException>(
            () => ShardPreparation.Run([path], Out, _tokenizer, options, new Progress(_ => stop.Cancel()), stop.Token));

        string[] files = [.. Directory.GetFiles(Out).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal("tokenizer.json", files[^1]);
        Assert.True(files.Length > 3);
        Assert.All(files[..^1], file => Assert.Equal(1000, TokenShards.ReadFile(Path.Combine(Out, file)).Length));
        string message = Assert.Throws<DataFileException>(() => TokenShards.Open(Out)).Message;
        Assert.Contains("no index.json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_report_is_of_the_whole_corpus()
    {
        List<ShardProgress> reports = [];
        string path = Corpus(30_000);

        TokenShardIndex index = ShardPreparation.Run(
            [path, Corpus(10, "other.txt")], Out, _tokenizer,
            new ShardOptions { Name = "tiny", Documents = DocumentForm.Line }, new Progress(reports.Add));

        Assert.True(reports.Count > 1);
        Assert.Equal(reports[^1].TotalBytes, reports[^1].Bytes);
        Assert.Equal((30_010, index.Tokens), (reports[^1].Documents, reports[^1].Tokens));
    }

    [Fact]
    public void What_cannot_be_prepared_is_refused_in_one_line()
    {
        Refused<TokenizerException>("has no end-of-text token", Corpus(5), new BasicTokenizer([]));
        Refused<DataFileException>("none.txt does not exist", _folder.File("none.txt"), _tokenizer);
        Refused<DataFileException>("is a folder", _folder.Path, _tokenizer);
        Assert.False(Directory.Exists(Out));
        Refused<DataFileException>("leave nothing to train on", _folder.Write("empty.txt", []), _tokenizer);
        Refused<IOException>("is not empty", Corpus(5), _tokenizer);
        Directory.Delete(Out, recursive: true);
        var characters = CharacterTokenizer.FromText("abc", boundary: true);
        Refused<TokenizerException>("text.txt: document 1: CharacterTokenizer: character 't'", Corpus(5), characters);
    }

    private void Refused<TException>(string fault, string path, ITokenizer tokenizer)
        where TException : Exception
    {
        string message = Assert.Throws<TException>(() => Prepare(path, tokenizer)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private TokenShardIndex Prepare(
        string path,
        ITokenizer tokenizer,
        TokenShardFormat format = TokenShardFormat.Npy,
        int shardTokens = 1 << 20,
        string form = "line")
        => ShardPreparation.Run([path], Out, tokenizer,
            new ShardOptions { Name = "tiny", Format = format, ShardTokens = shardTokens, Documents = DocumentForm.Parse(form) });

    private string Corpus(int lines, string name = "text.txt")
        => _folder.Write(name, Encoding.UTF8.GetBytes(string.Join('\n', Lines(lines))));

    private static IEnumerable<string> Lines(int count) => Enumerable.Range(0, count).Select(i => $"the cat {i} sat on the mat");

    private static int[] Expected(int lines) => [.. Lines(lines).SelectMany(line => (int[])[280, .. _tokenizer.Encode(line)])];

    private int[] ReadBack(TokenSplit? split = null)
    {
        var shards = TokenShards.Open(Out);
        TokenSplit[] splits = split is TokenSplit one ? [one] : [TokenSplit.Val, TokenSplit.Train];
        return [.. splits.SelectMany(each => shards.Read(each).ToArray())];
    }

    private sealed class Progress(Action<ShardProgress> action) : IProgress<ShardProgress>
    {
        public void Report(ShardProgress value) => action(value);
    }
}

/// <summary>This changes the number of threads of the whole process, so nothing else runs beside it.</summary>
[Collection("ThreadCount")]
public sealed class ShardThreadTests
{
    [Fact]
    public void The_files_have_the_same_bytes_on_any_number_of_threads()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("text.txt", Encoding.UTF8.GetBytes(
            string.Join('\n', Enumerable.Range(0, 60_000).Select(i => $"the cat {i} sat on the mat"))));
        RegexTokenizer tokenizer = RegexTokenizer.Train("the cat sat on the mat", 262)
            .WithSpecialTokens([new("<|endoftext|>", 300)]);
        int before = Compute.ThreadCount;
        try
        {
            foreach (int threads in (int[])[1, 4])
            {
                Compute.ThreadCount = threads;
                ShardPreparation.Run([path], folder.File($"out{threads}"), tokenizer,
                    new ShardOptions { Name = "x", ShardTokens = 200_000, Documents = DocumentForm.Line });
            }
        }
        finally
        {
            Compute.ThreadCount = before;
        }

        string[] names = [.. Directory.GetFiles(folder.File("out1")).Select(file => Path.GetFileName(file))];
        Assert.True(names.Length > 4);
        Assert.Equal(names.Order(), Directory.GetFiles(folder.File("out4")).Select(file => Path.GetFileName(file)).Order());
        Assert.All(names, name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(folder.File("out1"), name)),
            File.ReadAllBytes(Path.Combine(folder.File("out4"), name))));
    }
}
