using System.Buffers;

namespace Nabla.Tokenizers;

/// <summary>
/// A normalised text on its way to the pieces, and where each of its bytes came from. It is UTF-8, but a space is the byte
/// 0x20 even where pieces write U+2581 for it: so a word's first byte is one comparison, and short words stay short.
/// </summary>
internal ref struct NormalizedText : IDisposable
{
    private byte[] _bytes;
    private int[]? _origins;

    /// <summary>Begins an empty text.</summary>
    /// <param name="capacity">How long it may become without growing.</param>
    /// <param name="withOrigins">Whether to keep where each byte came from.</param>
    public NormalizedText(int capacity, bool withOrigins)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(capacity);
        _origins = withOrigins ? ArrayPool<int>.Shared.Rent(_bytes.Length + 1) : null;
    }

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>
    /// For each byte the position of its origin in the bytes of the original text, then the end of the last one's.
    /// </summary>
    public readonly ReadOnlySpan<int> Origins => _origins.AsSpan(0, Length + 1);

    /// <summary>Adds bytes that all came from one place.</summary>
    public void Add(ReadOnlySpan<byte> bytes, int origin)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        _origins?.AsSpan(Length, bytes.Length).Fill(origin);
        Length += bytes.Length;
    }

    /// <summary>Adds bytes that are a copy of the original, from a position on.</summary>
    public void AddCopy(ReadOnlySpan<byte> bytes, int origin)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        for (var index = 0; _origins is not null && index < bytes.Length; index++)
        {
            _origins[Length + index] = origin + index;
        }

        Length += bytes.Length;
    }

    /// <summary>Takes back all spaces at the end; <paramref name="end"/> becomes the origin of the first of them.</summary>
    public void TrimEnd(ref int end)
    {
        while (Length > 0 && _bytes[Length - 1] == (byte)' ')
        {
            Length--;
            end = _origins is null ? end : _origins[Length];
        }
    }

    /// <summary>Says where the text ends in the original.</summary>
    public readonly void Finish(int end)
    {
        if (_origins is not null)
        {
            _origins[Length] = end;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        if (_origins is not null)
        {
            ArrayPool<int>.Shared.Return(_origins);
            _origins = null;
        }
    }

    private void Reserve(int more)
    {
        if (Length + (long)more > _bytes.Length)
        {
            var length = checked((int)Math.Max(2L * _bytes.Length, Length + (long)more));
            Exchange(ref _bytes, length, Length);
            if (_origins is not null)
            {
                Exchange(ref _origins, _bytes.Length + 1, Length);
            }
        }
    }

    private static void Exchange<T>(ref T[] array, int length, int used)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(length);
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
