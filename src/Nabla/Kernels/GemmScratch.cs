using System.Runtime.InteropServices;

namespace Nabla.Kernels;

/// <summary>
/// Native memory that a thread packs matrices into. It grows to the largest size asked for and is reused for every product
/// that the thread takes part in; when the thread is gone, the finalizer gives it back.
/// </summary>
internal sealed unsafe class GemmScratch
{
    private const int Alignment = 4096;

    [ThreadStatic]
    private static GemmScratch? _ofThisThread;

    private float* _shared;
    private float* _own;
    private nuint _sharedSize;
    private nuint _ownSize;

    ~GemmScratch()
    {
        NativeMemory.AlignedFree(_shared);
        NativeMemory.AlignedFree(_own);
    }

    private static GemmScratch OfThisThread => _ofThisThread ??= new();

    /// <summary>Returns room for what the caller packs for every thread of a product.</summary>
    public static float* Shared(nint floats)
    {
        GemmScratch scratch = OfThisThread;
        return Grow(ref scratch._shared, ref scratch._sharedSize, floats);
    }

    /// <summary>Returns room for what this thread packs for itself.</summary>
    public static float* Own(nint floats)
    {
        GemmScratch scratch = OfThisThread;
        return Grow(ref scratch._own, ref scratch._ownSize, floats);
    }

    private static float* Grow(ref float* memory, ref nuint size, nint floats)
    {
        nuint needed = (nuint)floats;
        if (needed > size)
        {
            NativeMemory.AlignedFree(memory);
            memory = null;
            size = 0;
            memory = (float*)NativeMemory.AlignedAlloc(needed * sizeof(float), Alignment);
            size = needed;
        }

        return memory;
    }
}
