using FsCheck;
using FsCheck.Fluent;
using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

public sealed class TextFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_byte_order_mark_goes_and_windows_line_ends_become_plain_ones()
    {
        string path = _folder.Write("text", [0xef, 0xbb, 0xbf, .. "a\r\nb\rc\n\u2028é😀"u8]);

        Assert.Equal("a\nb\rc\n\u2028é😀", TextFile.Read(path));
    }

    [Theory]
    [InlineData(new byte[] { }, "is empty")]
    [InlineData(new byte[] { 0xef, 0xbb, 0xbf }, "is empty")]
    [InlineData(new byte[] { 0x61 }, "has one character")]
    [InlineData(new byte[] { 0x0d, 0x0a }, "has one character")]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, "byte 1 is 0")]
    [InlineData(new byte[] { 0x61, 0x62, 0xff }, "byte 2 is not UTF-8")]
    [InlineData(new byte[] { 0xef, 0xbb, 0xbf, 0x61, 0xc3 }, "byte 4 is not UTF-8")]
    [InlineData(new byte[] { 0xff, 0xfe, 0x61, 0x00 }, "not UTF-8 text")]
    [InlineData(new byte[] { 0x61, 0xed, 0xa0, 0xbd }, "byte 1 is not UTF-8")]
    public void What_is_no_text_is_refused_in_one_line_that_names_the_file(byte[] bytes, string part)
    {
        string path = _folder.Write("text", bytes);

        AssertRefused(path, part);
    }

    [Fact]
    public void A_missing_file_is_refused() => AssertRefused(_folder.File("missing"), "does not exist");

    [Fact]
    public void A_file_in_a_missing_folder_is_refused() =>
        AssertRefused(Path.Combine(_folder.Path, "missing", "text"), "does not exist");

    [Fact]
    public void A_folder_is_refused() => AssertRefused(_folder.Path, "is a folder");

    [Fact]
    public void A_zero_byte_behind_the_first_piece_read_is_found()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)'a', (1 << 20) + 10)];
        bytes[^1] = 0;

        AssertRefused(_folder.Write("text", bytes), "byte 1048585 is 0");
    }

    [Fact]
    public void Any_bytes_are_text_or_the_one_exception() =>
        Check.One(Config.QuickThrowOnFailure.WithReplay(7, 9), Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                return TextFile.Read(_folder.Write("text", bytes)).Length >= 2;
            }
            catch (DataFileException exception)
            {
                return !exception.Message.Contains('\n', StringComparison.Ordinal);
            }
        }));

    private static void AssertRefused(string path, string part)
    {
        DataFileException exception = Assert.Throws<DataFileException>(() => TextFile.Read(path));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
