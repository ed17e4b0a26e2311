using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Data;

/// <summary>What gzip packed is read as what it packed, or refused.</summary>
public sealed class PackedTextTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData((64 << 10) - 1)]
    [InlineData(64 << 10)]
    [InlineData((64 << 10) + 1)]
    [InlineData(1_000_003)]
    public void A_packed_text_reads_as_the_plain_one(int length)
    {
        string text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i % 26))));
        Assert.Equal(text, TextFile.Read(_folder.Write("text.txt", Packed(text))));
    }

    [Fact]
    public void Parts_that_were_joined_read_as_one_and_of_each_an_end_that_is_missing_is_missed()
    {
        // As a parallel gzip writes it, and who joins files: with an empty part at the end.
        Gen<string[]> texts = Gen.Choose(0, 300).Select(length => new string('x', length)).ArrayOf(3);
        Check.One(_config.WithMaxTest(40), Prop.ForAll(texts.ToArbitrary(), parts =>
        {
            byte[] bytes = [.. parts.SelectMany(Packed), .. Packed("yz"), .. Packed(string.Empty)];
            string path = _folder.Write("text.gz", bytes);
            Assert.Equal(string.Concat(parts) + "yz", TextFile.Read(path));
        }));

        byte[] whole = [.. Packed("first part\n"), .. Packed("second part, a little longer than the first\n")];
        for (int length = 3; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.gz", whole[..length]);
            if (length != Packed("first part\n").Length)
            {
                string message = Assert.Throws<DataFileException>(() => TextFile.Read(path)).Message;
                Assert.Equal($"{path}: what gzip packed is damaged or cut short: get the file again.", message);
            }
        }
    }

    [Fact]
    public void A_damaged_byte_is_refused_or_changes_nothing()
    {
        string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i} of many\n"));
        byte[] packed = Packed(text);
        Arbitrary<(int Place, int Bit)> damages = Gen.Choose(0, packed.Length - 1)
            .SelectMany(place => Gen.Choose(0, 7).Select(bit => (place, bit))).ToArbitrary();
        Check.One(_config.WithMaxTest(300), Prop.ForAll(damages, damage =>
        {
            byte[] changed = [.. packed];
            changed[damage.Place] ^= (byte)(1 << damage.Bit);
            try
            {
                return TextFile.Read(_folder.Write("text.gz", changed)) == text;
            }
            catch (DataFileException error)
            {
                return !error.Message.Contains('\n');
            }
        }));
    }

    [Fact]
    public void A_packed_corpus_becomes_the_files_of_the_plain_one()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText("{}\":,abcdefghijklmnopqrstuvwxyz \n0123456789", boundary: true);
        string lines = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{{\"id\": {i}, \"text\": \"the cat number {i}\"}}\r\n"));
        string plain = _folder.Write("corpus.jsonl", Encoding.UTF8.GetBytes(lines));
        string packed = _folder.Write("corpus.jsonl.gz", Packed(lines));
        ShardOptions options = new() { Name = "x", ShardTokens = 50_000, Documents = DocumentForm.JsonLines("text"), MostValidationShards = null };
        List<ShardProgress> reports = [];

        TokenShardIndex ofPlain = ShardPreparation.Run([plain], _folder.File("plain"), tokenizer, options);
        TokenShardIndex ofPacked = ShardPreparation.Run(
            [packed], _folder.File("packed"), tokenizer, options, new Progress(reports.Add));

        Assert.Equal(40_000, ofPacked.Documents);
        Assert.True(ofPacked.Shards.Count > 10);
        Assert.Equal(ofPlain.ToJson(), ofPacked.ToJson());
        Assert.Equal(Encoding.UTF8.GetByteCount(lines), reports[^1].TotalBytes);
    }

    [Fact]
    public void A_packed_corpus_that_is_cut_short_is_named()
    {
        byte[] packed = Packed(string.Concat(Enumerable.Range(0, 9999).Select(i => $"document {i * 7919 % 10_007}\n")));
        string path = _folder.Write("corpus.gz", packed[..(packed.Length / 2)]);
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText("document 0123456789\n", boundary: true);

        string message = Assert.Throws<DataFileException>(() => ShardPreparation.Run(
            [path], _folder.File("out"), tokenizer, new ShardOptions { Name = "x", Documents = DocumentForm.Line })).Message;

        Assert.Equal($"{path}: what gzip packed is damaged or cut short: get the file again.", message);
        Assert.False(Directory.Exists(_folder.File("out")));
    }

    [Theory]
    [InlineData("web.jsonl", "text")]
    [InlineData("folder.txt/web.ndjson.gz", "text")]
    [InlineData("web.txt", null)]
    [InlineData("web.txt.gz", null)]
    [InlineData("jsonl", null)]
    public void A_document_is_a_line_where_the_name_of_the_file_says_that_it_is_of_JSON_lines(string path, string? field)
        => Assert.Equal(field, DocumentForm.For(path).JsonField);

    private static byte[] Packed(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private sealed class Progress(Action<ShardProgress> action) : IProgress<ShardProgress>
    {
        public void Report(ShardProgress value) => action(value);
    }
}
