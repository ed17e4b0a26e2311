using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Generation;

/// <summary>Text comes out of tokens piece by piece, and never in broken pieces.</summary>
public class TextStreamTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private static readonly BasicTokenizer _bytes = new([]);

    [Fact]
    public void A_character_of_four_tokens_comes_whole()
    {
        TextStream stream = new(_bytes, [], []);

        Assert.Equal(["", "", "", "🦙", "!"], _bytes.Encode("🦙!").Select(stream.Add));
        Assert.Empty(stream.Finish());
    }

    [Fact]
    public void A_character_whose_first_bytes_are_the_prompts_is_finished()
    {
        int[] ids = _bytes.Encode("é");
        TextStream stream = new(_bytes, ids.AsSpan(0, 1), []);

        Assert.Equal("é", stream.Add(ids[1]));
    }

    [Fact]
    public void What_is_no_character_becomes_a_replacement_and_the_rest_goes_on()
    {
        TextStream stream = new(_bytes, [], []);

        Assert.Equal("\uFFFDa", stream.Add(0xC3) + stream.Add('a'));
        Assert.Empty(stream.Add(0xF0));
        Assert.Equal("\uFFFD", stream.Finish());
    }

    [Fact]
    public void A_stop_text_is_found_though_its_characters_are_in_pieces()
    {
        TextStream stream = new(_bytes, [], ["né!"]);

        string text = string.Concat(_bytes.Encode("a né né! b").TakeWhile(_ => !stream.IsStopped).Select(stream.Add));

        Assert.Equal("a né ", text);
    }

    [Fact]
    public void The_pieces_together_are_the_decoded_text()
        => Check.One(_config, Prop.ForAll<int[], string>((numbers, text) =>
        {
            byte[] bytes = [.. numbers.Select(number => (byte)number), .. Encoding.UTF8.GetBytes(text ?? string.Empty)];
            int[] ids = [.. bytes.Select(value => (int)value)];
            TextStream stream = new(_bytes, [], []);
            return string.Concat(ids.Select(stream.Add)) + stream.Finish() == _bytes.Decode(ids);
        }));

    [Theory]
    [InlineData(false, "hello")]
    [InlineData(true, " hello")]
    public void The_space_that_a_tokenizer_drops_at_the_very_beginning_is_kept_after_a_prompt(bool hasPrompt, string expected)
    {
        SpacedWords words = new();
        TextStream stream = new(words, hasPrompt ? [1] : [], []);

        Assert.Equal(expected, stream.Add(0));
    }

    /// <summary>Two words with a space in front, as SentencePiece has them.</summary>
    private sealed class SpacedWords : ITokenizer
    {
        public int VocabularySize => 2;

        public int? EndOfTextId => null;

        public bool DropsLeadingSpace => true;

        public string FileExtension => throw new NotSupportedException();

        public int[] Encode(ReadOnlySpan<char> text) => throw new NotSupportedException();

        public TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text) => throw new NotSupportedException();

        public string Decode(ReadOnlySpan<int> ids) => throw new NotSupportedException();

        public ReadOnlySpan<byte> TokenBytes(int id) => id == 0 ? " hello"u8 : " world"u8;

        public void Save(string path) => throw new NotSupportedException();
    }
}
