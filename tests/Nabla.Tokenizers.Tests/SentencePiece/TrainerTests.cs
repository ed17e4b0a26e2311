using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>Models that are trained here have the pieces, scores and ids of those that SentencePiece trains.</summary>
public sealed class TrainerTests
{
    private static readonly SentencePieceTrainingOptions _small =
        new() { VocabularySize = 60, Normalization = SentencePieceNormalization.Identity };

    private static readonly string[] _fewWords = ["low lower lowest", "new newer newest", "wide wider widest"];

    public static TheoryData<string> Trainings =>
        [.. SentencePieceFixture.Part("trainings").EnumerateObject().Select(training => training.Name)];

    [Theory]
    [MemberData(nameof(Trainings))]
    public void A_training_gives_the_pieces_scores_and_ids_of_SentencePiece(string name)
    {
        JsonElement stored = SentencePieceFixture.Part("trainings").GetProperty(name);
        SentencePieceTrainingOptions options = PythonOptions.Read(stored.GetProperty("options"));
        SentencePieceModel model = stored.GetProperty("text").GetString() switch
        {
            "toy" => SentencePieceTrainer.Train([ToyText.Text], options),
            "mixed" => TrainOnFile(string.Join('\n', Enumerable.Range(1, 5000).Select(MixedText.Of)), options),
            var file => SentencePieceTrainer.TrainFiles([TestFiles.Data(file!)], options),
        };
        Assert.Equal(stored.GetProperty("vocabulary").GetString(), HashOf(VocabularyOf(model)));

        // The ids are those of the model as it is read back.
        var tokenizer = new SentencePieceTokenizer(SentencePieceModel.Parse(model.ToBytes()));
        SentencePieceFixture.AssertEncodesAsStored(tokenizer, stored);
        IEnumerable<string> decoded = Enumerable.Range(1, 300)
            .Select(seed => tokenizer.Decode(tokenizer.Encode(MixedText.Of(seed))));
        Assert.Equal(stored.GetProperty("decoded").GetString(), HashOf(Encoding.UTF8.GetBytes(string.Join('\n', decoded))));
    }

    [Fact]
    public void Sentences_and_lines_of_a_file_train_alike()
    {
        SentencePieceTrainingOptions options = _small with { HardVocabularyLimit = false };
        SentencePieceModel fromSentences = SentencePieceTrainer.Train(_fewWords, options);
        Assert.Equal(fromSentences.Pieces, TrainOnFile(string.Join('\n', _fewWords), options).Pieces);
        Assert.Equal(fromSentences.Pieces.Length, fromSentences.Training.VocabularySize);
    }

    [Fact]
    public void A_vocabulary_that_the_text_cannot_fill_or_hold_is_refused_with_the_number_that_it_can()
    {
        SentencePieceTrainingOptions soft = _small with { VocabularySize = 600, HardVocabularyLimit = false };
        Assert.Equal(
            "SentencePieceTrainer: a vocabulary of 600 is too large for this text: ask for at most "
            + $"{SentencePieceTrainer.Train(_fewWords, soft).Pieces.Length}, "
            + "or set HardVocabularyLimit to false.", FaultOf(_small with { VocabularySize = 600 }));
        Assert.Equal(
            "SentencePieceTrainer: a vocabulary of 8 is too small for 3 special pieces and 11 characters: "
            + "raise VocabularySize or lower CharacterCoverage.", FaultOf(_small with { VocabularySize = 8 }));
    }

    [Theory]
    [InlineData("CharacterCoverage is 0.5")]
    [InlineData("MaxSentencePieceLength is 0")]
    [InlineData("MaxSentenceLength is 5")]
    [InlineData("InputSentenceSize is 50")]
    [InlineData("ModelType is Unigram")]
    [InlineData("VocabularySize is 0")]
    [InlineData("no rules of the name nfkc_cf")]
    [InlineData("the symbol \"a\"")]
    [InlineData("the symbol \"<unk>\"")]
    [InlineData("the piece \"<s>\" cannot have id 0")]
    [InlineData("there must be an unknown piece")]
    [InlineData("there is no sentence to train on")]
    public void Options_without_sense_are_refused_in_one_line(string reason)
    {
        SentencePieceTrainingOptions options = reason.Split(' ')[0] switch
        {
            "CharacterCoverage" => _small with { CharacterCoverage = 0.5f },
            "MaxSentencePieceLength" => _small with { MaxSentencePieceLength = 0 },
            "MaxSentenceLength" => _small with { MaxSentenceLength = 5 },
            "InputSentenceSize" => _small with { InputSentenceSize = 50 },
            "ModelType" => _small with { ModelType = SentencePieceModelType.Unigram },
            "VocabularySize" => _small with { VocabularySize = 0 },
            "no" => _small with { Normalization = new() { Name = "nfkc_cf" } },
            _ when reason.Contains("\"a\"", StringComparison.Ordinal) => _small with { UserDefinedSymbols = ["a", "a"] },
            _ when reason.Contains("<unk>", StringComparison.Ordinal) => _small with { ControlSymbols = ["<unk>"] },
            _ when reason.Contains("<s>", StringComparison.Ordinal) => _small with { BeginId = 0 },
            _ when reason.Contains("unknown", StringComparison.Ordinal) => _small with { UnknownId = -1 },
            _ => _small with { MaxSentenceLength = 10 },
        };
        var message = FaultOf(options);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_that_is_not_there_or_not_UTF8_is_refused_with_its_name()
    {
        var missing = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Contains(missing, FaultOfFile(missing), StringComparison.Ordinal);
        File.WriteAllBytes(missing, [(byte)'a', (byte)'\n', (byte)'b', 0xFF]);
        try
        {
            Assert.Equal($"{missing}: the line that begins at byte 2: byte 0xff in position 1: invalid start byte; "
                + "the bytes are not valid UTF-8.", FaultOfFile(missing));
        }
        finally
        {
            File.Delete(missing);
        }
    }

    [Fact]
    public void Progress_tells_the_merges_and_the_skipped_lines_and_a_training_can_be_ended()
    {
        var reports = new List<SentencePieceTrainingProgress>();
        string[] withLongLine = [.. _fewWords, new string('x', 5000)];
        SentencePieceTrainer.Train(withLongLine, _small with { VocabularySize = 30 }, new Recorder(reports));
        Assert.Equal([new SentencePieceTrainingProgress(16, 16, 1)], reports);
        Assert.Throws<OperationCanceledException>(() =>
            SentencePieceTrainer.Train(_fewWords, _small, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static string FaultOf(SentencePieceTrainingOptions options) =>
        Assert.Throws<TokenizerException>(() => SentencePieceTrainer.Train(_fewWords, options)).Message;

    private static string FaultOfFile(string path) =>
        Assert.Throws<TokenizerException>(() => SentencePieceTrainer.TrainFiles([path], _small)).Message;

    private static SentencePieceModel TrainOnFile(string text, SentencePieceTrainingOptions options)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return SentencePieceTrainer.TrainFiles([path], options);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] VocabularyOf(SentencePieceModel model)
    {
        var path = Path.GetTempFileName();
        try
        {
            model.SaveVocabulary(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    private sealed class Recorder(List<SentencePieceTrainingProgress> reports) : IProgress<SentencePieceTrainingProgress>
    {
        public void Report(SentencePieceTrainingProgress value) => reports.Add(value);
    }
}
