using NormalizationField = Nabla.Tokenizers.ProtobufField<Nabla.Tokenizers.SentencePieceNormalization>;
using PieceField = Nabla.Tokenizers.ProtobufField<Nabla.Tokenizers.SentencePieceEntry>;
using TrainingField = Nabla.Tokenizers.ProtobufField<Nabla.Tokenizers.SentencePieceTrainingOptions>;

namespace Nabla.Tokenizers;

/// <summary>The fields of the messages within a SentencePiece <c>.model</c> file: number, implied value, property.</summary>
internal static class SentencePieceFields
{
    public static PieceField[] Piece { get; } =
    [
        PieceField.Text(1, "", m => m.Text, (m, v) => m with { Text = v }),
        PieceField.Float(2, float.NaN, m => m.Score, (m, v) => m with { Score = v }),
        PieceField.Int32(3, 1, m => (int)m.Kind, (m, v) => m with { Kind = (SentencePieceKind)v }),
    ];

    public static TrainingField[] Training { get; } =
    [
        TrainingField.Int32(3, 1, m => (int)m.ModelType, (m, v) => m with { ModelType = (SentencePieceModelType)v }),
        TrainingField.Int32(4, 8000, m => m.VocabularySize, (m, v) => m with { VocabularySize = v }),
        TrainingField.Float(10, 0.9995f, m => m.CharacterCoverage, (m, v) => m with { CharacterCoverage = v }),
        TrainingField.Varint(11, 0, m => m.InputSentenceSize, (m, v) => m with { InputSentenceSize = v }),
        TrainingField.Int32(14, 1_000_000, m => m.SeedSentencePieceSize, (m, v) => m with { SeedSentencePieceSize = v }),
        TrainingField.Float(15, 0.75f, m => m.ShrinkingFactor, (m, v) => m with { ShrinkingFactor = v }),
        TrainingField.Int32(18, 4192, m => m.MaxSentenceLength, (m, v) => m with { MaxSentenceLength = v }),
        TrainingField.Flag(19, true, m => m.ShuffleInputSentence, (m, v) => m with { ShuffleInputSentence = v }),
        TrainingField.Int32(20, 16, m => m.MaxSentencePieceLength, (m, v) => m with { MaxSentencePieceLength = v }),
        TrainingField.Flag(21, true, m => m.SplitByUnicodeScript, (m, v) => m with { SplitByUnicodeScript = v }),
        TrainingField.Flag(22, true, m => m.SplitByWhitespace, (m, v) => m with { SplitByWhitespace = v }),
        TrainingField.Flag(23, true, m => m.SplitByNumber, (m, v) => m with { SplitByNumber = v }),
        TrainingField.Flag(24, false, m => m.TreatWhitespaceAsSuffix, (m, v) => m with { TreatWhitespaceAsSuffix = v }),
        TrainingField.Flag(25, false, m => m.SplitDigits, (m, v) => m with { SplitDigits = v }),
        TrainingField.Flag(26, false, m => m.AllowWhitespaceOnlyPieces, (m, v) => m with { AllowWhitespaceOnlyPieces = v }),
        TrainingField.Texts(30, m => m.ControlSymbols, (m, v) => m with { ControlSymbols = v }),
        TrainingField.Texts(31, m => m.UserDefinedSymbols, (m, v) => m with { UserDefinedSymbols = v }),
        TrainingField.Flag(33, true, m => m.HardVocabularyLimit, (m, v) => m with { HardVocabularyLimit = v }),
        TrainingField.Flag(35, false, m => m.ByteFallback, (m, v) => m with { ByteFallback = v }),
        TrainingField.Text(36, "", m => m.RequiredCharacters, (m, v) => m with { RequiredCharacters = v }),
        TrainingField.Int32(40, 0, m => m.UnknownId, (m, v) => m with { UnknownId = v }),
        TrainingField.Int32(41, 1, m => m.BeginId, (m, v) => m with { BeginId = v }),
        TrainingField.Int32(42, 2, m => m.EndId, (m, v) => m with { EndId = v }),
        TrainingField.Int32(43, -1, m => m.PaddingId, (m, v) => m with { PaddingId = v }),
        TrainingField.Text(44, " \u2047 ", m => m.UnknownSurface, (m, v) => m with { UnknownSurface = v }),
        TrainingField.Text(45, "<unk>", m => m.UnknownPiece, (m, v) => m with { UnknownPiece = v }),
        TrainingField.Text(46, "<s>", m => m.BeginPiece, (m, v) => m with { BeginPiece = v }),
        TrainingField.Text(47, "</s>", m => m.EndPiece, (m, v) => m with { EndPiece = v }),
        TrainingField.Text(48, "<pad>", m => m.PaddingPiece, (m, v) => m with { PaddingPiece = v }),
    ];

    public static NormalizationField[] Normalization { get; } =
    [
        NormalizationField.Text(1, "", m => m.Name, (m, v) => m with { Name = v }),
        NormalizationField.Bytes(2, m => m.PrecompiledCharsMap, (m, v) => m with { PrecompiledCharsMap = v }),
        NormalizationField.Flag(3, true, m => m.AddDummyPrefix, (m, v) => m with { AddDummyPrefix = v }),
        NormalizationField.Flag(4, true, m => m.RemoveExtraWhitespaces, (m, v) => m with { RemoveExtraWhitespaces = v }),
        NormalizationField.Flag(5, true, m => m.EscapeWhitespaces, (m, v) => m with { EscapeWhitespaces = v }),
        NormalizationField.Text(6, "", m => m.RuleTable, (m, v) => m with { RuleTable = v }),
    ];
}
