using System.Runtime.InteropServices;

namespace Nabla.Kernels;

/// <summary>
/// Native memory in pages of 2 MB where Linux has them. A processor remembers where some thousand pages lie; with the usual
/// pages of 4 KB that is less than one large matrix, and walking down its columns misses at every row.
/// </summary>
internal static unsafe partial class HugePages
{
    private const nuint PageBytes = 2 << 20;

    /// <summary>The advice MADV_HUGEPAGE.</summary>
    private const int Wanted = 14;

    /// <summary>Whether the C library has another name here, or no such call.</summary>
    private static bool _unavailable;

    /// <summary>Returns memory with arbitrary contents, to be given back to <see cref="NativeMemory.AlignedFree"/>.</summary>
    /// <param name="bytes">The number of bytes.</param>
    /// <param name="alignment">A power of two; blocks of a huge page or more begin at the beginning of one.</param>
    public static void* Allocate(nuint bytes, nuint alignment)
    {
        if (bytes < PageBytes)
        {
            return NativeMemory.AlignedAlloc(bytes, alignment);
        }

        void* block = NativeMemory.AlignedAlloc(bytes, Math.Max(PageBytes, alignment));
        if (OperatingSystem.IsLinux() && !_unavailable)
        {
            try
            {
                // The system may refuse, or have none left: it is a matter of speed alone. What is less than a page stays as it is.
                _ = Advise(block, bytes & ~(PageBytes - 1), Wanted);
            }
            catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
            {
                _unavailable = true;
            }
        }

        return block;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
