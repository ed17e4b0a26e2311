using System.IO.Compression;

namespace Nabla.Language.Data;

/// <summary>What gzip packed, in one part or several joined, and with its end: one that was cut short is told from one that is whole.</summary>
/// <remarks>
/// .NET's reader ends without a word where the file does, be it in the midst of a part. So it is given one more part after the
/// file's own, which unpacks to a mark: where the mark does not come out at the end, the file ended too early.
/// </remarks>
internal sealed class PackedStream : ForwardStream
{
    private const int BufferBytes = 64 << 10;

    private static readonly byte[] _mark = "\0end of Nabla's file\0"u8.ToArray();
    private static readonly byte[] _packedMark = Pack(_mark);

    private readonly GZipStream _unpacked;
    private readonly byte[] _buffer = new byte[BufferBytes + _mark.Length];
    private int _start;
    private int _end;

    /// <summary>Unpacks a file.</summary>
    /// <param name="file">The file, from its beginning; it is closed with this.</param>
    public PackedStream(Stream file) => _unpacked = new GZipStream(new MarkedStream(file), CompressionMode.Decompress);

    /// <summary>Returns whether a file begins as those of gzip do.</summary>
    public static bool IsPacked(Stream file)
    {
        Span<byte> first = stackalloc byte[2];
        int read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return read == first.Length && first.SequenceEqual<byte>([0x1F, 0x8B]);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        // What is unpacked last may be the mark and is held back.
        while (_end - _start <= _mark.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            int read = _unpacked.Read(_buffer.AsSpan(_end));
            _end += read;
            if (read == 0)
            {
                return _buffer.AsSpan(_start, _end - _start).SequenceEqual(_mark)
                    ? 0
                    : throw new InvalidDataException("The end is missing.");
            }
        }

        int count = Math.Min(buffer.Length, _end - _start - _mark.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>A file, and the packed mark after it.</summary>
    private sealed class MarkedStream(Stream file) : ForwardStream
    {
        private int _given = -1;

        public override int Read(Span<byte> buffer)
        {
            int read = _given < 0 ? file.Read(buffer) : 0;
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            _given = Math.Max(_given, 0);
            int count = Math.Min(buffer.Length, _packedMark.Length - _given);
            _packedMark.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
