using System.Runtime.InteropServices;

namespace Nabla.Kernels;

/// <summary>
/// Native memory of one thread for what a kernel needs on the way. A buffer grows to the largest size asked for and is used again;
/// when its thread is gone, the finalizer gives it back. Kernels that call each other take buffers of different names.
/// </summary>
internal sealed unsafe class Scratch
{
    private const int Alignment = 4096;

    [ThreadStatic]
    private static Scratch? _shared;

    [ThreadStatic]
    private static Scratch? _own;

    [ThreadStatic]
    private static Scratch? _weights;

    private float* _memory;
    private nuint _size;

    private Scratch()
    {
    }

    ~Scratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>Returns room for what the caller of a matrix product packs for every thread of it.</summary>
    public static float* Shared(nint floats) => (_shared ??= new()).Take(floats);

    /// <summary>Returns room for what this thread of a matrix product packs for itself.</summary>
    public static float* Own(nint floats) => (_own ??= new()).Take(floats);

    /// <summary>Returns room for what an item of attention works with.</summary>
    public static float* Weights(nint floats) => (_weights ??= new()).Take(floats);

    // The contents are arbitrary, and stay until the buffer of that name is taken again on this thread.
    private float* Take(nint floats)
    {
        nuint needed = (nuint)floats;
        if (needed > _size)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
            _size = 0;
            _memory = (float*)HugePages.Allocate(needed * sizeof(float), Alignment);
            _size = needed;
        }

        return _memory;
    }
}
