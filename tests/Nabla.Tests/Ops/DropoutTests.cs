namespace Nabla.Tests.Ops;

[Trait("Tier", "true")]
public class DropoutTests
{
    [Fact]
    [Trait("Number", "L07-072")]
    public void A_fifth_is_dropped_and_the_rest_scaled_up()
    {
        float[] y = Tensor.Ones(100_000).Dropout(0.2f, new RandomGenerator(1)).ToArray();
        Assert.Equal(0.2, y.Count(value => value == 0) / (double)y.Length, 0.005);
        Assert.All(y, value => Assert.True(value is 0 or 1.25f));
        float[] other = Tensor.Ones(100_000).Dropout(0.2f, new RandomGenerator(2)).ToArray();
        Assert.NotEqual(y, other);
    }

    [Fact]
    public void The_gradient_passes_where_the_value_did()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(3), 7, 301);
        x.RequiresGrad = true;
        Tensor y = x.Dropout(0.5f, new RandomGenerator(4));
        y.Sum().Backward();
        (float[] values, float[] gradient, float[] result) = (x.ToArray(), x.Grad!.ToArray(), y.ToArray());
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.Equal(result[i], values[i] * gradient[i]));
        (x.Dropout(0.5f, new RandomGenerator(4)) * 1).Sum().Backward();
        Assert.Equal(gradient.Select(value => 2 * value), x.Grad!.ToArray());
    }

    [Fact]
    public void Nothing_dropped_is_the_tensor_itself_and_everything_is_refused()
    {
        Tensor x = Tensor.Ones(3);
        Assert.Same(x, x.Dropout(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Dropout(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Dropout(float.NaN));
    }
}
