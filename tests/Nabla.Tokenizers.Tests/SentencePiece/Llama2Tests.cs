using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>The numbers of lecture 9 about Llama 2's tokenizer.</summary>
public sealed class Llama2Tests
{
    private static readonly Lazy<SentencePieceTokenizer> _llama2 =
        new(() => SentencePieceTokenizer.Load(TestFiles.Data("llama2_tokenizer.model")));

    private static SentencePieceTokenizer Tokenizer => _llama2.Value;

    [Fact]
    [Trait("Number", "L09-141")]
    public void The_model_has_the_pieces_and_sizes_that_Meta_chose()
    {
        SentencePieceTrainingOptions training = Tokenizer.Model.Training;
        Assert.Equal(32000, Tokenizer.VocabularySize);
        Assert.Equal(31741, Tokenizer.Pieces.Count(piece => piece.Kind == SentencePieceKind.Normal));
        Assert.Equal(1, Tokenizer.Pieces.Count(piece => piece.Kind == SentencePieceKind.Unknown));
        Assert.Equal(2, Tokenizer.Pieces.Count(piece => piece.Kind == SentencePieceKind.Control));
        Assert.Equal(256, Tokenizer.Pieces.Count(piece => piece.Kind == SentencePieceKind.Byte));
        Assert.Equal(2, (int)training.ModelType);
        Assert.Equal(0.99995f, training.CharacterCoverage);
        Assert.Equal(200_000_000, training.InputSentenceSize);
        Assert.Equal(4192, training.MaxSentenceLength);
        Assert.Equal(16, training.MaxSentencePieceLength);
        Assert.Equal(1_000_000, training.SeedSentencePieceSize);
    }

    [Fact]
    [Trait("Number", "L09-142")]
    public void The_model_has_the_options_that_the_lecture_reads_out()
    {
        SentencePieceTrainingOptions training = Tokenizer.Model.Training;
        Assert.True(training.SplitByUnicodeScript && training.SplitByWhitespace && training.SplitByNumber);
        Assert.True(training.SplitDigits && training.AllowWhitespaceOnlyPieces && training.ByteFallback);
        Assert.Equal((0, 1, 2, -1), (training.UnknownId, training.BeginId, training.EndId, training.PaddingId));
        Assert.Equal("identity", training.Normalization.Name);
        Assert.True(training.Normalization.AddDummyPrefix);
        Assert.False(training.Normalization.RemoveExtraWhitespaces);
        Assert.Equal((1, 2), (Tokenizer.BeginOfTextId, Tokenizer.EndOfTextId));
    }

    [Fact]
    [Trait("Number", "L09-143")]
    public void The_pieces_are_in_the_order_of_special_ones_bytes_merges_and_characters()
    {
        Assert.Equal(["<0x00>", "<0xFF>", "▁▁", "▁t"], new[] { 3, 258, 259, 260 }.Select(Tokenizer.PieceOf));
        Assert.Equal(("▁", "给"), (Tokenizer.PieceOf(29871), Tokenizer.PieceOf(31999)));
        Assert.Equal(29871, Enumerable.Range(259, 31741).First(id => Tokenizer.PieceOf(id).Length == 1));
        Assert.Equal(29871, Tokenizer.IdOf("▁"));
        Assert.Null(Tokenizer.IdOf("no such piece"));
    }

    [Theory]
    [Trait("Number", "L09-144")]
    [InlineData("hello 안녕하세요", new[] { 22172, 29871, 31734, 238, 136, 152, 30944, 31578, 31527 })]
    [InlineData("hello world", new[] { 22172, 3186 })]
    [InlineData("world", new[] { 3186 })]
    [InlineData("12345", new[] { 29871, 29896, 29906, 29941, 29946, 29945 })]
    public void The_ids_are_those_of_SentencePiece(string text, int[] ids)
    {
        Assert.Equal(ids, Tokenizer.Encode(text));
        Assert.Equal(text, Tokenizer.Decode(ids));
    }

    [Fact]
    [Trait("Number", "L09-145")]
    public void A_text_of_many_scripts_has_the_ids_of_SentencePiece()
    {
        int[] ids =
        [
            22172, 3186, 21004, 29973, 313, 31734, 238, 136, 152, 30944, 31578, 31527, 14366, 301, 324, 29896, 29906, 29941,
            29871, 243, 162, 155, 140,
        ];
        Assert.Equal(ids, Tokenizer.Encode("hello world!!!? (안녕하세요!) lol123 😉"));
    }

    [Theory]
    [InlineData(new[] { 29871 }, "")]
    [InlineData(new[] { 0 }, " ⁇ ")]
    [InlineData(new[] { 0, 15043 }, " ⁇  Hello")]
    [InlineData(new[] { 1, 29871, 15043 }, " Hello")]
    [InlineData(new[] { 29871, 29871, 15043 }, "  Hello")]
    [InlineData(new[] { 259, 15043 }, "  Hello")]
    [InlineData(new[] { 239, 152 }, "\uFFFD\uFFFD")]
    [InlineData(new[] { 239, 152, 15043 }, "\uFFFD\uFFFD Hello")]
    [InlineData(new[] { 35, 15043 }, "  Hello")]
    [InlineData(new[] { 258, 239, 152, 139 }, "\uFFFD안")]
    [InlineData(new[] { 15043, 243, 162, 1, 155, 131 }, "Hello\uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData(new[] { 1, 2 }, "")]
    public void Ids_that_no_text_has_decode_as_in_SentencePiece(int[] ids, string text) =>
        Assert.Equal(text, Tokenizer.Decode(ids));

    [Fact]
    public void A_hundred_thousand_random_texts_have_the_ids_of_SentencePiece() =>
        SentencePieceFixture.AssertEncodesAsStored(Tokenizer, SentencePieceFixture.Part("llama2"));

    [Fact]
    public void Random_texts_decode_to_what_they_were()
    {
        for (var seed = 1; seed <= 20_000; seed++)
        {
            // A space and the character that pieces write for it are one to SentencePiece.
            var text = MixedText.Of(seed).Replace('\u2581', ' ');
            Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void Every_text_file_has_the_ids_of_SentencePiece_and_decodes_to_what_it_was()
    {
        foreach (JsonProperty stored in SentencePieceFixture.Part("llama2").GetProperty("files").EnumerateObject())
        {
            var text = File.ReadAllText(TestFiles.Data(stored.Name));
            int[] ids = Tokenizer.Encode(text);
            Assert.Equal((stored.Name, stored.Value.GetProperty("count").GetInt32()), (stored.Name, ids.Length));
            Assert.Equal(stored.Value.GetProperty("hash").GetString(), IdsHash.Of([ids]));
            Assert.Equal(ids.Length, Tokenizer.Count(text));
            Assert.Equal(text.Replace('\u2581', ' '), Tokenizer.Decode(ids));
        }
    }
}
