using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

[Trait("Tier", "true")]
[Collection(SetsThreadCount.Name)]
public sealed unsafe class GemmTests
{
    private static readonly Layout[] Layouts = Enum.GetValues<Layout>();
    private static readonly Start[] Starts = Enum.GetValues<Start>();

    /// <summary>What a product is added to.</summary>
    private enum Start
    {
        Zeros,
        Result,
        Row,
    }

    [Fact]
    public void Small_products_of_every_size_and_layout_are_right()
    {
        Random random = new(1);
        for (int i = 0; i < 3000; i++)
        {
            Check(random, random.Next(1, 41), random.Next(1, 41), random.Next(0, 41));
        }
    }

    [Fact]
    public void Products_with_one_row_or_column_or_a_few_are_right()
    {
        Random random = new(2);
        for (int i = 0; i < 150; i++)
        {
            int few = random.Next(1, 9);
            int many = random.Next(1, 300);
            int depth = random.Next(0, 500);
            Check(random, few, many, depth);
            Check(random, many, few, depth);
            Check(random, few, random.Next(1, 9), 3 * depth);
        }
    }

    [Theory]
    [InlineData(129, 257, 1023)]
    [InlineData(257, 129, 383)]
    [InlineData(1023, 65, 129)]
    [InlineData(65, 1023, 385)]
    [InlineData(28, 64, 2000)]
    [InlineData(97, 27, 769)]
    [InlineData(16, 3000, 768)]
    [InlineData(3000, 5, 300)]
    [InlineData(1, 5000, 700)]
    [InlineData(5000, 1, 700)]
    [InlineData(1, 7, 10_000)]
    public void Large_products_are_right(int m, int n, int k)
    {
        Random random = new(3);
        for (int i = 0; i < 3; i++)
        {
            Check(random, m, n, k);
        }
    }

    [Fact]
    public void No_rows_or_columns_is_no_work_and_no_depth_is_zero()
    {
        Random random = new(4);
        foreach (Start start in Starts)
        {
            Check(random, 0, 5, 7, start);
            Check(random, 5, 0, 7, start);
            Check(random, 5, 7, 0, start);
            Check(random, 0, 0, 0, start);
        }
    }

    [Theory]
    [InlineData(1, 1000, 700)]
    [InlineData(3, 2000, 900)]
    [InlineData(200, 3, 2000)]
    [InlineData(130, 150, 1000)]
    [InlineData(300, 700, 400)]
    [InlineData(700, 300, 400)]
    [InlineData(33, 33, 9000)]
    [InlineData(150, 220, 250)]
    public void Every_number_of_threads_gives_the_same_bits(int m, int n, int k)
    {
        foreach (Layout layout in new[] { Layout.Rows, Layout.Columns })
        {
            Random random = new(5);
            using GuardedMatrix a = new GuardedMatrix(m, k, layout).Fill(random);
            using GuardedMatrix b = new GuardedMatrix(k, n, layout).Fill(random);
            using GuardedMatrix c = new(m, n, Layout.Rows);
            Gemm.MultiplySerial(a.Matrix, b.Matrix, c.Matrix, accumulate: false);
            float[] serial = c.ToArray();
            int threads = Compute.ThreadCount;
            try
            {
                for (int count = 1; count <= 4; count++)
                {
                    Compute.ThreadCount = count;
                    Gemm.Multiply(a.Matrix, b.Matrix, c.Matrix, accumulate: false);
                    Assert.True(serial.AsSpan().SequenceEqual(c.ToArray()), $"{count} threads differ");
                }
            }
            finally
            {
                Compute.ThreadCount = threads;
            }
        }
    }

    [Theory]
    [InlineData(9, 50, 130)]
    [InlineData(5, 30, 1024)]
    [InlineData(16, 10, 3077)]
    [InlineData(2, 6, 9000)]
    public void A_row_of_a_few_has_the_bits_that_it_has_alone(int m, int n, int k)
    {
        Random random = new(9);
        using GuardedMatrix a = new GuardedMatrix(m, k, Layout.Rows).Fill(random);
        using GuardedMatrix b = new GuardedMatrix(k, n, Layout.Columns).Fill(random);
        using GuardedMatrix together = new(m, n, Layout.Rows);
        using GuardedMatrix alone = new(1, n, Layout.Rows);
        Gemm.Multiply(a.Matrix, b.Matrix, together.Matrix, accumulate: false);
        for (int row = 0; row < m; row++)
        {
            Gemm.Multiply(a.Matrix.Block(row, 0, 1, k), b.Matrix, alone.Matrix, accumulate: false);
            Assert.Equal(together.ToArray()[(row * n)..((row + 1) * n)], alone.ToArray());
        }
    }

    [Theory]
    [InlineData(32, 30, 200)]
    [InlineData(200, 27, 32)]
    [InlineData(45, 100, 500)]
    public void Operands_read_where_they_lie_give_the_bits_of_packed_ones(int m, int n, int k)
    {
        Random random = new(8);
        foreach (Layout layout in Layouts)
        {
            using GuardedMatrix a = new GuardedMatrix(m, k, layout).Fill(random);
            using GuardedMatrix b = new GuardedMatrix(k, n, layout).Fill(random);
            using GuardedMatrix small = new(m, n, Layout.PaddedRows);
            using GuardedMatrix packed = new(m, n, Layout.PaddedRows);
            Assert.True(GemmSmall<V128>.Suits(a.Matrix, b.Matrix, small.Matrix));
            GemmSmall<V128>.Multiply(a.Matrix, b.Matrix, small.Matrix, default, parallel: true);
            GemmBlocks<V128>.Multiply(a.Matrix, b.Matrix, packed.Matrix, default, parallel: true);
            Assert.Equal(packed.ToArray(), small.ToArray());
            Assert.True(small.GuardsStand());
        }
    }

    [Theory]
    [InlineData(1, 5, 6, 7)]
    [InlineData(3, 20, 30, 40)]
    [InlineData(50, 9, 8, 64)]
    [InlineData(3, 500, 500, 300)]
    public void A_batch_is_its_products_and_a_stride_of_zero_shares_an_operand(int batches, int m, int n, int k)
    {
        Random random = new(6);
        foreach ((bool shareA, bool shareB) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            using GuardedMatrix a = new GuardedMatrix(batches * m, k, Layout.PaddedRows).Fill(random);
            using GuardedMatrix b = new GuardedMatrix(batches * k, n, Layout.PaddedRows).Fill(random);
            using GuardedMatrix c = new GuardedMatrix(batches * m, n, Layout.PaddedRows).Fill(random);
            using GuardedMatrix expected = new GuardedMatrix(batches * m, n, Layout.PaddedRows);
            Matrix a0 = a.Matrix.Block(0, 0, m, k);
            Matrix b0 = b.Matrix.Block(0, 0, k, n);
            nint aStride = shareA ? 0 : m * a0.RowStride;
            nint bStride = shareB ? 0 : k * b0.RowStride;
            for (int i = 0; i < batches; i++)
            {
                Matrix block = expected.Matrix.Block(i * m, 0, m, n);
                for (int row = 0; row < m; row++)
                {
                    new Span<float>(c.Matrix.At((i * m) + row, 0), n).CopyTo(new Span<float>(block.At(row, 0), n));
                }

                Gemm.MultiplySerial(a0.Moved(i * aStride), b0.Moved(i * bStride), block, accumulate: true);
            }

            Matrix c0 = c.Matrix.Block(0, 0, m, n);
            Gemm.MultiplyBatch(batches, a0, aStride, b0, bStride, c0, m * c0.RowStride, accumulate: true);
            Assert.Equal(expected.ToArray(), c.ToArray());
            Assert.True(c.GuardsStand());
        }
    }

    [Fact]
    public void Products_allocate_nothing()
    {
        Random random = new(7);
        using GuardedMatrix a = new GuardedMatrix(200, 300, Layout.Rows).Fill(random);
        using GuardedMatrix b = new GuardedMatrix(300, 100, Layout.Rows).Fill(random);
        using GuardedMatrix c = new(200, 100, Layout.Rows);
        Gemm.Multiply(a.Matrix, b.Matrix, c.Matrix, accumulate: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Gemm.Multiply(a.Matrix, b.Matrix, c.Matrix, accumulate: false);
        }

        // The first time that a thread has to sleep for another, the runtime takes some bytes for it.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
    }

    private static void Check(Random random, int m, int n, int k)
        => Check(random, m, n, k, Starts[random.Next(Starts.Length)]);

    private static void Check(Random random, int m, int n, int k, Start start)
    {
        Layout[] layouts = [Pick(random), Pick(random), Pick(random)];
        using GuardedMatrix a = new GuardedMatrix(m, k, layouts[0]).Fill(random);
        using GuardedMatrix b = new GuardedMatrix(k, n, layouts[1]).Fill(random);
        using GuardedMatrix c = new(m, n, layouts[2]);
        using GuardedMatrix bias = new GuardedMatrix(1, n, Pick(random)).Fill(random);
        if (start == Start.Result)
        {
            c.Fill(random);
        }

        float[] before = c.ToArray();
        Matrix row = bias.Matrix;
        Gemm.Multiply(a.Matrix, b.Matrix, c.Matrix, start switch
        {
            Start.Row => new Matrix(row.Data, m, n, 0, row.ColumnStride),
            Start.Result => c.Matrix,
            _ => default,
        });

        string name = $"{m}x{n}x{k}, {string.Join(", ", layouts)}, from {start}";
        float[] left = a.ToArray();
        float[] right = b.Matrix.Columns == 0 ? [] : Turned(b);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = start switch
                {
                    Start.Row => bias[0, j],
                    Start.Result => before[(i * n) + j],
                    _ => 0,
                };
                double scale = Math.Abs(sum);
                for (int p = 0; p < k; p++)
                {
                    double term = (double)left[(i * k) + p] * right[(j * k) + p];
                    sum += term;
                    scale += Math.Abs(term);
                }

                // Written so that NaN fails.
                if (!(Math.Abs(c[i, j] - sum) <= 1e-5 * scale))
                {
                    Assert.Fail($"{name}: ({i}, {j}) is {c[i, j]}, not {sum}");
                }
            }
        }

        Assert.True(c.GuardsStand(), $"{name}: wrote outside the result");
    }

    private static Layout Pick(Random random) => Layouts[random.Next(Layouts.Length)];

    private static float[] Turned(GuardedMatrix b)
    {
        float[] values = new float[b.Matrix.Rows * b.Matrix.Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = b[i % b.Matrix.Rows, i / b.Matrix.Rows];
        }

        return values;
    }
}
