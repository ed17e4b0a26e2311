using System.Runtime.InteropServices;
using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

/// <summary>
/// The row primitives against loops in double precision, at every length of tail and off every alignment. The padding of a
/// source is NaN, so that a read past either end shows in the result; that of a destination is a number that must stay.
/// </summary>
[Trait("Tier", "true")]
public sealed unsafe class RowsTests
{
    private const int Padding = 80;
    private const float Sentinel = 12345f;

    private static readonly int[] _lengths = [.. Enumerable.Range(0, 71), 255, 256, 257, 1000, 4096, 4097, 10_000];

    [Fact]
    public void Max_is_the_largest_element() => ForEachLength((x, y, n) =>
    {
        float expected = float.NegativeInfinity;
        for (int i = 0; i < n; i++)
        {
            expected = MathF.Max(expected, x[i]);
        }

        Assert.Equal(expected, Rows.Max(x, n));
    });

    [Fact]
    public void Min_is_the_smallest_element() => ForEachLength((x, y, n) =>
    {
        float expected = float.PositiveInfinity;
        for (int i = 0; i < n; i++)
        {
            expected = MathF.Min(expected, x[i]);
        }

        Assert.Equal(expected, Rows.Min(x, n));
    });

    [Fact]
    public void Max_and_min_of_a_row_with_a_nan_are_nan_wherever_it_stands() => ForEachLength((x, y, n) =>
    {
        for (int i = 0; i < Math.Min(n, 70); i++)
        {
            float kept = x[i];
            x[i] = float.NaN;
            Assert.True(float.IsNaN(Rows.Max(x, n)) && float.IsNaN(Rows.Min(x, n)), $"NaN at {i} of {n}");
            x[i] = kept;
        }
    });

    [Fact]
    public void Sum_is_the_sum_in_double() => ForEachLength((x, y, n)
        => AssertNear(Total(n, i => x[i]), Total(n, i => Math.Abs(x[i])), Rows.Sum(x, n), n));

    [Fact]
    public void SumOfSquaresFrom_is_the_sum_in_double() => ForEachLength((x, y, n) =>
    {
        double expected = Total(n, i => Square(x[i] - 0.3f));
        AssertNear(expected, expected, Rows.SumOfSquaresFrom(x, n, 0.3f), n);
    });

    [Fact]
    public void Dot_is_the_sum_in_double() => ForEachLength((x, y, n)
        => AssertNear(Total(n, i => (double)x[i] * y[i]), Total(n, i => Math.Abs((double)x[i] * y[i])), Rows.Dot(x, y, n), n));

    [Fact]
    public void ExpShiftedSum_writes_the_exponentials_and_returns_their_sum() => ForEachLength((x, y, n) =>
    {
        float sum = Rows.ExpShiftedSum(y, x, n, 0.7f);
        double expected = Total(n, i => Math.Exp(x[i] - 0.7f));
        AssertNear(expected, expected, sum, n);
        for (int i = 0; i < n; i++)
        {
            AssertClose(Math.Exp(x[i] - 0.7f), y[i], i, n);
        }

        AssertPaddingIsUntouched(y, n);
    });

    [Fact]
    public void ExpSum_is_the_sum_in_double() => ForEachLength((x, y, n) =>
    {
        double expected = Total(n, i => Math.Exp(x[i] - 0.7f));
        AssertNear(expected, expected, Rows.ExpSum(x, n, 0.7f), n);
    });

    [Fact]
    public void LogSumExp_is_the_logarithm_of_the_sum_in_double() => ForEachLength((x, y, n) =>
    {
        double expected = Math.Log(Total(n, i => Math.Exp(x[i])));
        float actual = Rows.LogSumExp(x, n);
        Assert.True(n == 0 ? actual == float.NegativeInfinity : Math.Abs(actual - expected) < 3e-7 * (1 + Math.Abs(expected)),
            $"{n}: {actual:R}, not {expected:R}");
    });

    [Theory]
    [InlineData(1e30f, 1e30f, 1e30f)]
    [InlineData(float.PositiveInfinity, 1f, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, 1f, 1f)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.NaN, 1f, float.NaN)]
    public void LogSumExp_of_extremes_is_their_limit(float first, float second, float expected)
    {
        float* x = stackalloc float[] { first, second };
        Assert.Equal(expected, Rows.LogSumExp(x, 2));
    }

    [Fact]
    public void Scale_multiplies_in_place() => AssertWrites((x, y) => y * 1.7f, (x, y, n) => Rows.Scale(y, n, 1.7f));

    [Fact]
    public void Fill_sets_every_element() => AssertWrites((x, y) => 3f, (x, y, n) => Rows.Fill(y, n, 3f));

    [Fact]
    public void Copy_copies() => AssertWrites((x, y) => x, (x, y, n) => Rows.Copy(y, x, n));

    [Fact]
    public void AddTo_adds_to_what_is_there() => AssertWrites((x, y) => y + x, (x, y, n) => Rows.AddTo(y, x, n));

    [Fact]
    public void AddScaledTo_adds_the_multiple_to_what_is_there()
        => AssertWrites((x, y) => y + (0.6f * (double)x), (x, y, n) => Rows.AddScaledTo(y, x, n, 0.6f));

    [Fact]
    public void Write_overwrites_or_adds()
    {
        AssertWrites((x, y) => x, (x, y, n) => Rows.Write(y, new Same(x), n));
        AssertWrites((x, y) => y + x, (x, y, n) => Rows.Write(y, new Same(x), n, add: true));
    }

    [Fact]
    public void A_sum_of_a_million_numbers_keeps_its_precision()
    {
        const int Count = 1_000_000;
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, Count).Select(_ => random.NextSingle())];
        double exact = values.Sum(v => (double)v);
        fixed (float* x = values)
        {
            Assert.InRange(Rows.Sum(x, Count) / exact, 1 - 1e-6, 1 + 1e-6);
            Assert.InRange(Rows.Dot(x, x, Count) / values.Sum(v => (double)v * v), 1 - 1e-6, 1 + 1e-6);
        }
    }

    [Fact]
    public void A_sum_of_equal_numbers_does_not_drift()
    {
        // Added one after the other, a million tenths are a per cent off: every rounding errs to the same side.
        float[] tenths = new float[1_000_000];
        Array.Fill(tenths, 0.1f);
        fixed (float* x = tenths)
        {
            Assert.InRange(Rows.Sum(x, tenths.Length) / (0.1f * 1e6), 1 - 1e-6, 1 + 1e-6);
        }
    }

    private readonly struct Same(float* x) : IRowElements
    {
        public V At<V>(int index)
            where V : unmanaged, IVector<V>
            => V.Load(x + index);
    }

    private delegate void RowBody(float* x, float* y, int count);

    private static void ForEachLength(RowBody body)
    {
        var random = new Random(7);
        foreach (int n in _lengths)
        {
            int length = (2 * n) + (5 * Padding);
            float* memory = (float*)NativeMemory.AlignedAlloc((nuint)(sizeof(float) * length), 64);
            try
            {
                float* x = memory + Padding + 1 + (n % 3);
                float* y = x + n + (2 * Padding);
                new Span<float>(memory, length).Fill(float.NaN);
                new Span<float>(y - Padding, n + (2 * Padding)).Fill(Sentinel);
                for (int i = 0; i < n; i++)
                {
                    x[i] = (random.NextSingle() * 8) - 4;
                    y[i] = (random.NextSingle() * 8) - 4;
                }

                body(x, y, n);
            }
            finally
            {
                NativeMemory.AlignedFree(memory);
            }
        }
    }

    private static void AssertWrites(Func<float, float, double> expected, RowBody write) => ForEachLength((x, y, n) =>
    {
        double[] wanted = new double[n];
        for (int i = 0; i < n; i++)
        {
            wanted[i] = expected(x[i], y[i]);
        }

        write(x, y, n);
        for (int i = 0; i < n; i++)
        {
            // Against the size of the operands: a sum of the two may cancel.
            Assert.True(Math.Abs(y[i] - wanted[i]) <= 1e-6, $"{i} of {n}: {y[i]:R}, not {wanted[i]:R}");
        }

        AssertPaddingIsUntouched(y, n);
    });

    private static void AssertPaddingIsUntouched(float* row, int count)
    {
        for (int i = 0; i < Padding; i++)
        {
            Assert.True(row[-1 - i] == Sentinel && row[count + i] == Sentinel, $"a row of {count} was written outside");
        }
    }

    private static double Total(int count, Func<int, double> term)
    {
        double total = 0;
        for (int i = 0; i < count; i++)
        {
            total += term(i);
        }

        return total;
    }

    private static double Square(double value) => value * value;

    private static void AssertNear(double expected, double size, float actual, int count)
        => Assert.True(Math.Abs(actual - expected) <= 1e-6 * size, $"{count}: {actual:R}, not {expected:R}");

    private static void AssertClose(double expected, float actual, int index, int count)
        => Assert.True(Math.Abs(actual - expected) <= 3e-7 * expected, $"{index} of {count}: {actual:R}, not {expected:R}");
}
