using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>
/// Models with unused pieces: merges go through them, and they are split again. SentencePiece makes such models when it is told
/// to use a part of its vocabulary only.
/// </summary>
public sealed class UnusedPieceTests
{
    [Fact]
    public void Byte_pair_models_split_them_into_what_they_were_merged_from() => AssertAsStored(
        "bpe", SentencePieceTrainer.TrainFiles([TestFiles.Data("taylorswift.txt")], new()
        {
            VocabularySize = 500,
            UserDefinedSymbols = ["<sep>", "[MASK]", "aaa", "</s>", "▁▁"],
            ControlSymbols = ["<x>", "the"],
            Normalization = SentencePieceNormalization.Identity,
        }));

    [Fact]
    public void Unigram_models_do_without_them() =>
        AssertAsStored("unigram", SentencePieceModel.Load(TestFiles.Fixture("sentencepiece-unigram-symbols.model")));

    private static void AssertAsStored(string name, SentencePieceModel model)
    {
        // Every third piece, but for those of one character.
        var tokenizer = new SentencePieceTokenizer(model with
        {
            Pieces =
            [
                .. model.Pieces.Select((piece, id) =>
                    id % 3 == 0 && piece.Kind == SentencePieceKind.Normal && piece.Text.Length > 1
                        ? piece with { Kind = SentencePieceKind.Unused }
                        : piece),
            ],
        });
        JsonElement stored = SentencePieceFixture.Part("unused").GetProperty(name);
        SentencePieceFixture.AssertEncodesAsStored(tokenizer, stored);
        foreach (JsonProperty file in stored.GetProperty("files").EnumerateObject())
        {
            int[] ids = tokenizer.Encode(File.ReadAllText(TestFiles.Data(file.Name)));
            Assert.Equal((file.Name, file.Value.GetProperty("count").GetInt32()), (file.Name, ids.Length));
            Assert.Equal(file.Value.GetProperty("hash").GetString(), IdsHash.Of([ids]));
        }
    }
}
