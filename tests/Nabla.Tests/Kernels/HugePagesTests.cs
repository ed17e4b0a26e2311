using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

public sealed unsafe class HugePagesTests
{
    [Theory]
    [InlineData(100, 64)]
    [InlineData((2 << 20) - 1, 4096)]
    [InlineData(2 << 20, 2 << 20)]
    [InlineData((5 << 20) + 3, 2 << 20)]
    public void A_block_begins_where_its_pages_begin_and_can_be_written_to_its_end(int bytes, int alignment)
    {
        byte* block = (byte*)HugePages.Allocate((nuint)bytes, (nuint)Math.Min(alignment, 4096));
        try
        {
            Assert.Equal(0, (nint)block % alignment);
            new Span<byte>(block, bytes).Fill(7);
            Assert.Equal(7, block[bytes - 1]);
        }
        finally
        {
            NativeMemory.AlignedFree(block);
        }
    }
}
