using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Nabla.Tokenizers;

/// <summary>
/// A chunk of at most sixteen bytes as two numbers, padded with zeros: nearly every chunk of a text, compared and hashed
/// without a loop.
/// </summary>
/// <param name="Low">The first eight bytes.</param>
/// <param name="High">The other eight.</param>
/// <param name="Length">The number of bytes, since a chunk may itself end in zeros.</param>
internal readonly record struct ChunkKey(ulong Low, ulong High, int Length)
{
    public const int MaxLength = 16;

    /// <summary>
    /// A number whose low bits differ for different chunks, as a rule. The constants are digits of pi: any without a pattern do.
    /// </summary>
    public uint Hash
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var high = Math.BigMul(Low ^ 0x243F6A8885A308D3, High ^ 0x13198A2E03707344, out var low);
            return (uint)(high ^ low);
        }
    }

    /// <summary>The key of a part of a text; the length is at most <see cref="MaxLength"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ChunkKey Of(ReadOnlySpan<byte> text, int start, int length)
    {
        // Away from the end of the text sixteen bytes can be read whatever the length, and the surplus masked out.
        return start + MaxLength <= text.Length
            ? Of(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)start), length)
            : OfLast(text, start, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ChunkKey OfLast(ReadOnlySpan<byte> text, int start, int length)
    {
        // The last sixteen bytes of the text, moved so that the chunk comes first; what is moved in is zero.
        var last = text.Length - MaxLength;
        if (last >= 0)
        {
            Vector128<byte> moved = Vector128<byte>.Indices + Vector128.Create((byte)(start - last));
            return Of(Vector128.Shuffle(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)last), moved), length);
        }

        Span<byte> bytes = stackalloc byte[MaxLength];
        bytes.Clear();
        text.Slice(start, length).CopyTo(bytes);
        return Of(Vector128.Create<byte>(bytes), length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ChunkKey Of(Vector128<byte> bytes, int length)
    {
        Vector128<ulong> kept = (bytes & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length))).AsUInt64();
        return new ChunkKey(kept.ToScalar(), kept.GetElement(1), length);
    }
}
