using System.Runtime.CompilerServices;
using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Normalises every channel to mean 0 and variance 1 over the batch, then scales and shifts it: Ioffe and Szegedy, "Batch
    /// Normalization", 2015. Channels are the last dimension; all others together are the batch.
    /// </summary>
    /// <param name="weight">[C], the scale; null for 1.</param>
    /// <param name="bias">[C], the shift; null for 0.</param>
    /// <param name="runningMean">[C]: moved towards the batch's mean when training, else used in its place.</param>
    /// <param name="runningVariance">[C]: moved towards the batch's unbiased variance when training, else used in its place.</param>
    /// <param name="training">Whether to normalise by the statistics of this batch, or by the running ones.</param>
    /// <param name="momentum">How far the running statistics move, from 0, not at all, to 1, all the way.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>A tensor of this shape, [..., C].</returns>
    /// <remarks>
    /// As in PyTorch, a batch is normalised by its biased variance, and the running variance gathers the unbiased one.
    /// With R numbers to a channel, n = (x - mean) / sqrt(var + epsilon) and g = dy * weight, backward is
    /// <c>dx += (g - sum(g) / R - n sum(g n) / R) / sqrt(var + epsilon)</c>, without the sums where the running statistics were
    /// used; <c>dweight += sum(dy n)</c>, <c>dbias += sum(dy)</c>.
    /// </remarks>
    /// <exception cref="ShapeException">
    /// The tensor has fewer than two dimensions, a parameter is not [C], or a training batch has a single number to a channel.
    /// </exception>
    /// <exception cref="ArgumentException">Only one running statistic is given, or none where they are to be used.</exception>
    public Tensor BatchNorm(
        Tensor? weight = null,
        Tensor? bias = null,
        Tensor? runningMean = null,
        Tensor? runningVariance = null,
        bool training = true,
        float momentum = 0.1f,
        float epsilon = 1e-5f)
    {
        BatchNormKernels.Check(this, [weight, bias, runningMean, runningVariance]);
        if ((runningMean is null) != (runningVariance is null) || (runningMean is null && !training))
        {
            throw new ArgumentException(
                "BatchNorm: give both the running mean and the running variance; only training can do without the two.");
        }

        (int width, int rows) = (Shape[-1], Count / Math.Max(Shape[-1], 1));
        if (training && rows < 2 && width > 0)
        {
            throw new ShapeException(
                $"BatchNorm: {Shape} has {rows} number to a channel, and a single number has no variance; train with a batch of " +
                "two or more, or call Eval() first.");
        }

        if (training && runningMean is not null)
        {
            BatchNormKernels.CheckRunning(runningMean);
            BatchNormKernels.CheckRunning(runningVariance!);
        }

        Tensor input = Contiguous();
        Tensor? scale = weight?.Contiguous();
        Tensor y = new(Shape);
        Tensor statistics = new(new Shape(2, width));
        BatchNormKernels.Forward(
            input,
            scale,
            bias?.Contiguous(),
            runningMean?.Contiguous(),
            runningVariance?.Contiguous(),
            training,
            momentum,
            epsilon,
            statistics,
            y);
        return Records(this, weight, bias)
            ? y.ProducedBy(new BatchNormOp(this, input, weight, scale, bias, statistics, training))
            : y;
    }
}

file sealed class BatchNormOp(Tensor x, Tensor input, Tensor? weight, Tensor? scale, Tensor? bias, Tensor statistics, bool training)
    : Op(x, weight, bias)
{
    private readonly Saved _input = new(input);
    private readonly Saved _scale = scale is null ? default : new(scale);

    public override void Backward(Tensor dy)
    {
        bool fresh = true;
        Tensor? dx = x.NeedsGradient ? GradientOf(x, out fresh) : null;
        Tensor? dweight = weight is not null && weight.NeedsGradient ? GradientOf(weight) : null;
        Tensor? dbias = bias is not null && bias.NeedsGradient ? GradientOf(bias) : null;
        BatchNormKernels.AddBackward(
            _input.For(this), scale is null ? null : _scale.For(this), statistics, dy, training, dx, !fresh, dweight, dbias);
    }
}

file static unsafe class BatchNormKernels
{
    public static void Check(Tensor x, ReadOnlySpan<Tensor?> parameters)
    {
        if (x.Rank < 2)
        {
            throw new ShapeException($"BatchNorm: the tensor is {x.Shape}; it must be [N, C], or [N, L, C], with the channels last.");
        }

        foreach (Tensor? parameter in parameters)
        {
            if (parameter is not null && (parameter.Rank != 1 || parameter.Count != x.Shape[-1]))
            {
                throw new ShapeException(
                    $"BatchNorm: a parameter is {parameter.Shape}; for an input of {x.Shape} it must be [{x.Shape[-1]}].");
            }
        }
    }

    public static void CheckRunning(Tensor statistic)
    {
        statistic.CheckWritable(nameof(Tensor.BatchNorm));
        if (!statistic.IsContiguous)
        {
            throw new ArgumentException(
                "BatchNorm: a running statistic is not contiguous, and training writes to it; give a tensor of its own.");
        }
    }

    /// <summary>Normalises every column, and keeps its mean and the reciprocal of its standard deviation.</summary>
    public static void Forward(
        Tensor x,
        Tensor? weight,
        Tensor? bias,
        Tensor? runningMean,
        Tensor? runningVariance,
        bool training,
        float momentum,
        float epsilon,
        Tensor statistics,
        Tensor y)
    {
        int width = x.Shape[-1];
        int rows = x.Count / Math.Max(width, 1);
        ForwardColumns body = new(
            new Layout(rows, width), x.Pointer, Address(weight), Address(bias), Address(runningMean), Address(runningVariance),
            training, momentum, epsilon, statistics.Pointer, y.Pointer);
        Columns.Run(width, 3L * rows, body);
        if (training)
        {
            runningMean?.Touch();
            runningVariance?.Touch();
        }

        foreach (Tensor? read in (ReadOnlySpan<Tensor?>)[x, weight, bias, runningMean, runningVariance, statistics])
        {
            GC.KeepAlive(read);
        }
    }

    public static void AddBackward(
        Tensor x, Tensor? weight, Tensor statistics, Tensor dy, bool training, Tensor? dx, bool add, Tensor? dweight, Tensor? dbias)
    {
        int width = x.Shape[-1];
        int rows = x.Count / Math.Max(width, 1);
        BackwardColumns body = new(
            new Layout(rows, width), x.Pointer, Address(weight), statistics.Pointer, dy.Pointer, training,
            Address(dx), add, Address(dweight), Address(dbias));
        Columns.Run(width, 4L * rows, body);
    }

    private static float* Address(Tensor? x) => x is null ? null : x.Pointer;

    private readonly record struct Layout(int Rows, int Width);

    private readonly struct ForwardColumns(
        Layout layout,
        float* x,
        float* weight,
        float* bias,
        float* runningMean,
        float* runningVariance,
        bool training,
        float momentum,
        float epsilon,
        float* statistics,
        float* y) : IColumnBody
    {
        public void Run<V>(int column)
            where V : unmanaged, IVector<V>
        {
            V mean;
            V variance;
            if (training)
            {
                V count = V.Broadcast(layout.Rows);
                mean = Columns.Sum<V, Plain<V>>(new(x), layout.Rows, layout.Width, column) / count;
                variance = Columns.Sum<V, Squares<V>>(new(x, mean), layout.Rows, layout.Width, column) / count;
                if (runningMean != null)
                {
                    Move(runningMean + column, mean);
                    Move(runningVariance + column, variance * V.Broadcast(layout.Rows / (layout.Rows - 1f)));
                }
            }
            else
            {
                (mean, variance) = (V.Load(runningMean + column), V.Load(runningVariance + column));
            }

            V scale = V.Broadcast(1) / V.Sqrt(variance + V.Broadcast(epsilon));
            mean.Store(statistics + column);
            scale.Store(statistics + layout.Width + column);
            V gain = weight == null ? scale : scale * V.Load(weight + column);
            V shift = bias == null ? V.Broadcast(0) : V.Load(bias + column);
            nint index = column;
            for (int row = 0; row < layout.Rows; row++, index += layout.Width)
            {
                V.MultiplyAdd(V.Load(x + index) - mean, gain, shift).Store(y + index);
            }
        }

        private void Move<V>(float* running, V value)
            where V : unmanaged, IVector<V>
            => V.MultiplyAdd(value, V.Broadcast(momentum), V.Load(running) * V.Broadcast(1 - momentum)).Store(running);
    }

    private readonly struct BackwardColumns(
        Layout layout,
        float* x,
        float* weight,
        float* statistics,
        float* dy,
        bool training,
        float* dx,
        bool add,
        float* dweight,
        float* dbias) : IColumnBody
    {
        public void Run<V>(int column)
            where V : unmanaged, IVector<V>
        {
            (V mean, V scale) = (V.Load(statistics + column), V.Load(statistics + layout.Width + column));
            V sum = Columns.Sum<V, Plain<V>>(new(dy), layout.Rows, layout.Width, column);
            V product = Columns.Sum<V, Products<V>>(new(dy, x, mean), layout.Rows, layout.Width, column) * scale;
            if (dweight != null)
            {
                (V.Load(dweight + column) + product).Store(dweight + column);
            }

            if (dbias != null)
            {
                (V.Load(dbias + column) + sum).Store(dbias + column);
            }

            if (dx == null)
            {
                return;
            }

            V gain = weight == null ? scale : scale * V.Load(weight + column);
            V share = V.Broadcast(training ? 1f / layout.Rows : 0);
            (V shift, V slope) = (sum * share, product * scale * share);
            nint index = column;
            for (int row = 0; row < layout.Rows; row++, index += layout.Width)
            {
                V gradient = (V.Load(dy + index) - shift - ((V.Load(x + index) - mean) * slope)) * gain;
                (add ? V.Load(dx + index) + gradient : gradient).Store(dx + index);
            }
        }
    }

    private readonly struct Plain<V>(float* x) : IColumnElements<V>
        where V : unmanaged, IVector<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(int row, nint index) => V.Load(x + index);
    }

    private readonly struct Squares<V>(float* x, V mean) : IColumnElements<V>
        where V : unmanaged, IVector<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(int row, nint index)
        {
            V difference = V.Load(x + index) - mean;
            return difference * difference;
        }
    }

    private readonly struct Products<V>(float* dy, float* x, V mean) : IColumnElements<V>
        where V : unmanaged, IVector<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(int row, nint index) => V.Load(dy + index) * (V.Load(x + index) - mean);
    }
}
