namespace Nabla;

/// <content>Random tensors, with the streams of PyTorch's CPU generator.</content>
public sealed partial class Tensor
{
    /// <summary>Returns uniform numbers from [0, 1), drawn from <see cref="RandomGenerator.Default"/>.</summary>
    public static Tensor Rand(params ReadOnlySpan<int> sizes) => Rand(RandomGenerator.Default, sizes);

    /// <summary>Returns uniform numbers from [0, 1).</summary>
    public static Tensor Rand(RandomGenerator random, params ReadOnlySpan<int> sizes) => Uniform(random, 0, 1, sizes);

    /// <summary>Returns numbers of mean 0 and standard deviation 1, drawn from <see cref="RandomGenerator.Default"/>.</summary>
    public static Tensor Randn(params ReadOnlySpan<int> sizes) => Randn(RandomGenerator.Default, sizes);

    /// <summary>Returns normally distributed numbers of mean 0 and standard deviation 1.</summary>
    public static Tensor Randn(RandomGenerator random, params ReadOnlySpan<int> sizes) => Normal(random, 0, 1, sizes);

    /// <summary>Returns uniform numbers from [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <exception cref="ArgumentException">The ends are in the wrong order, or their distance is not finite.</exception>
    public static Tensor Uniform(RandomGenerator random, float low, float high, params ReadOnlySpan<int> sizes)
    {
        Tensor result = new(new Shape(sizes));
        random.Uniform(result.Values, low, high);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Returns normally distributed numbers.</summary>
    /// <exception cref="ArgumentException">The mean is not finite, or the standard deviation is negative or not finite.</exception>
    public static Tensor Normal(RandomGenerator random, double mean, double standardDeviation, params ReadOnlySpan<int> sizes)
    {
        Tensor result = new(new Shape(sizes));
        random.Normal(result.Values, mean, standardDeviation);
        GC.KeepAlive(result);
        return result;
    }
}
