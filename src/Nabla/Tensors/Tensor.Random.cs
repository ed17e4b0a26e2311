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
    /// <exception cref="ArgumentException">
    /// The mean is not finite, or the standard deviation is negative or not finite.
    /// </exception>
    public static Tensor Normal(RandomGenerator random, double mean, double standardDeviation, params ReadOnlySpan<int> sizes)
    {
        Tensor result = new(new Shape(sizes));
        random.Normal(result.Values, mean, standardDeviation);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>
    /// Draws categories with chances in proportion to weights along the last dimension: <c>[K]</c> gives <c>[count]</c>, and
    /// <c>[B, K]</c> gives <c>[B, count]</c>, row after row.
    /// </summary>
    /// <param name="count">How many are drawn of each row.</param>
    /// <param name="random">The generator; <see cref="RandomGenerator.Default"/> where none is given.</param>
    /// <param name="replacement">Whether a category can be drawn again; else all of a row differ.</param>
    /// <exception cref="ShapeException">The tensor has neither one nor two dimensions, or the count is negative.</exception>
    /// <exception cref="ArgumentException">
    /// A weight is negative or not finite, or a row has no positive one, or without replacement fewer of those than are drawn.
    /// </exception>
    public IndexTensor Multinomial(int count, RandomGenerator? random = null, bool replacement = false)
    {
        if (Rank is not (1 or 2))
        {
            throw new ShapeException($"Multinomial: the weights are {Shape}; they must be [K] or [B, K].");
        }

        random ??= RandomGenerator.Default;
        Tensor weights = Detach().Contiguous();
        IndexTensor result = new(Shape.With(Rank - 1, count));
        for (int row = 0; row < (Rank == 1 ? 1 : Shape[0]); row++)
        {
            ReadOnlySpan<float> from = weights.Values.Slice(row * Shape[-1], Shape[-1]);
            Span<int> to = result.Values.Slice(row * count, count);
            if (replacement)
            {
                random.MultinomialWithReplacement(from, to);
            }
            else
            {
                random.MultinomialRace(from, to);
            }
        }

        GC.KeepAlive(weights);
        GC.KeepAlive(result);
        return result;
    }
}
