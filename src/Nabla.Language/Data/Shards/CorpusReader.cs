using System.Globalization;
using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>Cuts files of any length into documents, and long documents into pieces, with only a piece in memory.</summary>
/// <remarks>
/// A long document is cut where the published split patterns cut, too, whatever stands there (see <see cref="SafeCut"/>), so its
/// ids are those of the whole. Where no such place comes for as long again, it is cut anywhere between two characters.
/// </remarks>
/// <param name="form">What a document is.</param>
/// <param name="pieceLength">The characters after which a document is cut.</param>
internal sealed class CorpusReader(DocumentForm form, int pieceLength = 1 << 20)
{
    private const int LongestLine = 256 << 20;

    private char[] _text = new char[2 * Utf8FileReader.MostCharacters];
    private int _start;
    private int _end;
    private int _searched;

    /// <summary>Returns the pieces of a file in order; documents of white space alone are left out.</summary>
    /// <exception cref="DataFileException">The file cannot be read, or is not UTF-8 text.</exception>
    public IEnumerable<CorpusPiece> Read(string path)
    {
        using Utf8FileReader file = new(path);
        (_start, _end, _searched) = (0, 0, 0);
        bool begins = true;
        for (long number = 1; ;)
        {
            int length = FindSeparator();
            int separator = length >= 0 ? form.Separator!.Length : 0;
            if (length < 0 && FindCut(path, number) is int cut and > 0)
            {
                yield return Take(path, number, cut, 0, begins, ends: false);
                begins = false;
                continue;
            }

            if (length < 0 && ReadMore(file))
            {
                continue;
            }

            CorpusPiece piece = Take(path, number, length < 0 ? _end - _start : length, separator, begins, ends: true);
            if (piece.Source.Length > 0 && (!begins || !string.IsNullOrWhiteSpace(piece.Source)))
            {
                yield return piece;
            }

            if (length < 0)
            {
                yield break;
            }

            begins = true;
            number++;
        }
    }

    // The length of the document that a separator ends, or -1. What was searched before is not searched again.
    private int FindSeparator()
    {
        if (form.Separator is not string separator)
        {
            return -1;
        }

        int from = Math.Max(_start, _searched - separator.Length + 1);
        int found = _text.AsSpan(from, _end - from).IndexOf(separator, StringComparison.Ordinal);
        _searched = found < 0 ? _end : from + found + separator.Length;
        return found < 0 ? -1 : from + found - _start;
    }

    // Where to cut a document that is too long; 0 while it is not.
    private int FindCut(string path, long number)
    {
        int length = _end - _start;
        if (form.JsonField is not null)
        {
            return length <= LongestLine ? 0 : throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: line {number} is longer than {LongestLine} characters: a JSON line is read as a whole."));
        }

        // The last characters may be the first of a separator.
        int most = length - (form.Separator?.Length ?? 1);
        if (most <= pieceLength)
        {
            return 0;
        }

        ReadOnlySpan<char> text = _text.AsSpan(_start, most);
        int cut = SafeCut.After(text, pieceLength);
        return cut < most ? cut : most < 2 * pieceLength ? 0 : char.IsHighSurrogate(text[^1]) ? most - 1 : most;
    }

    private CorpusPiece Take(string path, long number, int length, int separator, bool begins, bool ends)
    {
        ReadOnlySpan<char> text = _text.AsSpan(_start, length);
        long bytes = Encoding.UTF8.GetByteCount(_text.AsSpan(_start, length + separator));
        _start += length + separator;
        text = form.IsTrimmed && begins ? text.TrimStart() : text;
        text = form.IsTrimmed && ends ? text.TrimEnd() : text;
        return new CorpusPiece(path, number, new string(text), begins, bytes);
    }

    private bool ReadMore(Utf8FileReader file)
    {
        if (_text.Length - _end < Utf8FileReader.MostCharacters)
        {
            char[] text = _end - _start > _text.Length / 2 ? new char[2 * _text.Length] : _text;
            _text.AsSpan(_start, _end - _start).CopyTo(text);
            (_text, _searched, _end, _start) = (text, _searched - _start, _end - _start, 0);
        }

        int read = file.Read(_text.AsSpan(_end));
        _end += Math.Max(read, 0);
        return read >= 0;
    }
}
