using Nabla.Tensors;

namespace Nabla.Tests.Tensors;

/// <summary>Memory of many small tensors. Counts what the whole process lends, so nothing else may run beside it.</summary>
[CollectionDefinition(nameof(SmallTensorMemoryTests), DisableParallelization = true)]
[Collection(nameof(SmallTensorMemoryTests))]
public class SmallTensorMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_that_no_tensor_holds_any_more_is_used_again(bool scoped)
    {
        MakeTensors(scoped, 500_000);
        long before = MemoryPool.BlocksAllocated;
        MakeTensors(scoped, 2_000_000);

        // Two million tensors of 64 bytes are 32,000 blocks.
        Assert.InRange(MemoryPool.BlocksAllocated - before, 0, 8_000);
    }

    private static void MakeTensors(bool scoped, int count)
    {
        for (int made = 0; made < count; made += 100)
        {
            using MemoryScope? scope = scoped ? MemoryScope.Begin() : null;
            for (int i = 0; i < 100; i++)
            {
                Tensor.Scalar(i);
            }
        }
    }
}
