using FsCheck;
using FsCheck.Fluent;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>Model files: what is read is what was written, and what is damaged is refused in one line.</summary>
public sealed class ModelFileTests
{
    private static readonly byte[] _unigram = File.ReadAllBytes(TestFiles.Fixture("sentencepiece-unigram-symbols.model"));

    private static readonly SentencePieceModel _small = new()
    {
        Pieces = [new("<unk>", 0, SentencePieceKind.Unknown), new("a", -1), new("b", -2), new("ab", -0.5f)],
        Training = new() { Normalization = SentencePieceNormalization.Identity },
    };

    [Fact]
    public void All_that_a_model_holds_is_read_back()
    {
        SentencePieceModel model = SentencePieceTrainer.Train(["low lower lowest <sep> new newer newest"], new()
        {
            VocabularySize = 40,
            HardVocabularyLimit = false,
            UserDefinedSymbols = ["<sep>", "new"],
            ControlSymbols = ["<x>"],
            PaddingId = 3,
            UnknownSurface = "?",
            MaxSentencePieceLength = 8,
            RequiredCharacters = "xyz",
        });
        SentencePieceModel read = SentencePieceModel.Parse(model.ToBytes());
        Assert.Equal(model.Pieces, read.Pieces);
        Assert.Equal(["<sep>", "new"], read.Training.UserDefinedSymbols);
        Assert.Equal(["<x>"], read.Training.ControlSymbols);
        Assert.Equal((3, "?", 8, "xyz"), (read.Training.PaddingId, read.Training.UnknownSurface,
            read.Training.MaxSentencePieceLength, read.Training.RequiredCharacters));
        Assert.Equal("nmt_nfkc", read.Normalization.Name);
        Assert.Equal(model.Normalization.PrecompiledCharsMap, read.Normalization.PrecompiledCharsMap);
        Assert.Equal(model.ToBytes(), read.ToBytes());
    }

    [Fact]
    public void Fields_that_are_not_understood_are_kept()
    {
        // Self-test samples (field 4) and fields that do not exist yet.
        byte[] bytes = [.. _small.ToBytes(), 0x22, 2, 0x0A, 0, 0xC0, 0x3E, 7, 0xCA, 0x3E, 3, 1, 2, 3];
        Assert.Equal(bytes, SentencePieceModel.Parse(bytes).ToBytes());
        Assert.Equal(_small.Pieces, SentencePieceModel.Parse(bytes).Pieces);
    }

    [Fact]
    public void A_tokenizer_is_saved_and_loaded_and_its_vocabulary_too()
    {
        var path = Path.GetTempFileName();
        try
        {
            new SentencePieceTokenizer(_small).Save(path);
            Assert.Equal([3, 0, 1], SentencePieceTokenizer.Load(path).Encode("ab a")[1..]);
            _small.SaveVocabulary(path);
            Assert.Equal("<unk>\t0\na\t-1\nb\t-2\nab\t-0.5\n", File.ReadAllText(path));
            Assert.Equal(_small.Pieces.Select(piece => (piece.Text, piece.Score)),
                SentencePieceModel.LoadVocabulary(path).Select(piece => (piece.Text, piece.Score)));
            File.WriteAllText(path, "a\t0\nb\n");
            Assert.Equal($"{path}: line 2 is not a piece, a tab and a score, as a .vocab file has them.",
                Assert.Throws<TokenizerException>(() => SentencePieceModel.LoadVocabulary(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_model_that_contradicts_itself_is_refused_in_one_line()
    {
        Refused("no unknown piece", _small with { Pieces = _small.Pieces.RemoveAt(0) });
        Refused("both the unknown piece", _small with { Pieces = _small.Pieces.Add(new("<x>", 0, SentencePieceKind.Unknown)) });
        Refused("are both ab", _small with { Pieces = _small.Pieces.Add(new("ab", 0)) });
        Refused("piece 4 of the SentencePiece model has no text", _small with { Pieces = _small.Pieces.Add(new("", 0)) });
        Refused("no finite score", _small with { Pieces = _small.Pieces.Add(new("c", float.NaN)) });
        Refused("unknown type (9)", _small with { Pieces = _small.Pieces.Add(new("c", 0, (SentencePieceKind)9)) });
        Refused("is a byte", _small with { Pieces = _small.Pieces.Add(new("<0x41>", 0, SentencePieceKind.Byte)) });
        Refused("has no piece <0x00>", _small with { Training = _small.Training with { ByteFallback = true } });
        Refused("is of type Word", _small with { Training = _small.Training with { ModelType = SentencePieceModelType.Word } });
        Refused("no unknown piece", new SentencePieceModel());
        Refused("wrong length", WithRules([1, 2, 3]));
        Refused("wrong length", WithRules([8, 0, 0, 0, 1, 2, 3, 4]));
        Refused("no UTF-8", WithRules([4, 0, 0, 0, 1, 2, 3, 4, 0xFF]));
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07 })]
    [InlineData(new byte[] { 0x0A, 0x7F, 0x0A })]
    [InlineData(new byte[] { 0x0A, 0x03, 0x0A, 0x01, 0xFF })]
    [InlineData(new byte[] { 0x12, 0x05, 0xF2, 0x01, 0x7F, 0x41, 0x41 })]
    [InlineData(new byte[] { 0x0B, 0x0B, 0x0B })]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[0])]
    public void Bytes_that_are_no_model_are_refused_in_one_line(byte[] bytes)
    {
        var fault = Assert.Throws<TokenizerException>(() => new SentencePieceTokenizer(SentencePieceModel.Parse(bytes)));
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Any_bytes_load_or_are_refused() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => LoadsOrIsRefused(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_damaged_model_loads_or_is_refused()
    {
        Gen<(int Place, byte Value, int Cut)[]> damages = Gen.Choose(0, _unigram.Length - 1)
            .SelectMany(place => Gen.Choose(0, 255)
                .SelectMany(value => Gen.Choose(0, 20).Select(cut => (place, (byte)value, cut))))
            .ArrayOf(3);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(damages.ToArbitrary(), list =>
        {
            byte[] bytes = [.. _unigram];
            foreach ((int place, byte value, int cut) in list)
            {
                var at = place % bytes.Length;
                bytes[at] = value;
                bytes = cut == 0 ? [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 5)..]] : bytes;
            }

            return LoadsOrIsRefused(bytes);
        }));
    }

    [Fact]
    public void Damaged_rules_of_normalisation_never_do_harm()
    {
        byte[] rules = [.. NmtNfkcRules.Compiled];
        var random = new Random(1);
        for (var round = 0; round < 40; round++)
        {
            byte[] damaged = [.. rules];
            for (var change = 0; change < 2000; change++)
            {
                // Not the length, which is the first four bytes.
                damaged[random.Next(4, damaged.Length)] = (byte)random.Next(128);
            }

            try
            {
                var tokenizer = new SentencePieceTokenizer(WithRules(damaged));
                for (var seed = 1; seed <= 20; seed++)
                {
                    Assert.InRange(tokenizer.Encode(MixedText.Of(seed)).Length, 0, 100_000);
                }
            }
            catch (TokenizerException)
            {
            }
        }
    }

    private static SentencePieceModel WithRules(byte[] rules) => _small with
    {
        Training = _small.Training with
        {
            Normalization = SentencePieceNormalization.Identity with { PrecompiledCharsMap = [.. rules] },
        },
    };

    private static void Refused(string reason, SentencePieceModel model)
    {
        var fault = Assert.Throws<TokenizerException>(() => new SentencePieceTokenizer(model));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static bool LoadsOrIsRefused(byte[] bytes)
    {
        try
        {
            var tokenizer = new SentencePieceTokenizer(SentencePieceModel.Parse(bytes));
            return tokenizer.Decode(tokenizer.Encode("Some text, 12 안녕 <sep>.")) is not null;
        }
        catch (TokenizerException fault)
        {
            return !fault.Message.Contains('\n', StringComparison.Ordinal);
        }
    }
}
