using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data.Shards;

/// <summary>A corpus is cut into the same documents whatever the pieces that it is read in.</summary>
public sealed class CorpusReaderTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("file", "a\n\nb\n", new[] { "a\n\nb\n" })]
    [InlineData("file", "\uFEFFa\r\nb\rc\r", new[] { "a\nb\rc\r" })]
    [InlineData("line", "  emma \n\n \t\nava marie\r\nzoë", new[] { "emma", "ava marie", "zoë" })]
    [InlineData(@"\n\n", "a\nb\n\n\nc\n\n \n\nd", new[] { "a\nb", "\nc", "d" })]
    [InlineData("<|endoftext|>", "one<|endoftext|>\ntwo<|endoftext|>", new[] { "one", "\ntwo" })]
    [InlineData("jsonl", "{\"text\": \"a\\nb\", \"id\": 1}\n\n{\"id\": 2, \"text\": \"\\ud83e\\udd99\"}\n", new[] { "a\nb", "🦙" })]
    [InlineData("jsonl:story", "{\"story\": \"x\", \"text\": 1}\r\n", new[] { "x" })]
    public void Documents_are_what_the_form_says(string form, string content, string[] expected)
    {
        var documents = DocumentForm.Parse(form);
        string path = _folder.Write("corpus.txt", Encoding.UTF8.GetBytes(content));

        CorpusPiece[] pieces = [.. new CorpusReader(documents).Read(path)];

        Assert.Equal(expected, pieces.Select(piece => piece.Text(documents)));
        Assert.All(pieces, piece => Assert.True(piece.IsBeginning));
    }

    [Theory]
    [InlineData("[1]\n", "line 1 is no JSON object with a text in \"text\"")]
    [InlineData("{\"text\": \"a\"}\n{\"story\": \"b\"}\n", "line 2 is no JSON object with a text in \"text\"")]
    [InlineData("{\"text\": 7}", "line 1 is no JSON object with a text in \"text\"")]
    [InlineData("\n{\"text\": \"a}", "line 2 is no valid JSON")]
    [InlineData("{\"text\": \"\\ud800\"}", "line 1 has a string that is not valid Unicode")]
    public void A_line_that_holds_no_document_is_named(string content, string fault)
    {
        var form = DocumentForm.Parse("jsonl");
        string path = _folder.Write("corpus.jsonl", Encoding.UTF8.GetBytes(content));

        string message = Assert.Throws<DataFileException>(
            () => new CorpusReader(form).Read(path).Select(piece => piece.Text(form)).ToArray()).Message;

        Assert.StartsWith($"{path}: {fault}", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named_by_their_place_in_the_file()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ein Wörtchen\n", 60_000)));
        bytes[700_001] = 0xFF;
        Assert.Contains("(byte 700001 is not UTF-8)", Fault(bytes), StringComparison.Ordinal);
        bytes[700_001] = 0;
        Assert.Contains("(byte 700001 is 0)", Fault(bytes), StringComparison.Ordinal);
        Assert.Contains("(byte 1 is not UTF-8)", Fault([(byte)'a', 0xF0, 0x9F]), StringComparison.Ordinal);
        foreach ((string path, string fault) in (ReadOnlySpan<(string, string)>)
            [(_folder.File("none"), "does not exist"), (_folder.Path, "is a folder")])
        {
            Assert.Contains(fault, Assert.Throws<DataFileException>(() => Pieces(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\r\n", "\n")]
    [InlineData("\r", "\r")]
    [InlineData("é", "é")]
    [InlineData("🦙", "🦙")]
    public void What_stands_across_the_end_of_a_read_is_read_as_elsewhere(string across, string expected)
    {
        const int Read = 256 << 10;
        for (int before = Read - 4; before <= Read; before++)
        {
            string text = new string('x', before) + across + "y\r\nz";
            string path = _folder.Write("corpus.txt", Encoding.UTF8.GetBytes(text));

            CorpusPiece piece = Assert.Single(new CorpusReader(DocumentForm.File).Read(path));

            Assert.Equal(new string('x', before) + expected + "y\nz", piece.Source);
        }
    }

    [Fact]
    public void Long_documents_are_cut_and_nothing_is_lost_or_made_up()
    {
        string[] parts = ["a", "bc ", " ", "\n", "word", ".", "🦙", "é", "##", "#", "7"];
        Gen<string> texts = Gen.Elements(parts).ListOf().Select(string.Concat);
        Check.One(_config.WithMaxTest(300), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            string path = _folder.Write("corpus.txt", Encoding.UTF8.GetBytes(text));
            foreach (DocumentForm form in (DocumentForm[])[DocumentForm.File, DocumentForm.SeparatedBy("##")])
            {
                string[] expected = form.Separator is null ? [text] : text.Split("##");
                CorpusPiece[] pieces = [.. new CorpusReader(form, pieceLength: 6).Read(path)];
                Assert.Equal(NotBlank(expected), NotBlank(Documents(pieces)));
                Assert.All(pieces, piece => Assert.False(char.IsHighSurrogate(piece.Source[^1])));
                Assert.True(pieces.Sum(piece => piece.ByteCount) <= Encoding.UTF8.GetByteCount(text));
            }
        }));
    }

    [Fact]
    public void Cut_between_words_at_a_line_break_a_text_has_the_ids_of_the_whole()
    {
        string text = string.Concat(
            Enumerable.Range(0, 2000).Select(i => $"Line {i}, ends here.  \nnext{i % 7} ...\n\n  Indented!\n"));
        string path = _folder.Write("corpus.txt", Encoding.UTF8.GetBytes(text));
        foreach (TextSplitter splitter in (TextSplitter[])[TextSplitter.Gpt2, TextSplitter.Cl100k, TextSplitter.O200k])
        {
            var tokenizer = RegexTokenizer.Train(text.AsSpan(0, 5000), 300, splitter);
            CorpusPiece[] pieces = [.. new CorpusReader(DocumentForm.File, pieceLength: 1000).Read(path)];

            Assert.InRange(pieces.Length, 50, 500);
            Assert.Equal(tokenizer.Encode(text), pieces.SelectMany(piece => tokenizer.Encode(piece.Source)));
        }
    }

    [Fact]
    public void A_form_without_a_text_or_a_field_is_refused()
    {
        Assert.Throws<ArgumentException>(() => DocumentForm.Parse(string.Empty));
        Assert.Throws<ArgumentException>(() => DocumentForm.Parse("jsonl:"));
    }

    private static IEnumerable<string> NotBlank(IEnumerable<string> documents)
        => documents.Where(document => !string.IsNullOrWhiteSpace(document));

    private static List<string> Documents(CorpusPiece[] pieces)
    {
        List<string> documents = [];
        foreach (CorpusPiece piece in pieces)
        {
            if (piece.IsBeginning)
            {
                documents.Add(string.Empty);
            }

            documents[^1] += piece.Source;
        }

        return documents;
    }

    private static CorpusPiece[] Pieces(string path) => [.. new CorpusReader(DocumentForm.Line).Read(path)];

    private string Fault(byte[] bytes)
        => Assert.Throws<DataFileException>(() => Pieces(_folder.Write("corpus.txt", bytes))).Message;
}
