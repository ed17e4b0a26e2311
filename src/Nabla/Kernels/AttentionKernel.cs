namespace Nabla.Kernels;

/// <summary>
/// Scaled dot-product attention and its gradients, one (batch, head) pair per parallel item, in blocks of query rows: a block's
/// [rows, S] weights are made in scratch memory, used and forgotten. All operands are [B, H, length, D] with any strides.
/// </summary>
internal static unsafe class AttentionKernel
{
    /// <summary>The number of query rows that are worked on together.</summary>
    private const int BlockRows = 32;

    /// <summary>
    /// Computes <c>y = softmax(q k^T / sqrt(D)) v</c> and the log-sum-exp of each row of scaled scores, [B, H, T].
    /// </summary>
    public static void Forward(Tensor q, Tensor k, Tensor v, Tensor y, Tensor logSums, in Options options)
    {
        ForwardBody body = new(new Operand(q), new Operand(k), new Operand(v), new Operand(y), logSums.Pointer, options);
        ParallelFor.Run(q.Shape[0] * q.Shape[1], Cost(q, k), body);
        KeepAlive(q, k, v);
        GC.KeepAlive(y);
        GC.KeepAlive(logSums);
    }

    /// <summary>Adds to the gradients of q, k and v, each of which may be left out.</summary>
    public static void AddBackward(
        Tensor q, Tensor k, Tensor v, Tensor y, Tensor logSums, Tensor dy, Tensor? dq, Tensor? dk, Tensor? dv, in Options options)
    {
        BackwardBody body = new(
            new Operand(q),
            new Operand(k),
            new Operand(v),
            new Operand(y),
            logSums.Pointer,
            new Operand(dy),
            dq is null ? default : new Operand(dq),
            dk is null ? default : new Operand(dk),
            dv is null ? default : new Operand(dv),
            options);
        ParallelFor.Run(q.Shape[0] * q.Shape[1], 3 * Cost(q, k), body);
        KeepAlive(q, k, v);
        KeepAlive(y, logSums, dy);
        KeepAlive(dq, dk, dv);
    }

    private static long Cost(Tensor q, Tensor k) => (long)q.Shape[2] * k.Shape[2] * Math.Max(q.Shape[3] / 4, 1);

    private static void KeepAlive(Tensor? first, Tensor? second, Tensor? third)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
    }

    /// <summary>What the caller chose.</summary>
    /// <param name="Causal">Whether a query sees no later key, the last query standing at the last key.</param>
    /// <param name="Dropout">The share of weights dropped.</param>
    /// <param name="Seed">The seed of the dropout mask: backward draws the same mask again.</param>
    internal readonly record struct Options(bool Causal, float Dropout, ulong Seed)
    {
        /// <summary>Returns how many of <paramref name="keys"/> keys a query may look at.</summary>
        public int Visible(int query, int queries, int keys) => Causal ? keys - queries + query + 1 : keys;

        /// <summary>Multiplies the weights of one query row by the dropout mask, scaled to keep their expectation.</summary>
        public void Mask(float* row, int count, int unit, int query, int queries, int keys)
        {
            ulong first = (((ulong)unit * (ulong)queries) + (ulong)query) * (ulong)keys;
            DropoutMask.Apply(row, row, count, Dropout, Seed, first);
        }
    }

    /// <summary>A tensor of [B, H, length, D] as matrices [length, D].</summary>
    private readonly struct Operand(Tensor x)
    {
        private readonly float* _data = x.Pointer;
        private readonly int _heads = x.Shape[1];
        private readonly int _width = x.Shape[3];
        private readonly nint _batchStride = x.Stride(0);
        private readonly nint _headStride = x.Stride(1);
        private readonly nint _rowStride = x.Stride(2);
        private readonly nint _columnStride = x.Stride(3);

        public bool Exists => _data != null;

        public int Length { get; } = x.Shape[2];

        public Matrix Of(int unit)
        {
            (int batch, int head) = Math.DivRem(unit, _heads);
            return new Matrix(_data + (batch * _batchStride) + (head * _headStride), Length, _width, _rowStride, _columnStride);
        }
    }

    private readonly struct ForwardBody(Operand q, Operand k, Operand v, Operand y, float* logSums, Options options) : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int unit = start; unit < end; unit++)
            {
                for (int row = 0; row < q.Length; row += BlockRows)
                {
                    Block(unit, row, Math.Min(BlockRows, q.Length - row));
                }
            }
        }

        private void Block(int unit, int first, int rows)
        {
            (Matrix queries, Matrix keys, Matrix values) = (q.Of(unit), k.Of(unit), v.Of(unit));
            int width = queries.Columns;
            float scale = 1 / MathF.Sqrt(width);

            // No row of the block sees a key past those that its last row sees.
            int seen = options.Visible(first + rows - 1, q.Length, k.Length);
            Matrix weights = Matrix.RowMajor(Scratch.Weights((nint)rows * seen), rows, seen);
            Gemm.MultiplySerial(queries.Block(first, 0, rows, width), keys.Block(0, 0, seen, width).Transposed, weights, accumulate: false);
            for (int row = 0; row < rows; row++)
            {
                float* scores = weights.At(row, 0);
                int visible = options.Visible(first + row, q.Length, k.Length);
                Rows.Scale(scores, visible, scale);
                float max = Rows.Max(scores, visible);
                float sum = Rows.ExpShiftedSum(scores, scores, visible, max);
                Rows.Scale(scores, visible, 1 / sum);
                logSums[((nint)unit * q.Length) + first + row] = max + MathF.Log(sum);
                Rows.Fill(scores + visible, seen - visible, 0);
                if (options.Dropout > 0)
                {
                    options.Mask(scores, visible, unit, first + row, q.Length, k.Length);
                }
            }

            Gemm.MultiplySerial(weights, values.Block(0, 0, seen, width), y.Of(unit).Block(first, 0, rows, width), accumulate: false);
        }
    }

    private readonly struct BackwardBody(
        Operand q, Operand k, Operand v, Operand y, float* logSums, Operand dy, Operand dq, Operand dk, Operand dv, Options options)
        : IParallelBody
    {
        public void Run(int start, int end)
        {
            for (int unit = start; unit < end; unit++)
            {
                for (int row = 0; row < q.Length; row += BlockRows)
                {
                    Block(unit, row, Math.Min(BlockRows, q.Length - row));
                }
            }
        }

        private void Block(int unit, int first, int rows)
        {
            int width = q.Of(unit).Columns;
            float scale = 1 / MathF.Sqrt(width);
            int seen = options.Visible(first + rows - 1, q.Length, k.Length);
            Matrix queries = q.Of(unit).Block(first, 0, rows, width);
            Matrix keys = k.Of(unit).Block(0, 0, seen, width);
            Matrix values = v.Of(unit).Block(0, 0, seen, width);
            Matrix output = y.Of(unit).Block(first, 0, rows, width);
            Matrix gradient = dy.Of(unit).Block(first, 0, rows, width);

            float* scratch = Scratch.Weights(3 * (nint)rows * seen);
            Matrix weights = Matrix.RowMajor(scratch, rows, seen);
            Matrix scores = Matrix.RowMajor(scratch + ((nint)rows * seen), rows, seen);
            float* dropped = scratch + (2 * (nint)rows * seen);

            // The weights again, exp(score - logsum), and the gradient with respect to them.
            Gemm.MultiplySerial(queries, keys.Transposed, weights, accumulate: false);
            Gemm.MultiplySerial(gradient, values.Transposed, scores, accumulate: false);
            for (int row = 0; row < rows; row++)
            {
                int visible = options.Visible(first + row, q.Length, k.Length);
                float* weight = weights.At(row, 0);
                float* score = scores.At(row, 0);
                Rows.Scale(weight, visible, scale);
                Rows.ExpShiftedSum(weight, weight, visible, logSums[((nint)unit * q.Length) + first + row]);
                Rows.Fill(weight + visible, seen - visible, 0);
                Rows.Fill(score + visible, seen - visible, 0);
                if (options.Dropout > 0)
                {
                    // What multiplied the values is the masked weights; the mask passes on to the gradient of the weights.
                    float* masked = dropped + ((nint)row * seen);
                    Rows.Copy(masked, weight, seen);
                    options.Mask(masked, visible, unit, first + row, q.Length, k.Length);
                    options.Mask(score, visible, unit, first + row, q.Length, k.Length);
                }

                // Softmax's backward: ds = w (dw - sum(w dw)), where the sum equals y dy of the row. Scaled as the scores were.
                float mean = DotOfRows(output, gradient, row);
                Rows.SoftmaxGradient(score, weight, visible, mean, scale);
            }

            if (dv.Exists)
            {
                Matrix used = options.Dropout > 0 ? Matrix.RowMajor(dropped, rows, seen) : weights;
                Gemm.MultiplySerial(used.Transposed, gradient, dv.Of(unit).Block(0, 0, seen, width), accumulate: true);
            }

            if (dq.Exists)
            {
                Gemm.MultiplySerial(scores, keys, dq.Of(unit).Block(first, 0, rows, width), accumulate: true);
            }

            if (dk.Exists)
            {
                Gemm.MultiplySerial(scores.Transposed, queries, dk.Of(unit).Block(0, 0, seen, width), accumulate: true);
            }
        }

        private static float DotOfRows(Matrix left, Matrix right, int row)
            => Rows.Dot(left.At(row, 0), right.At(row, 0), left.Columns);
    }
}
