using System.Buffers.Binary;
using Nabla.Files;

namespace Nabla.Plotting;

/// <summary>
/// Writes small pictures in PNG format (ISO/IEC 15948), one byte a pixel. The pixels are stored, not compressed, so the bytes do
/// not depend on the version of a compressor.
/// </summary>
internal static class Png
{
    private const byte Grey = 0;
    private const byte Indexed = 3;

    /// <summary>Returns a picture of grey values, 0 black and 255 white.</summary>
    public static byte[] FromGrey(int width, int height, ReadOnlySpan<byte> pixels) => Write(width, height, pixels, Grey, []);

    /// <summary>Returns a picture whose pixels are numbers of colours.</summary>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="pixels">Which colour each pixel has, row by row.</param>
    /// <param name="colors">At most 256 colours: red, green, blue and opacity.</param>
    public static byte[] FromColors(int width, int height, ReadOnlySpan<byte> pixels, (byte R, byte G, byte B, byte A)[] colors)
        => Write(width, height, pixels, Indexed, colors);

    private static byte[] Write(
        int width, int height, ReadOnlySpan<byte> pixels, byte kind, (byte R, byte G, byte B, byte A)[] colors)
    {
        using MemoryStream png = new();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(png, "IHDR"u8, [.. BigEndian(width), .. BigEndian(height), 8, kind, 0, 0, 0]);
        if (kind == Indexed)
        {
            Chunk(png, "PLTE"u8, [.. colors.SelectMany(color => (byte[])[color.R, color.G, color.B])]);
            Chunk(png, "tRNS"u8, [.. colors.Select(color => color.A)]);
        }

        // Each row begins with the number of its filter: none.
        byte[] rows = new byte[(width + 1) * height];
        for (int y = 0; y < height; y++)
        {
            pixels.Slice(y * width, width).CopyTo(rows.AsSpan((y * (width + 1)) + 1));
        }

        Chunk(png, "IDAT"u8, Stored(rows));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] body = [.. name, .. data];
        png.Write(BigEndian(data.Length));
        png.Write(body);
        png.Write(BigEndian((int)Crc32.Of(body)));
    }

    // The zlib format (RFC 1950) around stored blocks (RFC 1951, 3.2.4), of at most 65,535 bytes each.
    private static byte[] Stored(byte[] data)
    {
        using MemoryStream zlib = new();
        zlib.Write([0x78, 0x01]);
        for (int start = 0; start < data.Length; start += ushort.MaxValue)
        {
            int length = Math.Min(ushort.MaxValue, data.Length - start);
            bool last = start + length == data.Length;
            zlib.Write([(byte)(last ? 1 : 0), (byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]);
            zlib.Write(data, start, length);
        }

        uint a = 1;
        uint b = 0;
        foreach (byte value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        zlib.Write(BigEndian((int)((b << 16) | a)));
        return zlib.ToArray();
    }

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
