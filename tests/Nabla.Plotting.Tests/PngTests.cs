using System.Buffers.Binary;
using System.IO.Compression;

namespace Nabla.Plotting.Tests;

public sealed class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(28, 28)]
    [InlineData(300, 251)] // more than one block of 65,535 bytes
    public void Grey_pixels_come_back(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(i => (byte)(i * 7))];
        var (header, decoded, _) = Decode(Png.FromGrey(width, height, pixels));
        Assert.Equal([8, 0, 0, 0, 0], header[8..]);
        Assert.Equal(width, BinaryPrimitives.ReadInt32BigEndian(header));
        Assert.Equal(height, BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        Assert.Equal(pixels, decoded);
    }

    [Fact]
    public void Colours_come_back()
    {
        var (header, decoded, chunks) = Decode(Png.FromColors(2, 1, [1, 0], [(1, 2, 3, 255), (4, 5, 6, 0)]));
        Assert.Equal([8, 3, 0, 0, 0], header[8..]);
        Assert.Equal([1, 0], decoded);
        Assert.Equal([1, 2, 3, 4, 5, 6], chunks["PLTE"]);
        Assert.Equal([255, 0], chunks["tRNS"]);
    }

    [Fact]
    public void A_chunk_ends_with_the_check_of_the_standard()
        => Assert.Equal([0xAE, 0x42, 0x60, 0x82], Png.FromGrey(1, 1, [0]).TakeLast(4)); // the CRC of IEND, the same in every file

    // By hand, but for the inflating, which checks what zlib's own format says.
    private static (byte[] Header, byte[] Pixels, Dictionary<string, byte[]> Chunks) Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        Dictionary<string, byte[]> chunks = [];
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string name = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            chunks[name] = png[(at + 8)..(at + 8 + length)];
            at += length + 12;
        }

        using ZLibStream zlib = new(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using MemoryStream rows = new();
        zlib.CopyTo(rows);
        int width = BinaryPrimitives.ReadInt32BigEndian(chunks["IHDR"]);
        byte[][] lines = [.. rows.ToArray().Chunk(width + 1)];
        Assert.All(lines, line => Assert.Equal(0, line[0]));
        return (chunks["IHDR"], [.. lines.SelectMany(line => line[1..])], chunks);
    }
}
