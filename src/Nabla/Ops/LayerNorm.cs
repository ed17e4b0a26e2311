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
        Tensor? shift = bias?.Contiguous();
        LayerNormKernels.Forward(input, scale, shift, epsilon, statistics, y);
        return NoGradScope.IsRecording && (Records(this) || (weight is not null && Records(weight)) || (bias is not null && Records(bias)))
            ? y.ProducedBy(new LayerNormOp(this, input, weight, scale, bias, shift, epsilon, statistics))
            : y;
    }
}

file sealed class LayerNormOp(
    Tensor x, Tensor input, Tensor? weight, Tensor? scale, Tensor? bias, Tensor? shift, float epsilon, Tensor statistics)
    : Op(x, weight, bias)
{
    private readonly Saved _input = new(input);
    private readonly Saved _scale = scale is null ? default : new(scale);

    private readonly Saved _shift = shift is null ? default : new(shift);

    public override int InputCount => 3;

    public override bool CanRecompute => true;

    private Tensor? Scale => scale is null ? null : _scale.For(this);

    public override void Recompute(Tensor y)
        => LayerNormKernels.Forward(_input.For(this), Scale, shift is null ? null : _shift.For(this), epsilon, statistics, y);

    public override void Backward(Tensor dy)
    {
        bool fresh = true;
        Tensor? dx = x.NeedsGradient ? GradientOf(x, out fresh) : null;
        Tensor? dweight = weight is not null && weight.NeedsGradient ? GradientOf(weight) : null;
        Tensor? dbias = bias is not null && bias.NeedsGradient ? GradientOf(bias) : null;
        LayerNormKernels.AddBackward(_input.For(this), Scale, statistics, dy, dx, !fresh, dweight, dbias);
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

    /// <summary>
    /// Adds all gradients in one pass. Rows are cut into parts by their number alone; each part sums its columns for itself, and
    /// those sums are added up in the order of the parts.
    /// </summary>
    public static void AddBackward(
        Tensor x, Tensor? weight, Tensor statistics, Tensor dy, Tensor? dx, bool add, Tensor? dweight, Tensor? dbias)
    {
        (int rows, int width) = (statistics.Shape[0], x.Shape[-1]);
        long cost = 8L * width;
        int parts = ParallelFor.ChunkCount(rows, cost);
        BackwardRows body = new(x.Pointer, Address(weight), statistics.Pointer, dy.Pointer, Address(dx), rows, width, parts, add)
        {
            WeightSums = Address(dweight),
            BiasSums = Address(dbias),
        };
        if (parts == 1 || (dweight is null && dbias is null))
        {
            ParallelFor.Run(parts, rows * cost / parts, body);
            return;
        }

        Tensor sums = new(new Shape(parts, 2, width));
        sums.Clear();
        body = body with { WeightSums = sums.Pointer, BiasSums = sums.Pointer + width, PartStride = 2 * width };
        ParallelFor.Run(parts, rows * cost / parts, body);
        for (int part = 0; part < parts; part++)
        {
            AddPart(dweight, body.WeightSums + (part * body.PartStride));
            AddPart(dbias, body.BiasSums + (part * body.PartStride));
        }

        sums.Storage.Release();
    }

    private static void AddPart(Tensor? gradient, float* sums)
    {
        if (gradient is not null)
        {
            Rows.AddTo(gradient.Pointer, sums, gradient.Count);
        }
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

    private readonly struct BackwardRows(
        float* x, float* weight, float* statistics, float* dy, float* dx, int rows, int width, int parts, bool add) : IParallelBody
    {
        /// <summary>Gets where a part adds the gradient of the weight; null where nobody wants it.</summary>
        public float* WeightSums { get; init; }

        /// <summary>Gets where a part adds the gradient of the bias; null where nobody wants it.</summary>
        public float* BiasSums { get; init; }

        /// <summary>Gets the distance from a part's sums to those of the next.</summary>
        public int PartStride { get; init; }

        public void Run(int start, int end)
        {
            for (int part = start; part < end; part++)
            {
                int last = ParallelFor.ChunkStart(part + 1, parts, rows);
                for (int row = ParallelFor.ChunkStart(part, parts, rows); row < last; row++)
                {
                    switch (Simd.Tier)
                    {
                        case SimdTier.Vector512:
                            Row<V512>(row, part);
                            break;
                        case SimdTier.Vector256:
                            Row<V256>(row, part);
                            break;
                        case SimdTier.Vector128:
                            Row<V128>(row, part);
                            break;
                        default:
                            Row<V1>(row, part);
                            break;
                    }
                }
            }
        }

        private void Row<V>(int row, int part)
            where V : unmanaged, IVector<V>
        {
            nint offset = (nint)row * width;
            int whole = Sums<V>(row, part, offset, 0, out float sum, out float product);
            Sums<V1>(row, part, offset, whole, out float tailSum, out float tailProduct);
            if (dx != null)
            {
                (float meanGradient, float meanProduct) = ((sum + tailSum) / width, (product + tailProduct) / width);
                Write<V1>(row, offset, Write<V>(row, offset, 0, meanGradient, meanProduct), meanGradient, meanProduct);
            }
        }

        // The sums of g and of g n along the row, while those of dy n and of dy go to the columns.
        private int Sums<V>(int row, int part, nint offset, int i, out float sum, out float product)
            where V : unmanaged, IVector<V>
        {
            (V mean, V scale) = (V.Broadcast(statistics[2 * row]), V.Broadcast(statistics[(2 * row) + 1]));
            (V sums, V products) = (V.Broadcast(0), V.Broadcast(0));
            float* weightSums = WeightSums == null ? null : WeightSums + (part * PartStride);
            float* biasSums = BiasSums == null ? null : BiasSums + (part * PartStride);
            for (; i <= width - V.Count; i += V.Count)
            {
                V g = V.Load(dy + offset + i);
                V normal = (V.Load(x + offset + i) - mean) * scale;
                if (weightSums != null)
                {
                    V.MultiplyAdd(g, normal, V.Load(weightSums + i)).Store(weightSums + i);
                }

                if (biasSums != null)
                {
                    (V.Load(biasSums + i) + g).Store(biasSums + i);
                }

                g = weight == null ? g : g * V.Load(weight + i);
                sums += g;
                products = V.MultiplyAdd(g, normal, products);
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
}
