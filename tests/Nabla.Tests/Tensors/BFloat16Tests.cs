using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Tests.Tensors;

/// <summary>Tensors whose numbers are kept as bfloat16, against the same numbers as floats.</summary>
[Trait("Tier", "true")]
[Collection(SetsThreadCount.Name)]
public class BFloat16Tests
{
    [Theory]
    [InlineData(1f, 1f)]
    [InlineData(-3.140625f, -3.140625f)]
    [InlineData(1.00390625f, 1f)] // halfway between 1 and 1.0078125: to the even one
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(1.0039065f, 1.0078125f)]
    [InlineData(3.4e38f, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(-0f, -0f)]
    public void Numbers_are_rounded_to_the_nearest(float value, float expected)
        => Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(BFloat16.Round(value).Value));

    [Fact]
    public void A_NaN_whose_upper_half_is_that_of_infinity_stays_one()
        => Assert.True(float.IsNaN(BFloat16.Round(BitConverter.UInt32BitsToSingle(0x7F800001)).Value));

    // Around the rows that are had as dot products, and depths around whole vectors.
    [Theory]
    [InlineData(1, 768, 50)]
    [InlineData(3, 130, 37)]
    [InlineData(16, 33, 5)]
    [InlineData(17, 130, 37)]
    [InlineData(40, 1500, 803)]
    public void A_linear_layer_gives_what_its_rounded_weight_gives(int rows, int depth, int outputs)
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        RandomGenerator random = new(1);
        Tensor x = Tensor.Randn(random, rows, depth);
        Tensor weight = Tensor.Randn(random, outputs, depth);
        Tensor bias = Tensor.Randn(random, outputs);
        Tensor rounded = Tensor.From([.. weight.ToArray().Select(value => BFloat16.Round(value).Value)], outputs, depth);
        Assert.Same(weight, weight.StoreAsBFloat16());
        Assert.True(weight.IsBFloat16);
        Assert.True(x.Linear(weight, bias).AllClose(x.Linear(rounded, bias), 1e-5f, 1e-4f));
        Assert.True(x.Linear(weight).AllClose(x.Linear(rounded), 1e-5f, 1e-4f));
        IndexTensor ids = IndexTensor.From([3, 0, 3, outputs - 1], 2, 2);
        Assert.Equal(rounded[ids].ToArray(), weight[ids].ToArray());
    }

    [Fact]
    public void Every_number_of_threads_gives_the_same_bits()
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        Tensor weight = Tensor.Randn(new RandomGenerator(1), 900, 700).StoreAsBFloat16();
        int threads = Compute.ThreadCount;
        try
        {
            foreach (int rows in (int[])[1, 5, 30])
            {
                Tensor x = Tensor.Randn(new RandomGenerator(2), rows, 700);
                float[][] results = [.. new[] { 1, 2, 3, 4 }.Select(count =>
                {
                    Compute.ThreadCount = count;
                    return x.Linear(weight).ToArray();
                })];
                Assert.All(results, result => Assert.Equal(results[0], result));
            }
        }
        finally
        {
            Compute.ThreadCount = threads;
        }
    }

    [Fact]
    public void What_needs_the_lost_digits_is_refused_in_a_line_that_says_so()
    {
        Tensor weight = Tensor.Ones(3, 4);
        Assert.Throws<InvalidOperationException>(() => weight.Transpose(0, 1).StoreAsBFloat16());
        weight.RequiresGrad = true;
        Assert.Throws<InvalidOperationException>(() => (weight * 2).StoreAsBFloat16());
        weight.StoreAsBFloat16();
        Refused("load the model again to train it", () => Tensor.Ones(2, 4).Linear(weight));
        Refused("load the model again to train it", () => weight[IndexTensor.From([1], 1)]);
        Refused("load the model again to train it, to save it", () => weight.ToArray());
        using NoGradScope noGrad = Tensor.NoGrad();
        Refused("load the model again to train it, to save it", () => weight.FillInPlace(1));
        Refused("whole rows", () => Tensor.Ones(2, 3).Linear(weight.Transpose(0, 1)));
        Refused("whole rows", () => weight.IndexSelect(1, IndexTensor.From([1], 1)));
        static void Refused(string expected, Func<object> action)
            => Assert.Contains(expected, Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
    }
}
