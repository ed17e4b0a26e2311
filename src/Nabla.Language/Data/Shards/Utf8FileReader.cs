using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Language.Data;

/// <summary>
/// Reads a UTF-8 file of any length, plain or packed by gzip, piece by piece, checked and normalised as <see cref="TextFile.Read"/> does: a byte-order mark
/// is dropped and CRLF becomes LF.
/// </summary>
internal sealed class Utf8FileReader : IDisposable
{
    /// <summary>The characters that a call may give: it needs so much room.</summary>
    public const int MostCharacters = BufferBytes + 1;

    private const int BufferBytes = 256 << 10;

    private readonly string _path;
    private readonly Stream _file;
    private readonly byte[] _bytes = new byte[BufferBytes];
    private int _held;
    private long _position;
    private bool _holdsReturn;

    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFileException">The file is missing, a folder or unreadable.</exception>
    public Utf8FileReader(string path)
    {
        _path = path;
        try
        {
            _file = TextFile.Open(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFileException($"{path} does not exist: check the name and the folder.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string fault = Directory.Exists(path) ? "is a folder: name the text files in it." : $"cannot be read: {error.Message}";
            throw new DataFileException($"{path} {fault}", error);
        }
    }

    /// <summary>Reads more of the text.</summary>
    /// <param name="destination">Room for <see cref="MostCharacters"/> characters.</param>
    /// <returns>The number of characters, which may be 0 before the end; -1 at the end.</returns>
    /// <exception cref="DataFileException">The file is not UTF-8 text.</exception>
    public int Read(Span<char> destination)
    {
        int read = ReadBytes();
        bool isLast = read == 0;
        if (isLast && _held == 0 && !_holdsReturn)
        {
            return -1;
        }

        Span<byte> bytes = _bytes.AsSpan(0, _held + read);
        int zero = bytes.IndexOf((byte)0);
        int first = _position == 0 && bytes.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        int lead = _holdsReturn ? 1 : 0;
        OperationStatus status = Utf8.ToUtf16(
            bytes[first..], destination[lead..], out int taken, out int written, replaceInvalidSequences: false, isLast);
        if (zero >= 0 || status is not (OperationStatus.Done or OperationStatus.NeedMoreData))
        {
            (long place, string fault) = zero >= 0 ? (_position + zero, "0") : (_position + first + taken, "not UTF-8");
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{_path} is not UTF-8 text (byte {place} is {fault}): save it as UTF-8, or give a text file."));
        }

        taken += first;
        _position += taken;
        _held = bytes.Length - taken;
        bytes[taken..].CopyTo(_bytes);
        destination[0] = lead > 0 ? '\r' : destination[0];
        return JoinLineEnds(destination[..(lead + written)], isLast);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private int ReadBytes()
    {
        try
        {
            return _file.Read(_bytes.AsSpan(_held));
        }
        catch (InvalidDataException error)
        {
            throw TextFile.IsDamaged(_path, error);
        }
    }

    // A return at the end of a piece waits for the next one, which may begin with the rest of the line end.
    private int JoinLineEnds(Span<char> text, bool isLast)
    {
        _holdsReturn = !isLast && text.EndsWith('\r');
        text = _holdsReturn ? text[..^1] : text;
        int to = text.IndexOf('\r');
        if (to < 0)
        {
            return text.Length;
        }

        for (int from = to; from < text.Length; from++)
        {
            if (text[from] != '\r' || from + 1 == text.Length || text[from + 1] != '\n')
            {
                text[to++] = text[from];
            }
        }

        return to;
    }
}
