using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Normalises the last dimension to mean 0 and (biased) variance 1, then scales and shifts it: Ba, Kiros and Hinton,
    /// "Layer Normalization", 2016.
    /// </summary>
    /// <param name="weight">[C], the scale; null for 1.</param>
    /// <param name="bias">[C], the shift; null for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>A tensor of this shape, [..., C].</returns>
    /// <remarks>
    /// With n = (x - mean) / sqrt(var + epsilon) and g = dy * weight, backward is
    /// <c>dx += (g - mean(g) - n mean(g n)) / sqrt(var + epsilon)</c>, <c>dweight += sum(dy n)</c>, <c>dbias += sum(dy)</c>.
    /// </remarks>
    /// <exception cref="ShapeException">The tensor is a scalar, or weight or bias is not [C].</exception>
    public Tensor LayerNorm(Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        if (Rank == 0)
        {
            throw new ShapeException("LayerNorm: the tensor is a scalar; it needs a last dimension to normalise.");
        }

        int width = Shape[-1];
        foreach (Tensor? parameter in (ReadOnlySpan<Tensor?>)[weight, bias])
        {
            if (parameter is not null && (parameter.Rank != 1 || parameter.Count != width))
            {
                throw new ShapeException($"LayerNorm: a parameter is {parameter.Shape}; for an input of {Shape} it must be [{width}].");
            }
        }

        Tensor input = Contiguous();
        Tensor? scale = weight?.Contiguous();
        Tensor y = new(Shape);
        Tensor statistics = new(new Shape(width == 0 ? 0 : Count / width, 2));
        LayerNormKernels.Forward(input, scale, bias?.Contiguous(), epsilon, statistics, y);
        return NoGradScope.IsRecording && (Records(this) || (weight is not null && Records(weight)) || (bias is not null && Records(bias)))
            ? y.ProducedBy(new LayerNormOp(this, input, weight, scale, bias, statistics))
            : y;
    }
}

file sealed class LayerNormOp(Tensor x, Tensor input, Tensor? weight, Tensor? scale, Tensor? bias, Tensor statistics)
    : Op(x, weight, bias)
{
    private readonly Saved _input = new(input);
    private readonly Saved _scale = scale is null ? default : new(scale);

    public override int InputCount => 3;

    public override void Backward(Tensor dy)
    {
        Tensor saved = _input.For(this);
        if (x.NeedsGradient)
        {
            Tensor dx = GradientOf(x, out bool fresh);
            LayerNormKernels.AddInputGradient(saved, scale is null ? null : _scale.For(this), statistics, dy, dx, !fresh);
        }

        Tensor? dweight = weight is not null && weight.NeedsGradient ? GradientOf(weight) : null;
        Tensor? dbias = bias is not null && bias.NeedsGradient ? GradientOf(bias) : null;
        if (dweight is not null || dbias is not null)
        {
            LayerNormKernels.AddParameterGradients(saved, statistics, dy, dweight, dbias);
        }
    }
}

file static unsafe class LayerNormKernels
{
    /// <summary>Normalises every row, and keeps its mean and the reciprocal of its standard deviation.</summary>
    public static void Forward(Tensor x, Tensor? weight, Tensor? bias, float epsilon, Tensor statistics, Tensor y)
    {
        int width = x.Shape[-1];
        ForwardRows body = new(x.Pointer, Address(weight), Address(bias), epsilon, statistics.Pointer, y.Pointer, width);
        ParallelFor.Run(statistics.Shape[0], 4L * width, body);
        KeepAlive(x, weight, bias, statistics);
        GC.KeepAlive(y);
    }

    public static void AddInputGradient(Tensor x, Tensor? weight, Tensor statistics, Tensor dy, Tensor dx, bool add)
    {
        int width = x.Shape[-1];
        InputGradientRows body = new(x.Pointer, Address(weight), statistics.Pointer, dy.Pointer, dx.Pointer, width, add);
        ParallelFor.Run(statistics.Shape[0], 6L * width, body);
    }

    /// <summary>Adds over all rows, each column for itself, so that the order of the sum never depends on the threads.</summary>
    public static void AddParameterGradients(Tensor x, Tensor statistics, Tensor dy, Tensor? dweight, Tensor? dbias)
    {
        (int rows, int width) = (statistics.Shape[0], x.Shape[-1]);
        ParameterGradientColumns body = new(
            x.Pointer, statistics.Pointer, dy.Pointer, Address(dweight), Address(dbias), rows, width);
        ParallelFor.Run(width, 2L * rows, body);
    }

    private static float* Address(Tensor? x) => x is null ? null : x.Pointer;

    private static void KeepAlive(Tensor? first, Tensor? second, Tensor? third, Tensor? fourth)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
        GC.KeepAlive(fourth);
    }

    private readonly struct ForwardRows(float* x, float* weight, float* bias, float epsilon, float* statistics, float* y, int width)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                float* source = x + ((nint)row * width);
                float mean = Rows.Sum(source, width) / width;
                float variance = Rows.SumOfSquaresFrom(source, width, mean) / width;
                float scale = 1 / MathF.Sqrt(variance + epsilon);
                statistics[2 * row] = mean;
                statistics[(2 * row) + 1] = scale;
                float* target = y + ((nint)row * width);
                switch (Simd.Tier)
                {
                    case SimdTier.Vector512:
                        Range<V1>(source, target, mean, scale, Range<V512>(source, target, mean, scale, 0));
                        break;
                    case SimdTier.Vector256:
                        Range<V1>(source, target, mean, scale, Range<V256>(source, target, mean, scale, 0));
                        break;
                    case SimdTier.Vector128:
                        Range<V1>(source, target, mean, scale, Range<V128>(source, target, mean, scale, 0));
                        break;
                    default:
                        Range<V1>(source, target, mean, scale, 0);
                        break;
                }
            }
        }

        private int Range<V>(float* source, float* target, float mean, float scale, int i)
            where V : unmanaged, IVector<V>
        {
            (V means, V scales) = (V.Broadcast(mean), V.Broadcast(scale));
            for (; i <= width - V.Count; i += V.Count)
            {
                V normal = (V.Load(source + i) - means) * scales;
                normal = weight == null ? normal : normal * V.Load(weight + i);
                (bias == null ? normal : normal + V.Load(bias + i)).Store(target + i);
            }

            return i;
        }
    }

    private readonly struct InputGradientRows(float* x, float* weight, float* statistics, float* dy, float* dx, int width, bool add)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int row = start; row < end; row++)
            {
                switch (Simd.Tier)
                {
                    case SimdTier.Vector512:
                        Row<V512>(row);
                        break;
                    case SimdTier.Vector256:
                        Row<V256>(row);
                        break;
                    case SimdTier.Vector128:
                        Row<V128>(row);
                        break;
                    default:
                        Row<V1>(row);
                        break;
                }
            }
        }

        private void Row<V>(int row)
            where V : unmanaged, IVector<V>
        {
            nint offset = (nint)row * width;
            int whole = Sums<V>(row, offset, 0, out float sum, out float product);
            Sums<V1>(row, offset, whole, out float tailSum, out float tailProduct);
            (float meanGradient, float meanProduct) = ((sum + tailSum) / width, (product + tailProduct) / width);
            Write<V1>(row, offset, Write<V>(row, offset, 0, meanGradient, meanProduct), meanGradient, meanProduct);
        }

        // The sums of g and of g n.
        private int Sums<V>(int row, nint offset, int i, out float sum, out float product)
            where V : unmanaged, IVector<V>
        {
            (V mean, V scale) = (V.Broadcast(statistics[2 * row]), V.Broadcast(statistics[(2 * row) + 1]));
            (V sums, V products) = (V.Broadcast(0), V.Broadcast(0));
            for (; i <= width - V.Count; i += V.Count)
            {
                V g = V.Load(dy + offset + i);
                g = weight == null ? g : g * V.Load(weight + i);
                sums += g;
                products = V.MultiplyAdd(g, (V.Load(x + offset + i) - mean) * scale, products);
            }

            (sum, product) = (V.Sum(sums), V.Sum(products));
            return i;
        }

        private int Write<V>(int row, nint offset, int i, float meanGradient, float meanProduct)
            where V : unmanaged, IVector<V>
        {
            (V mean, V scale) = (V.Broadcast(statistics[2 * row]), V.Broadcast(statistics[(2 * row) + 1]));
            (V gradients, V products) = (V.Broadcast(meanGradient), V.Broadcast(meanProduct));
            for (; i <= width - V.Count; i += V.Count)
            {
                V g = V.Load(dy + offset + i);
                g = weight == null ? g : g * V.Load(weight + i);
                V normal = (V.Load(x + offset + i) - mean) * scale;
                V gradient = (g - gradients - (normal * products)) * scale;
                (add ? V.Load(dx + offset + i) + gradient : gradient).Store(dx + offset + i);
            }

            return i;
        }
    }

    private readonly struct ParameterGradientColumns(
        float* x, float* statistics, float* dy, float* dweight, float* dbias, int rows, int width) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int row = 0; row < rows; row++)
            {
                switch (Simd.Tier)
                {
                    case SimdTier.Vector512:
                        Range<V1>(row, Range<V512>(row, start, end), end);
                        break;
                    case SimdTier.Vector256:
                        Range<V1>(row, Range<V256>(row, start, end), end);
                        break;
                    case SimdTier.Vector128:
                        Range<V1>(row, Range<V128>(row, start, end), end);
                        break;
                    default:
                        Range<V1>(row, start, end);
                        break;
                }
            }
        }

        private int Range<V>(int row, int i, int end)
            where V : unmanaged, IVector<V>
        {
            (V mean, V scale) = (V.Broadcast(statistics[2 * row]), V.Broadcast(statistics[(2 * row) + 1]));
            nint offset = (nint)row * width;
            for (; i <= end - V.Count; i += V.Count)
            {
                V g = V.Load(dy + offset + i);
                if (dweight != null)
                {
                    V normal = (V.Load(x + offset + i) - mean) * scale;
                    V.MultiplyAdd(g, normal, V.Load(dweight + i)).Store(dweight + i);
                }

                if (dbias != null)
                {
                    (V.Load(dbias + i) + g).Store(dbias + i);
                }
            }

            return i;
        }
    }
}
