using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <summary>A part of a training text that can be split apart from the rest.</summary>
/// <param name="Buffer">Holds its UTF-8; the receiver gives it back to the shared pool when it is done.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Position">Where it begins in the whole text.</param>
/// <param name="EndsDocument">Whether the text behind it is another.</param>
internal readonly record struct TextBlock(byte[] Buffer, int Length, long Position, bool EndsDocument)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);
}

/// <summary>
/// Takes a text as it is read, in pieces of any size, and hands it on in blocks, checked to be UTF-8 and cut where no chunk is
/// cut, so that a file of any size goes through little memory.
/// </summary>
/// <param name="cut">Finds where a block may end.</param>
/// <param name="take">What gets the blocks.</param>
/// <param name="cancellationToken">Ends the reading.</param>
/// <param name="blockLength">The length that blocks have where there are places to cut.</param>
internal sealed class TextBlocks(BlockCut cut, Action<TextBlock> take, CancellationToken cancellationToken, int blockLength = 1 << 18)
{
    private readonly List<(long Start, string? Name)> _sources = [(0, null)];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(blockLength);
    private int _length;
    private int _searched;
    private long _position;

    /// <summary>The number of bytes taken.</summary>
    public long TotalLength => _position + _length;

    /// <summary>Says that what follows comes from a file, which errors then name.</summary>
    public void BeginFile(string name) => _sources.Add((TotalLength, name));

    /// <summary>Memory for the next bytes, a few at least: fill it from the left, then call <see cref="Advance"/>.</summary>
    public Span<byte> Room()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_buffer.Length - _length < blockLength / 4)
        {
            MakeRoom();
        }

        return _buffer.AsSpan(_length);
    }

    /// <summary>Says how many bytes were written to the last <see cref="Room"/>.</summary>
    public void Advance(int count) => _length += count;

    /// <summary>Hands on what is left: the text ends here, or the next is another.</summary>
    public void EndDocument() => HandOn(_length, endsDocument: true);

    private void MakeRoom()
    {
        var end = cut.Last(_buffer.AsSpan(0, _length), _searched);
        if (end > 0)
        {
            HandOn(end, endsDocument: false);
            return;
        }

        // No place to cut: the block grows until there is one.
        if (_length == Array.MaxLength)
        {
            throw new TokenizerException("more than 2 GB of text without a place where it could be split: give it to "
                + "training in smaller documents, or use one of the published split patterns.");
        }

        if (_buffer.Length == Array.MaxLength)
        {
            return;
        }

        _searched = _length;
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, 2L * _buffer.Length));
        _buffer.AsSpan(0, _length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = grown;
    }

    private void HandOn(int length, bool endsDocument)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, length);
        if (!Utf8.IsValid(bytes))
        {
            throw Invalid(Utf8Fault.Find(bytes)!.Value);
        }

        var block = new TextBlock(_buffer, length, _position, endsDocument);
        ReadOnlySpan<byte> rest = _buffer.AsSpan(length, _length - length);
        var next = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(blockLength, 2L * rest.Length)));
        rest.CopyTo(next);
        _buffer = next;
        _length = rest.Length;
        _position += length;
        _searched = 0;
        take(block);
    }

    private TokenizerException Invalid(Utf8Fault fault)
    {
        var position = _position + fault.Position;
        (long start, string? name) = _sources.FindLast(source => source.Start <= position);
        return new TokenizerException(string.Create(CultureInfo.InvariantCulture,
            $"{name ?? "the text"}: byte 0x{fault.Value:x2} in position {position - start}: {fault.Reason}; training text has to be UTF-8."));
    }
}
