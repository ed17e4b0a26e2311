namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>The numbers of lecture 9 about SentencePiece on its toy text.</summary>
public sealed class LectureSentencePieceTests
{
    private const string Greeting = "hello 안녕하세요";

    private static readonly SentencePieceTokenizer _withBytes = ToyText.Train();
    private static readonly SentencePieceTokenizer _withoutBytes = ToyText.Train(ToyText.Options with { ByteFallback = false });

    [Fact]
    [Trait("Number", "L09-126")]
    public void The_first_pieces_are_the_special_ones_and_there_is_no_padding()
    {
        Assert.Equal(["<unk>", "<s>", "</s>"], _withBytes.Pieces.Take(3).Select(piece => piece.Text));
        Assert.Equal(-1, _withBytes.Model.Training.PaddingId);
        Assert.Equal(400, _withBytes.VocabularySize);
    }

    [Fact]
    [Trait("Number", "L09-127")]
    public void The_bytes_come_next() => Assert.Equal(("<0x00>", "<0xFF>"), (_withBytes.PieceOf(3), _withBytes.PieceOf(258)));

    [Fact]
    [Trait("Number", "L09-128")]
    public void Then_come_102_merges()
    {
        const string Merges = "en ▁t ce in ra ▁a de er ▁s ent or pr ▁m ▁u ing ▁th ence entence Pi ed em ex is iz la on st ▁S Pie "
            + "end ext ▁an ▁pr ▁to ▁un ▁the Piece ▁Sentence ▁SentencePiece .] Ne ag do ec gu ic ir it ly to ▁( ▁[ ▁f ▁n ▁w .]) "
            + "age del ion ken lan ral wor yst ▁Ne ▁al ▁de ▁is ▁ma ▁mo izer rain ural ▁and ▁lan ▁pre guage ystem ▁text "
            + "▁model ▁train kenizer ▁system ▁language ▁training ., BP Ku ab as at by co es et if ig im ke lo nr oc";
        Assert.Equal(Merges, Pieces(_withBytes, 259, 361));
        Assert.Equal(102, Merges.Split(' ').Length);
        Assert.Equal((358, 359, 360), (_withBytes.IdOf("lo"), _withBytes.IdOf("nr"), _withBytes.IdOf("oc")));
    }

    [Fact]
    [Trait("Number", "L09-129")]
    public void Last_come_39_characters_the_most_frequent_first() =>
        Assert.Equal(
            "e ▁ n t i r a o s d c l u g m p . h - w y P S b f k ) x z ( N [ ] v , / B E K", Pieces(_withBytes, 361, 400));

    [Fact]
    [Trait("Number", "L09-130")]
    public void Korean_becomes_bytes_and_comes_back()
    {
        int[] ids = [362, 378, 361, 372, 358, 362, 239, 152, 139, 238, 136, 152, 240, 152, 155, 239, 135, 187, 239, 157, 151];
        Assert.Equal(ids, _withBytes.Encode(Greeting));
        Assert.Equal(Greeting, _withBytes.Decode(ids));
    }

    [Fact]
    [Trait("Number", "L09-131")]
    public void The_pieces_show_the_space_in_front_and_the_bytes() => Assert.Equal(
        "▁ h e l lo ▁ <0xEC> <0x95> <0x88> <0xEB> <0x85> <0x95> <0xED> <0x95> <0x98> <0xEC> <0x84> <0xB8> <0xEC> <0x9A> <0x94>",
        _withBytes.PiecesOf(Greeting));

    [Fact]
    [Trait("Number", "L09-132")]
    public void Without_bytes_there_are_more_merges_and_all_Korean_is_one_unknown_piece()
    {
        int[] ids = [362, 378, 252, 102, 362, 0];
        Assert.Equal(358, Enumerable.Range(3, 397).Count(id => _withoutBytes.PieceOf(id).Length > 1));
        Assert.Equal(39, Enumerable.Range(361, 39).Count(id => _withoutBytes.PieceOf(id).Length == 1));
        Assert.Equal(ids, _withoutBytes.Encode(Greeting));
        Assert.Equal("▁ h el lo ▁ <unk>", string.Join(' ', ids.Select(_withoutBytes.PieceOf)));
    }

    [Fact]
    [Trait("Number", "L09-133")]
    public void After_230_merges_pairs_that_occur_no_more_fill_the_vocabulary()
    {
        Assert.Equal("▁predetermined PE", Pieces(_withoutBytes, 3 + 229, 3 + 231));
        Assert.Equal("men", _withoutBytes.PieceOf(3 + 357));
        Assert.Equal(102, _withoutBytes.IdOf("lo"));
    }

    [Fact]
    [Trait("Number", "L09-134")]
    public void The_unknown_piece_decodes_to_two_question_marks() =>
        Assert.Equal("hello  ⁇ ", _withoutBytes.Decode([362, 378, 252, 102, 362, 0]));

    [Fact]
    [Trait("Number", "L09-135")]
    public void The_space_in_front_makes_a_first_word_like_any_other()
    {
        SentencePieceTokenizer without = ToyText.Train(ToyText.Options with
        {
            Normalization = SentencePieceNormalization.Identity with { AddDummyPrefix = false },
        });
        Assert.Equal([362, 378, 361], _withBytes.Encode(Greeting)[..3]);
        Assert.Equal([378, 361, 372], without.Encode(Greeting)[..3]);
        Assert.Equal(("▁w or l d", "▁ h e l lo ▁w or l d"), (_withBytes.PiecesOf("world"), _withBytes.PiecesOf("hello world")));
    }

    [Fact]
    [Trait("Number", "L09-136")]
    public void The_longer_public_text_gives_100_merges_and_41_characters()
    {
        SentencePieceTokenizer longer = ToyText.Train(text: ToyText.Text + " This is not an official Google product.");
        Assert.Equal(100, Enumerable.Range(259, 141).Count(id => longer.PieceOf(id).Length > 1));
        Assert.Equal(41, Enumerable.Range(359, 41).Count(id => longer.PieceOf(id).Length == 1));
        Assert.Equal((359, 360, "T"), (longer.IdOf("▁"), longer.IdOf("e"), longer.PieceOf(399)));
    }

    [Fact]
    [Trait("Number", "L09-137")]
    public void A_line_that_is_too_long_is_skipped_not_cut()
    {
        Assert.DoesNotContain("q", PiecesWithLine(2000));
        Assert.Contains("q", PiecesWithLine(20));

        static IEnumerable<string> PiecesWithLine(int words)
        {
            var line = string.Concat(Enumerable.Repeat("zq ", words));
            return SentencePieceTrainer.Train([ToyText.Text, line], ToyText.Options).Pieces.Select(piece => piece.Text);
        }
    }

    [Fact]
    [Trait("Number", "L09-138")]
    public void Digits_are_split_or_not()
    {
        SentencePieceTrainingOptions options = ToyText.Options with { VocabularySize = 420 };
        const string Text = " 12345 2023 2023 2023 2023 2024";
        Assert.Equal("▁ 2 0 2 3", ToyText.Train(options, ToyText.Text + Text).PiecesOf("2023"));
        Assert.Equal("▁2023", ToyText.Train(options with { SplitDigits = false }, ToyText.Text + Text).PiecesOf("2023"));
    }

    [Fact]
    [Trait("Number", "L09-139")]
    public void Extra_spaces_are_removed_or_not()
    {
        SentencePieceTokenizer removing = ToyText.Train(ToyText.Options with
        {
            Normalization = SentencePieceNormalization.Identity with { RemoveExtraWhitespaces = true },
        });
        Assert.Equal(("▁a ▁ ▁ b", "▁a ▁ b"), (_withBytes.PiecesOf("a  b"), removing.PiecesOf("a  b")));
        Assert.Empty(_withBytes.Encode(""));
        Assert.Empty(removing.Encode("   "));
    }

    [Fact]
    [Trait("Number", "L09-140")]
    public void Less_coverage_leaves_rare_characters_out()
    {
        SentencePieceTokenizer less = ToyText.Train(ToyText.Options with { CharacterCoverage = 0.98f });
        Assert.Equal(32, less.Pieces.Count(piece => piece.Kind == SentencePieceKind.Normal && piece.Text.Length == 1));
        Assert.Equal("▁ <0x4B>", less.PiecesOf("K"));
    }

    private static string Pieces(SentencePieceTokenizer tokenizer, int first, int end) =>
        string.Join(' ', Enumerable.Range(first, end - first).Select(tokenizer.PieceOf));
}
