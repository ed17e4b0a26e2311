using System.Text;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Training;

/// <summary>Where a training text comes from, and what is refused.</summary>
public sealed class TrainingInputTests : IDisposable
{
    private static readonly BytePairTrainingOptions _options = new() { VocabularySize = 600, Splitter = TextSplitter.Cl100k };
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        // Several blocks, in which words appear in another order than in the text if the threads are not heeded.
        var text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt")) + File.ReadAllText(TestFiles.Data("names.txt"))
            + File.ReadAllText(TestFiles.Data("taylorswift.txt"));
        BytePairTrainingOptions options = _options with { VocabularySize = 20_000, ThreadCount = 1 };
        BytePairTraining one = BytePairTrainer.Train(text, options);
        Assert.Equal(19_744, one.Merges.Length);
        for (var threads = 2; threads <= 4; threads++)
        {
            BytePairTraining many = BytePairTrainer.Train(text, options with { ThreadCount = threads });
            Assert.Equal(one.Merges, many.Merges);
            Assert.Equal(one with { Merges = [] }, many with { Merges = [] });
        }
    }

    [Fact]
    public void A_reader_and_a_file_give_what_the_text_gives()
    {
        // Characters of four bytes and two UTF-16 units at all distances from the ends of blocks and buffers.
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(number => $"{number} 🙂🙃{new string('x', number % 7)} é "));
        IEnumerable<TrainedMerge> expected = BytePairTrainer.Train(text, _options).Merges;
        Assert.Equal(expected, BytePairTrainer.Train(new StringReader(text), _options).Merges);
        Assert.Equal(expected, BytePairTrainer.Train([Write("a.txt", text)], _options).Merges);
    }

    [Fact]
    public void Files_are_documents_or_one_text()
    {
        string[] paths = [Write("1.txt", "ab"), Write("2.txt", "ab"), Write("empty.txt", "")];
        var options = new BytePairTrainingOptions { VocabularySize = 300 };
        Assert.Equal([new(new(97, 98), 256, 2)], BytePairTrainer.Train(paths, options).Merges);
        Assert.Equal([new(new(97, 98), 256, 2), new(new(256, 256), 257, 1)],
            BytePairTrainer.Train(paths, options with { FilesAreDocuments = false }).Merges);
        BytePairTrainingOptions split = options with { Splitter = TextSplitter.Gpt2 };
        Assert.Equal(2, BytePairTrainer.Train(paths, split).ChunkCount);
        Assert.Equal(1, BytePairTrainer.Train(paths, split with { FilesAreDocuments = false }).ChunkCount);
    }

    [Fact]
    public void Special_tokens_are_cut_out()
    {
        foreach (TextSplitter splitter in new[] { TextSplitter.None, TextSplitter.Cl100k })
        {
            BytePairTraining training = BytePairTrainer.Train("ab<|end|>ab<|end|><|end|>", new BytePairTrainingOptions
            {
                VocabularySize = 300,
                Splitter = splitter,
                SpecialTokens = ["<|end|>"],
            });
            Assert.Equal([new(new(97, 98), 256, 2)], training.Merges);
            Assert.Equal(4, training.ByteCount);
            Assert.Equal(2, training.ChunkCount);
        }
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_named_with_their_file_and_place()
    {
        var good = Write("good.txt", "fine text\n");
        var bad = Path.Combine(_folder, "bad.txt");
        File.WriteAllBytes(bad, [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a word ", 100_000))), 0xFF, (byte)'a']);
        foreach (TextSplitter splitter in new[] { TextSplitter.None, TextSplitter.Cl100k, TextSplitter.FromPattern("[a-z]+") })
        {
            foreach (var documents in new[] { true, false })
            {
                BytePairTrainingOptions options = _options with { Splitter = splitter, FilesAreDocuments = documents };
                Assert.Equal($"{bad}: byte 0xff in position 700000: invalid start byte; training text has to be UTF-8.",
                    Assert.Throws<TokenizerException>(() => BytePairTrainer.Train([good, bad, good], options)).Message);
            }
        }

        File.WriteAllBytes(bad, [(byte)'a', 0xE4, 0xB8]);
        Assert.Equal($"{bad}: byte 0xe4 in position 1: unexpected end of data; training text has to be UTF-8.",
            Assert.Throws<TokenizerException>(() => BytePairTrainer.Train([bad], _options)).Message);
        Assert.Throws<FileNotFoundException>(() => BytePairTrainer.Train([Path.Combine(_folder, "none.txt")], _options));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_named_with_its_place()
    {
        const string Message = "half of a surrogate pair (U+D83D) stands alone at position 200000: the text is not valid Unicode; read it again as UTF-8.";
        var text = new string('a', 200_000) + "\uD83D";
        Assert.Equal(Message, Assert.Throws<TokenizerException>(() => BytePairTrainer.Train(text, _options)).Message);
        Assert.Equal(Message, Assert.Throws<TokenizerException>(() => BytePairTrainer.Train(new StringReader(text), _options)).Message);
        Assert.Equal(Message, Assert.Throws<TokenizerException>(() => BytePairTrainer.Train(new StringReader(text + "b"), _options)).Message);
    }

    [Fact]
    public void Progress_goes_from_the_bytes_to_the_merges()
    {
        var path = Write("text.txt", string.Concat(Enumerable.Range(0, 100_000).Select(number => $"word{number} ")));
        var progress = new Recorder();
        BytePairTraining training = BytePairTrainer.Train([path], _options, progress);
        Assert.Equal(training.Merges, progress.Reports.Where(report => report.LastMerge is not null).Select(report => report.LastMerge!.Value));
        Assert.Equal(Enumerable.Range(1, 344), progress.Reports.Where(report => report.Phase == BytePairTrainingPhase.Merging).Select(report => report.MergesDone));
        Assert.All(progress.Reports, report => Assert.Equal((new FileInfo(path).Length, 344), (report.TotalBytes, report.TotalMerges)));
        Assert.Equal(progress.Reports.Select(report => report.BytesRead).Order(), progress.Reports.Select(report => report.BytesRead));
        Assert.Equal(new FileInfo(path).Length, progress.Reports[^1].BytesRead);
        Assert.True(progress.Reports.Count(report => report.Phase == BytePairTrainingPhase.Counting) > 3);
    }

    [Theory]
    [InlineData(BytePairTrainingPhase.Counting)]
    [InlineData(BytePairTrainingPhase.Merging)]
    public void Training_can_be_cancelled_in_either_phase(BytePairTrainingPhase phase)
    {
        using var source = new CancellationTokenSource();
        var progress = new Recorder { Then = report => { if (report.Phase == phase) { source.Cancel(); } } };
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"word{number} "));
        Assert.Throws<OperationCanceledException>(() => BytePairTrainer.Train(text, _options, progress, source.Token));
        Assert.Equal(phase, progress.Reports[^1].Phase);
        Assert.Equal(phase == BytePairTrainingPhase.Merging ? 1 : 0, progress.Reports[^1].MergesDone);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Recorder : IProgress<BytePairTrainingProgress>
    {
        public List<BytePairTrainingProgress> Reports { get; } = [];

        public Action<BytePairTrainingProgress>? Then { get; init; }

        public void Report(BytePairTrainingProgress value)
        {
            Reports.Add(value);
            Then?.Invoke(value);
        }
    }
}
