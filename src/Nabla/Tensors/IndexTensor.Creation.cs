namespace Nabla;

/// <content>Making index tensors: by rule, at random, and into floats.</content>
public sealed partial class IndexTensor
{
    /// <summary>Returns a tensor of zeros.</summary>
    public static IndexTensor Zeros(params ReadOnlySpan<int> sizes) => Full(new Shape(sizes), 0);

    /// <summary>Returns a tensor of which every element is <paramref name="value"/>.</summary>
    public static IndexTensor Full(Shape shape, int value)
    {
        IndexTensor result = new(shape);
        result.Values.Fill(value);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Returns a scalar.</summary>
    public static IndexTensor Scalar(int value) => Full(default, value);

    /// <summary>Returns the vector 0, 1, 2, ..., <paramref name="end"/> excluded.</summary>
    /// <exception cref="ArgumentException">The end is negative.</exception>
    public static IndexTensor Arange(int end) => Arange(0, end);

    /// <summary>Returns the vector of numbers from a start by equal steps, the end excluded.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">What the numbers stay below, or above where the step is negative.</param>
    /// <param name="step">The distance between neighbours.</param>
    /// <exception cref="ArgumentException">The step is zero or leads away from the end.</exception>
    public static IndexTensor Arange(int start, int end, int step = 1)
    {
        long distance = (long)end - start;
        if (step == 0 || Math.Sign(distance) == -Math.Sign(step))
        {
            throw new ArgumentException($"Arange: no steps of {step} lead from {start} to {end}.");
        }

        long count = (distance / step) + (distance % step == 0 ? 0 : 1);
        IndexTensor result = new(new Shape(checked((int)count)));
        Span<int> values = result.Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = start + (i * step);
        }

        GC.KeepAlive(result);
        return result;
    }

    /// <summary>
    /// Returns integers from [<paramref name="low"/>, <paramref name="high"/>), drawn from <see cref="RandomGenerator.Default"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The range holds no number.</exception>
    public static IndexTensor Randint(int low, int high, params ReadOnlySpan<int> sizes)
        => Randint(RandomGenerator.Default, low, high, sizes);

    /// <summary>Returns integers from [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <exception cref="ArgumentException">The range holds no number.</exception>
    public static IndexTensor Randint(RandomGenerator random, int low, int high, params ReadOnlySpan<int> sizes)
    {
        IndexTensor result = new(new Shape(sizes));
        random.Integers(result.Values, low, high);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Returns the numbers from 0 up to a count, in random order.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="random">The generator; <see cref="RandomGenerator.Default"/> where none is given.</param>
    /// <exception cref="ShapeException">The count is negative.</exception>
    public static IndexTensor Randperm(int count, RandomGenerator? random = null)
    {
        IndexTensor result = new(new Shape(count));
        (random ?? RandomGenerator.Default).Permutation(result.Values);
        GC.KeepAlive(result);
        return result;
    }

    /// <summary>Returns the elements as floats; beyond 2^24 they are rounded.</summary>
    public Tensor ToTensor()
    {
        Tensor result = new(Shape);
        Span<float> values = result.Values;
        ReadOnlySpan<int> ids = Values;
        for (int i = 0; i < ids.Length; i++)
        {
            values[i] = ids[i];
        }

        GC.KeepAlive(this);
        GC.KeepAlive(result);
        return result;
    }
}
