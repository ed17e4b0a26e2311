using System.Text;
using Nabla.Cli.Tokenizing;
using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary>Texts that are encoded and decoded piece by piece give what they give as a whole.</summary>
public sealed class LongTextTests : IDisposable
{
    private const string Mixed =
        "word\nword\n\nit's\n  indented 123\n456\tx\r\nnext\r\n\r\n안녕\n하세요 😉\nHe said: no!\n-\n--\nend of it\n\n\n   \nlast";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("vocab.bpe")]
    [InlineData("cl100k_base.tiktoken")]
    [InlineData("o200k_base.tiktoken")]
    public void Blocks_encode_to_the_ids_of_the_whole(string file)
    {
        ITokenizer tokenizer = TokenizerFile.Load(TestFiles.Data(file));
        TextEncoding encoding = new(tokenizer, SpecialText.Text);
        string play = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"))[..50_000];

        Assert.True(TextBlocks.CanCut(tokenizer));
        foreach ((string text, int length) in new[] { (Mixed, 1), (Mixed, 7), (Mixed, 20), (play, 100), (play, 4096) })
        {
            TextBlock[] blocks = [.. Blocks(text, length)];

            Assert.True(blocks.Length > 1);
            Assert.Equal(text, string.Concat(blocks.Select(block => block.Text)));
            Assert.Equal(encoding.Encode(text), blocks.SelectMany(block => encoding.Encode(block.Text, block.Start)));
        }
    }

    [Fact]
    public void Where_nothing_is_known_of_the_pattern_a_text_is_not_cut()
    {
        BytePairVocabulary vocabulary = BytePairVocabulary.Bytes;
        SpecialTokens withBreak = new([KeyValuePair.Create("<a\n>", 300)]);

        Assert.True(TextBlocks.CanCut(new RegexTokenizer(vocabulary, TextSplitter.Gpt2)));
        Assert.False(TextBlocks.CanCut(new RegexTokenizer(vocabulary, TextSplitter.FromPattern(@"\w+\n\w+|\s"))));
        Assert.False(TextBlocks.CanCut(new RegexTokenizer(vocabulary, TextSplitter.None)));
        Assert.False(TextBlocks.CanCut(new RegexTokenizer(vocabulary, TextSplitter.Gpt2, withBreak)));
        Assert.False(TextBlocks.CanCut(new BasicTokenizer([])));
    }

    [Fact]
    public void A_text_without_a_place_to_cut_is_one_block()
        => Assert.Equal("1234 5678 9012", Assert.Single(Blocks("1234 5678 9012", 2)).Text);

    [Fact]
    public void What_is_wrong_in_a_later_block_is_told_by_its_place_in_the_text()
    {
        byte[] bytes = [.. "wörd\nword\nwo"u8, 0xFF];
        Terminal terminal = new(TextWriter.Null, TextWriter.Null) { OpenInput = () => new MemoryStream(bytes) };
        TextEncoding encoding = new(
            new RegexTokenizer(BytePairVocabulary.Bytes, TextSplitter.Gpt2, new SpecialTokens([KeyValuePair.Create("<|x|>", 256)])),
            SpecialText.Refuse);

        DataFileException notText = Assert.Throws<DataFileException>(() => TextBlocks.Read("-", terminal, 3).Count());
        TokenizerException refused = Assert.Throws<TokenizerException>(
            () => Blocks("wörd\nword\nwo<|x|>", 3).Sum(block => encoding.Count(block.Text, block.Start)));

        Assert.StartsWith("the input is not UTF-8 text (byte 13 is 0xFF)", notText.Message, StringComparison.Ordinal);
        Assert.Contains("<|x|> at character 12:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public void Ids_are_decoded_as_they_come(int pieceLength)
    {
        ITokenizer tokenizer = TokenizerFile.Load(TestFiles.Data("cl100k_base.tiktoken"));
        byte[] ids = Encoding.ASCII.GetBytes(string.Join(' ', tokenizer.Encode(Mixed)) + "\n");
        using StringWriter output = new();

        char last = IdText.Decode(new Trickle(ids, pieceLength), "ids", tokenizer, output, CancellationToken.None);

        Assert.Equal(Mixed, output.ToString());
        Assert.Equal('t', last);
    }

    [Fact]
    public void An_unfinished_character_at_the_end_of_the_ids_is_replaced()
    {
        using StringWriter output = new();

        IdText.Decode(new MemoryStream("97 226 130"u8.ToArray()), "ids", new BasicTokenizer([]), output, CancellationToken.None);

        Assert.Equal("a\uFFFD", output.ToString());
    }

    [Fact]
    public void Strict_decoding_writes_nothing_if_something_is_wrong()
    {
        string tokenizer = _workspace.PathOf("bytes.model");
        new BasicTokenizer([]).Save(tokenizer);

        CommandResult strict = Workspace.Nabla("tokenizer", "decode", "--tokenizer", tokenizer, "--ids", "97 128", "--strict");
        CommandResult replacing = Workspace.Nabla("tokenizer", "decode", "--tokenizer", tokenizer, "--ids", "97 128");

        Assert.Equal((1, ""), (strict.Code, strict.Output));
        Assert.Contains("byte 0x80 in position 1", strict.Error, StringComparison.Ordinal);
        Assert.Equal((0, "a\uFFFD"), (replacing.Code, replacing.Output));
    }

    private static IEnumerable<TextBlock> Blocks(string text, int length) => TextBlocks.Read(
        "-",
        new Terminal(TextWriter.Null, TextWriter.Null) { OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(text)) },
        length);

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int pieceLength) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, pieceLength)]);
    }
}
