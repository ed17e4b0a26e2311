using Nabla.Nn;
using Nabla.Optim;
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

    [Fact]
    public void A_step_on_tiny_tensors_makes_little_garbage()
    {
        Sequential model = new(new Linear(2, 2), new Sigmoid(), new Linear(2, 1), new Sigmoid());
        Sgd optimizer = new(model.Parameters(), learningRate: 0.1f);
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Step();
        }

        // Eleven tensors of the forward pass, as many gradients as functions, and the tape.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 3500);

        void Step()
        {
            optimizer.ZeroGrad();
            model.Forward(Tensor.Ones(2)).MseLoss(Tensor.Ones(1)).Backward();
            optimizer.Step();
        }
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
