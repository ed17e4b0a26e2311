namespace Nabla.Tests.Autograd;

/// <summary>Millions of objects at once make every collection slow, so nothing else runs beside this.</summary>
[Collection("ThreadCount")]
public class LongChainTests
{
    [Fact]
    public void A_chain_of_a_million_additions_does_not_overflow_the_stack()
    {
        Tensor x = Tensor.From([1]);
        x.RequiresGrad = true;
        Tensor sum = x;
        for (int i = 0; i < 1_000_000; i++)
        {
            sum += x;
        }

        sum.Backward();
        Assert.Equal(1_000_001, sum.Item());
        Assert.Equal(1_000_001, x.Grad!.Item());
    }
}
