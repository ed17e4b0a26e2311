using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Nabla.Tokenizers;

/// <summary>
/// Tells the processor what memory will be needed soon. Training goes from place to place in arrays far larger than the
/// caches, but it knows the next places; asked for early, many are on their way at once.
/// </summary>
internal static unsafe class Prefetch
{
    /// <summary>How many steps ahead to ask: enough for memory to answer, not so many that the answers are evicted again.</summary>
    public const int Distance = 12;

    /// <summary>Asks for an element. Where the processor cannot be asked, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Element<T>(T[] array, int index)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            // The array may move the moment after: then the hint is a wrong one, and no more than that.
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), index)));
        }
    }
}
