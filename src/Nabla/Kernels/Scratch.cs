using System.Runtime.InteropServices;

namespace Nabla.Kernels;

/// <summary>Native memory of one thread for a kernel's intermediate values; it grows to the largest size asked for and stays.</summary>
internal sealed unsafe class Scratch
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static Scratch? _ofThisThread;

    private float* _memory;
    private nuint _size;

    ~Scratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>Returns room for that many floats, with arbitrary contents, until the next call on this thread.</summary>
    public static float* Take(nint floats)
    {
        Scratch scratch = _ofThisThread ??= new();
        nuint needed = (nuint)floats;
        if (needed > scratch._size)
        {
            NativeMemory.AlignedFree(scratch._memory);
            scratch._memory = null;
            scratch._size = 0;
            scratch._memory = (float*)NativeMemory.AlignedAlloc(needed * sizeof(float), Alignment);
            scratch._size = needed;
        }

        return scratch._memory;
    }
}
