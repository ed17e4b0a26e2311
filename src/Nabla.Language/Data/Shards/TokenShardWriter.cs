using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nabla.Files;
using Nabla.IO;

namespace Nabla.Language.Data;

/// <summary>
/// Writes one shard of tokens piece by piece, so that none has to fit in memory, to a file that appears whole or not at all.
/// </summary>
internal sealed class TokenShardWriter : IDisposable
{
    private const int BufferTokens = 64 << 10;

    private readonly AtomicFile _file;
    private readonly string _path;
    private readonly TokenShardFormat _format;
    private readonly int _tokenBytes;
    private readonly byte[] _buffer;
    private int _buffered;

    /// <summary>Begins a shard.</summary>
    /// <param name="path">The file to be.</param>
    /// <param name="format">How it is stored.</param>
    /// <param name="tokenBytes">The bytes of each token, 2 or 4.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public TokenShardWriter(string path, TokenShardFormat format, int tokenBytes)
    {
        (_path, _format, _tokenBytes) = (path, format, tokenBytes);
        _buffer = new byte[BufferTokens * tokenBytes];
        _file = AtomicFile.Create(path);

        // A place for the header, which tells the number of tokens: all headers of a format have one length.
        _file.Stream.Write(Header());
    }

    /// <summary>Gets the number of tokens so far.</summary>
    public int Count { get; private set; }

    /// <summary>Writes tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token does not fit its bytes; none is written.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<int> ids)
    {
        int wrong = ids.IndexOfAnyExceptInRange(0, _tokenBytes == sizeof(ushort) ? ushort.MaxValue : int.MaxValue);
        if (wrong >= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(ids), string.Create(CultureInfo.InvariantCulture,
                $"{_path}: token {ids[wrong]} does not fit the {_tokenBytes} bytes of each: store them in 4."));
        }

        Count += ids.Length;
        while (!ids.IsEmpty)
        {
            int taken = Math.Min(ids.Length, (_buffer.Length - _buffered) / _tokenBytes);
            Span<byte> stored = _buffer.AsSpan(_buffered, taken * _tokenBytes);
            if (_tokenBytes == sizeof(int))
            {
                ids[..taken].CopyTo(MemoryMarshal.Cast<byte, int>(stored));
            }
            else
            {
                Narrow(ids[..taken], MemoryMarshal.Cast<byte, ushort>(stored));
            }

            _buffered += stored.Length;
            ids = ids[taken..];
            if (_buffered == _buffer.Length)
            {
                Flush();
            }
        }
    }

    /// <summary>Lets the file appear.</summary>
    /// <returns>The SHA-256 of the file, in hexadecimal.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public string Commit()
    {
        Flush();
        _file.Stream.Position = 0;
        _file.Stream.Write(Header());
        _file.Commit();
        using FileStream written = File.OpenRead(_path);
        return Convert.ToHexStringLower(SHA256.HashData(written));
    }

    /// <summary>Takes the file away again unless it was committed.</summary>
    public void Dispose() => _file.Dispose();

    private static void Narrow(ReadOnlySpan<int> ids, Span<ushort> stored)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            stored[i] = (ushort)ids[i];
        }
    }

    private byte[] Header() => _format == TokenShardFormat.Bin
        ? LlmcTokenFile.Header(Count, _tokenBytes)
        : NpyFile.Header(_tokenBytes == sizeof(ushort) ? TensorFileType.U16 : TensorFileType.U32, new Shape(Count));

    private void Flush()
    {
        _file.Stream.Write(_buffer, 0, _buffered);
        _buffered = 0;
    }
}
