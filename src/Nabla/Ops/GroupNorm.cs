using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Normalises each group of neighbouring channels of each example to mean 0 and (biased) variance 1, over all its places,
    /// then scales and shifts every channel: Wu and He, "Group Normalization", 2018, arXiv:1803.08494. Channels are the last
    /// dimension, examples the first.
    /// </summary>
    /// <param name="groups">The number of groups, a divisor of C.</param>
    /// <param name="weight">[C], the scale; null for 1.</param>
    /// <param name="bias">[C], the shift; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>A tensor of this shape, [N, ..., C].</returns>
    /// <remarks>
    /// With n = (x - mean) / sqrt(var + epsilon) and g = dy * weight, backward is
    /// <c>dx += (g - mean(g) - n mean(g n)) / sqrt(var + epsilon)</c>, with means over a group; <c>dweight += sum(dy n)</c>,
    /// <c>dbias += sum(dy)</c>.
    /// </remarks>
    /// <exception cref="ShapeException">
    /// The tensor has fewer than two dimensions, the groups do not divide its channels, or weight or bias is not [C].
    /// </exception>
    public Tensor GroupNorm(int groups, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        if (Rank < 2 || groups < 1 || Shape[-1] % groups != 0)
        {
            throw new ShapeException(
                $"GroupNorm: {Shape} in {groups} groups: the tensor must be [N, C] or [N, L, C] with C a multiple of the groups.");
        }

        foreach (Tensor? parameter in (ReadOnlySpan<Tensor?>)[weight, bias])
        {
            if (parameter is not null && (parameter.Rank != 1 || parameter.Count != Shape[-1]))
            {
                throw new ShapeException(
                    $"GroupNorm: a parameter is {parameter.Shape}; for an input of {Shape} it must be [{Shape[-1]}].");
            }
        }

        Tensor input = Contiguous();
        Tensor? scale = weight?.Contiguous();
        Tensor y = new(Shape);
        Tensor statistics = new(new Shape(Shape[0], groups, 2));
        GroupNormKernels.Forward(new GroupLayout(Shape, groups), input, scale, bias?.Contiguous(), epsilon, statistics, y);
        return Records(this, weight, bias)
            ? y.ProducedBy(new GroupNormOp(this, groups, input, weight, scale, bias, statistics))
            : y;
    }
}

file sealed class GroupNormOp(
    Tensor x, int groups, Tensor input, Tensor? weight, Tensor? scale, Tensor? bias, Tensor statistics) : Op(x, weight, bias)
{
    private readonly Saved _input = new(input);
    private readonly Saved _scale = scale is null ? default : new(scale);

    public override void Backward(Tensor dy)
    {
        GroupLayout layout = new(dy.Shape, groups);
        Tensor saved = _input.For(this);
        if (x.NeedsGradient)
        {
            Tensor dx = GradientOf(x, out bool fresh);
            GroupNormKernels.AddInputGradient(layout, saved, scale is null ? null : _scale.For(this), statistics, dy, dx, !fresh);
        }

        Tensor? dweight = weight is not null && weight.NeedsGradient ? GradientOf(weight) : null;
        Tensor? dbias = bias is not null && bias.NeedsGradient ? GradientOf(bias) : null;
        if (dweight is not null || dbias is not null)
        {
            GroupNormKernels.AddParameterGradients(layout, saved, statistics, dy, dweight, dbias);
        }
    }
}

/// <summary>How examples, places and groups of channels lie: [N, L, groups, C / groups].</summary>
file readonly struct GroupLayout(in Shape shape, int groups)
{
    public int Examples { get; } = shape[0];

    public int Places { get; } = shape.Count == 0 ? 0 : shape.Count / shape[0] / shape[-1];

    public int Groups { get; } = groups;

    public int Width { get; } = shape[-1] / groups;

    /// <summary>Returns where the channels of a group lie at one place of an example.</summary>
    public nint Offset(int example, int place, int group)
        => (((((nint)example * Places) + place) * Groups) + group) * Width;
}

file static unsafe class GroupNormKernels
{
    public static void Forward(
        GroupLayout layout, Tensor x, Tensor? weight, Tensor? bias, float epsilon, Tensor statistics, Tensor y)
    {
        ForwardGroups body = new(layout, x.Pointer, Address(weight), Address(bias), epsilon, statistics.Pointer, y.Pointer);
        ParallelFor.Run(layout.Examples * layout.Groups, 4L * layout.Places * layout.Width, body);
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        GC.KeepAlive(statistics);
    }

    public static void AddInputGradient(
        GroupLayout layout, Tensor x, Tensor? weight, Tensor statistics, Tensor dy, Tensor dx, bool add)
    {
        InputGradientGroups body = new(layout, x.Pointer, Address(weight), statistics.Pointer, dy.Pointer, dx.Pointer, add);
        ParallelFor.Run(layout.Examples * layout.Groups, 6L * layout.Places * layout.Width, body);
    }

    public static void AddParameterGradients(
        GroupLayout layout, Tensor x, Tensor statistics, Tensor dy, Tensor? dweight, Tensor? dbias)
    {
        ParameterGradientGroups body = new(layout, x.Pointer, statistics.Pointer, dy.Pointer, Address(dweight), Address(dbias));
        ParallelFor.Run(layout.Groups, 3L * layout.Examples * layout.Places * layout.Width, body);
    }

    private static float* Address(Tensor? x) => x is null ? null : x.Pointer;

    private readonly struct ForwardGroups(
        GroupLayout layout, float* x, float* weight, float* bias, float epsilon, float* statistics, float* y) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                (int example, int group) = Math.DivRem(item, layout.Groups);
                (double sum, double squares) = (0, 0);
                for (int place = 0; place < layout.Places; place++)
                {
                    sum += Rows.Sum(x + layout.Offset(example, place, group), layout.Width);
                }

                double count = (double)layout.Places * layout.Width;
                float mean = (float)(sum / count);
                for (int place = 0; place < layout.Places; place++)
                {
                    squares += Rows.SumOfSquaresFrom(x + layout.Offset(example, place, group), layout.Width, mean);
                }

                float scale = 1 / MathF.Sqrt((float)(squares / count) + epsilon);
                (statistics[2 * item], statistics[(2 * item) + 1]) = (mean, scale);
                nint channel = (nint)group * layout.Width;
                float* weights = weight == null ? null : weight + channel;
                float* biases = bias == null ? null : bias + channel;
                for (int place = 0; place < layout.Places; place++)
                {
                    nint offset = layout.Offset(example, place, group);
                    Rows.Write(y + offset, new Output(x + offset, weights, biases, mean, scale), layout.Width);
                }
            }
        }
    }

    private readonly struct InputGradientGroups(
        GroupLayout layout, float* x, float* weight, float* statistics, float* dy, float* dx, bool add) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int item = start; item < end; item++)
            {
                (int example, int group) = Math.DivRem(item, layout.Groups);
                (float mean, float scale) = (statistics[2 * item], statistics[(2 * item) + 1]);
                float* weights = weight == null ? null : weight + ((nint)group * layout.Width);
                (double sum, double product) = (0, 0);
                for (int place = 0; place < layout.Places; place++)
                {
                    nint offset = layout.Offset(example, place, group);
                    Weighted g = new(dy + offset, weights);
                    sum += Rows.Sum(g, layout.Width);
                    product += Rows.Sum(new Product(g, x + offset, mean, scale), layout.Width);
                }

                double count = (double)layout.Places * layout.Width;
                (float shift, float slope) = ((float)(sum / count), (float)(product / count));
                for (int place = 0; place < layout.Places; place++)
                {
                    nint offset = layout.Offset(example, place, group);
                    Gradient gradient = new(new(dy + offset, weights), x + offset, mean, scale, shift, slope);
                    Rows.Write(dx + offset, gradient, layout.Width, add);
                }
            }
        }
    }

    private readonly struct ParameterGradientGroups(
        GroupLayout layout, float* x, float* statistics, float* dy, float* dweight, float* dbias) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int group = start; group < end; group++)
            {
                nint channel = (nint)group * layout.Width;
                for (int example = 0; example < layout.Examples; example++)
                {
                    float* pair = statistics + (2 * (((nint)example * layout.Groups) + group));
                    for (int place = 0; place < layout.Places; place++)
                    {
                        nint offset = layout.Offset(example, place, group);
                        Weighted g = new(dy + offset, null);
                        if (dweight != null)
                        {
                            Product products = new(g, x + offset, pair[0], pair[1]);
                            Rows.Write(dweight + channel, products, layout.Width, add: true);
                        }

                        if (dbias != null)
                        {
                            Rows.Write(dbias + channel, g, layout.Width, add: true);
                        }
                    }
                }
            }
        }
    }

    private readonly struct Output(float* x, float* weight, float* bias, float mean, float scale) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
        {
            V normal = (V.Load(x + index) - V.Broadcast(mean)) * V.Broadcast(scale);
            normal = weight == null ? normal : normal * V.Load(weight + index);
            return bias == null ? normal : normal + V.Load(bias + index);
        }
    }

    private readonly struct Weighted(float* dy, float* weight) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => weight == null ? V.Load(dy + index) : V.Load(dy + index) * V.Load(weight + index);
    }

    private readonly struct Product(Weighted g, float* x, float mean, float scale) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => g.At<V>(index) * ((V.Load(x + index) - V.Broadcast(mean)) * V.Broadcast(scale));
    }

    private readonly struct Gradient(Weighted g, float* x, float mean, float scale, float shift, float slope) : IRowElements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
        {
            V normal = (V.Load(x + index) - V.Broadcast(mean)) * V.Broadcast(scale);
            return (g.At<V>(index) - V.Broadcast(shift) - (normal * V.Broadcast(slope))) * V.Broadcast(scale);
        }
    }
}
