using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Nabla.Nn;

/// <summary>
/// Fills tensors with the random numbers that training starts from; those of PyTorch's <c>torch.nn.init</c>, in its order, from
/// the same seed.
/// </summary>
/// <remarks>
/// Filling leaves no trace on the tape. Weights are <c>[out, in]</c>, or <c>[out, in, ...]</c> with a kernel's sizes behind.
/// Where no generator is given, <see cref="RandomGenerator.Default"/> is drawn from. Methods return the tensor they filled.
/// </remarks>
public static class Initialization
{
    /// <summary>
    /// Leaves tensors on this thread as they are until the result is disposed: for a model whose every weight is read from a file
    /// next. Drawing the numbers that these replace would take longer than reading them.
    /// </summary>
    /// <example>
    /// <code>
    /// using (Initialization.Skip())
    /// {
    ///     layer = new Linear(768, 3072);
    /// }
    ///
    /// layer.Load("layer.safetensors");
    /// </code>
    /// </example>
    public static SkipInitializationScope Skip() => SkipInitializationScope.Begin();

    /// <summary>Fills with numbers from a normal distribution.</summary>
    /// <param name="tensor">The tensor to fill; it must be contiguous.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="standardDeviation">The standard deviation.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ArgumentException">A number is not finite, or the standard deviation is negative.</exception>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
    public static Tensor Normal(Tensor tensor, double mean = 0, double standardDeviation = 1, RandomGenerator? generator = null)
    {
        Span<float> elements = ElementsOf(tensor);
        if (SkipInitializationScope.IsOpen)
        {
            return tensor;
        }

        (generator ?? RandomGenerator.Default).Normal(elements, mean, standardDeviation);
        return Written(tensor);
    }

    /// <summary>Fills with numbers from a uniform distribution.</summary>
    /// <param name="tensor">The tensor to fill; it must be contiguous.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ArgumentException">The ends are in the wrong order, or their distance is not finite.</exception>
    /// <exception cref="InvalidOperationException">The tensor is not contiguous.</exception>
    public static Tensor Uniform(Tensor tensor, float low = 0, float high = 1, RandomGenerator? generator = null)
    {
        Span<float> elements = ElementsOf(tensor);
        if (SkipInitializationScope.IsOpen)
        {
            return tensor;
        }

        (generator ?? RandomGenerator.Default).Uniform(elements, low, high);
        return Written(tensor);
    }

    /// <summary>
    /// Fills a weight uniformly so that neither what flows forward nor the gradients grow or shrink, on average of the two.
    /// X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010), equation 16.
    /// </summary>
    /// <param name="weight">The weight, of two dimensions or more.</param>
    /// <param name="gain">What the size is multiplied by; see <see cref="CalculateGain"/>.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ShapeException">The weight has fewer than two dimensions.</exception>
    public static Tensor XavierUniform(Tensor weight, double gain = 1, RandomGenerator? generator = null)
        => Symmetric(weight, Math.Sqrt(3) * XavierDeviation(weight, gain, nameof(XavierUniform)), generator);

    /// <summary>The same as <see cref="XavierUniform"/> with normal numbers.</summary>
    /// <param name="weight">The weight, of two dimensions or more.</param>
    /// <param name="gain">What the size is multiplied by; see <see cref="CalculateGain"/>.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ShapeException">The weight has fewer than two dimensions.</exception>
    public static Tensor XavierNormal(Tensor weight, double gain = 1, RandomGenerator? generator = null)
        => Normal(weight, 0, XavierDeviation(weight, gain, nameof(XavierNormal)), generator);

    /// <summary>
    /// Fills a weight uniformly so that what flows through it and the function behind it keeps its size. K. He et al., "Delving
    /// Deep into Rectifiers" (2015), arXiv:1502.01852, equations 10 and 14.
    /// </summary>
    /// <param name="weight">The weight, of two dimensions or more.</param>
    /// <param name="negativeSlope">The slope of a leaky rectifier where it is negative; 0 is a plain one.</param>
    /// <param name="mode">Whether to keep the size of what flows forward or of the gradients.</param>
    /// <param name="nonlinearity">The function that follows the weight.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ShapeException">The weight has fewer than two dimensions.</exception>
    public static Tensor KaimingUniform(
        Tensor weight,
        double negativeSlope = 0,
        FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu,
        RandomGenerator? generator = null)
    {
        double deviation = KaimingDeviation(weight, negativeSlope, mode, nonlinearity, nameof(KaimingUniform));
        return Symmetric(weight, Math.Sqrt(3) * deviation, generator);
    }

    /// <summary>The same as <see cref="KaimingUniform"/> with normal numbers.</summary>
    /// <param name="weight">The weight, of two dimensions or more.</param>
    /// <param name="negativeSlope">The slope of a leaky rectifier where it is negative; 0 is a plain one.</param>
    /// <param name="mode">Whether to keep the size of what flows forward or of the gradients.</param>
    /// <param name="nonlinearity">The function that follows the weight.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ShapeException">The weight has fewer than two dimensions.</exception>
    public static Tensor KaimingNormal(
        Tensor weight,
        double negativeSlope = 0,
        FanMode mode = FanMode.FanIn,
        Nonlinearity nonlinearity = Nonlinearity.LeakyRelu,
        RandomGenerator? generator = null)
        => Normal(weight, 0, KaimingDeviation(weight, negativeSlope, mode, nonlinearity, nameof(KaimingNormal)), generator);

    /// <summary>
    /// Fills a linear layer as PyTorch's <c>nn.Linear</c> does by default: weight and bias uniformly within
    /// <c>1 / sqrt(in)</c> of zero, the weight first.
    /// </summary>
    /// <param name="weight">The weight, <c>[out, in]</c>.</param>
    /// <param name="bias">The bias, <c>[out]</c>; none for a layer without.</param>
    /// <param name="generator">What to draw from.</param>
    /// <exception cref="ShapeException">The weight has fewer than two dimensions.</exception>
    public static void LinearDefault(Tensor weight, Tensor? bias = null, RandomGenerator? generator = null)
    {
        // By PyTorch's roundabout way, a leaky rectifier of slope sqrt(5), as another order of rounding would change bits.
        KaimingUniform(weight, Math.Sqrt(5), generator: generator);
        if (bias is not null)
        {
            Symmetric(bias, weight.Count > 0 ? 1 / Math.Sqrt(Fan(weight, FanMode.FanIn, nameof(LinearDefault))) : 0, generator);
        }
    }

    /// <summary>
    /// Returns what a weight's size is multiplied by to make up for the function behind it: PyTorch's <c>calculate_gain</c>.
    /// </summary>
    /// <param name="nonlinearity">The function.</param>
    /// <param name="negativeSlope">The slope of a leaky rectifier where it is negative.</param>
    public static double CalculateGain(Nonlinearity nonlinearity, double negativeSlope = 0.01) => nonlinearity switch
    {
        Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.Relu => Math.Sqrt(2),
        Nonlinearity.LeakyRelu => Math.Sqrt(2 / (1 + (negativeSlope * negativeSlope))),
        Nonlinearity.Selu => 0.75,
        _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "CalculateGain: no such function."),
    };

    private static Tensor Symmetric(Tensor tensor, double bound, RandomGenerator? generator)
        => Uniform(tensor, (float)-bound, (float)bound, generator);

    private static double XavierDeviation(Tensor weight, double gain, string operation)
        => gain * Math.Sqrt(2.0 / ((double)Fan(weight, FanMode.FanIn, operation) + Fan(weight, FanMode.FanOut, operation)));

    private static double KaimingDeviation(
        Tensor weight, double negativeSlope, FanMode mode, Nonlinearity nonlinearity, string operation)
        => CalculateGain(nonlinearity, negativeSlope) / Math.Sqrt(Fan(weight, mode, operation));

    /// <summary>Returns how many numbers an output is made from, or an input goes to.</summary>
    private static int Fan(Tensor weight, FanMode mode, string operation)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Rank < 2)
        {
            throw new ShapeException(
                $"{operation}: the weight is {weight.Shape}; it needs two dimensions or more, [out, in, ...].");
        }

        int fan = weight.Shape[mode == FanMode.FanIn ? 1 : 0];
        foreach (int size in weight.Shape.AsSpan()[2..])
        {
            fan *= size;
        }

        // An empty weight takes no number, however large, but 1 / 0 is none.
        return Math.Max(fan, 1);
    }

    /// <summary>Returns the tensor's own memory; <see cref="Written"/> keeps the tensor alive until it is written to.</summary>
    private static unsafe Span<float> ElementsOf([NotNull] Tensor tensor, [CallerMemberName] string operation = "")
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return tensor.IsContiguous
            ? new Span<float>(tensor.Pointer, tensor.Count)
            : throw new InvalidOperationException(
                $"{operation}: the tensor of shape {tensor.Shape} is not contiguous; fill the tensor it is a view of.");
    }

    private static Tensor Written(Tensor tensor)
    {
        tensor.Touch();
        GC.KeepAlive(tensor);
        return tensor;
    }
}
