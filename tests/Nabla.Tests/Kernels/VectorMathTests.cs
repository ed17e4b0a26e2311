using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

/// <summary>The functions of <see cref="VectorMath"/> against double precision, and every width against one lane.</summary>
[Trait("Tier", "true")]
public sealed unsafe class VectorMathTests
{
    private const float Inf = float.PositiveInfinity;

    // A prime step over all bit patterns: some two thousand numbers in every binade, of both signs.
    private const uint SweepStep = 4099;

    private static readonly float[] _specials =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 2f, -2f, 3f, -3f, 1e-45f, -1e-45f, 1e-40f, -1e-40f, 1.17549435e-38f, -1.17549435e-38f,
        float.MaxValue, float.MinValue, Inf, -Inf, float.NaN, 88.3f, 88.38f, 88.72f, 88.73f, 89f, 90f, 1000f, -87.3f, -87.4f,
        -88f, -100f, -103.9f, -104f, -105f, -1000f, 9f, -9f, 9.02f, 9.03f, -9.03f, 3.92f, 3.93f, 3.94f, -3.94f, 17.3f, -17.3f,
        -17.4f, 1.41421356f, 0.70710677f, 0.70710683f, 0.99999994f, 1.0000001f, 0.34657f, -0.34657f, 0.34658f, 16777216f,
    ];

    // The widest error allowed, in ulp, where multiply-adds are fused. Unfused may add one.
    [Theory]
    [InlineData("Exp", 1.5)]
    [InlineData("Exp2", 2.5)]
    [InlineData("ExpMinusOne", 2.0)]
    [InlineData("Log", 1.5)]
    [InlineData("Log1pExp", 2.0)]
    [InlineData("Tanh", 4.0)]
    [InlineData("Sigmoid", 3.0)]
    [InlineData("Erf", 2.5)]
    public void A_function_is_within_its_error_bound_over_all_bit_patterns(string function, double maxUlp)
    {
        (double worst, float at) = function switch
        {
            "Exp" => Worst<ExpFunction>(Math.Exp),
            "Exp2" => Worst<Exp2Function>(x => Math.Pow(2, x)),
            "ExpMinusOne" => Worst<ExpMinusOneFunction>(ExpMinusOne),
            "Log" => Worst<LogFunction>(Math.Log),
            "Log1pExp" => Worst<Log1pExpFunction>(Softplus),
            "Tanh" => Worst<TanhFunction>(Math.Tanh),
            "Sigmoid" => Worst<SigmoidFunction>(x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x))),
            _ => Worst<ErfFunction>(Erf),
        };

        double allowed = Simd.Fuses ? maxUlp : maxUlp + 1;
        Assert.True(worst <= allowed, $"{function}({at:R}) is {worst:F2} ulp off, over the {allowed} allowed.");
    }

    [Fact]
    public void Every_width_gives_the_bits_of_one_lane()
    {
        AssertWidthsAgree<ExpFunction>();
        AssertWidthsAgree<Exp2Function>();
        AssertWidthsAgree<ExpMinusOneFunction>();
        AssertWidthsAgree<LogFunction>();
        AssertWidthsAgree<Log1pExpFunction>();
        AssertWidthsAgree<TanhFunction>();
        AssertWidthsAgree<SigmoidFunction>();
        AssertWidthsAgree<ErfFunction>();
        AssertWidthsAgree<CubeFunction>();
    }

    [Fact]
    public void Exp_is_exact_at_the_ends_of_its_range()
    {
        AssertValues<ExpFunction>((-Inf, 0f), (-104f, 0f), (float.MinValue, 0f), (0f, 1f), (-0f, 1f), (Inf, Inf), (88.73f, Inf),
            (float.MaxValue, Inf), (float.NaN, float.NaN));
        Assert.True(float.IsFinite(One<ExpFunction>(88.72f)));
    }

    [Fact]
    public void Exp2_is_exact_at_whole_numbers_and_at_the_ends_of_its_range()
    {
        AssertValues<Exp2Function>((-Inf, 0f), (-151f, 0f), (-149f, 1e-45f), (float.MinValue, 0f), (0f, 1f), (-3f, 0.125f), (10f, 1024f),
            (128f, Inf), (Inf, Inf), (float.NaN, float.NaN));
        Assert.Equal(MathF.ScaleB(1, 127), One<Exp2Function>(127));
    }

    [Fact]
    public void ExpMinusOne_keeps_small_arguments_and_saturates() =>
        AssertValues<ExpMinusOneFunction>((-Inf, -1f), (-20f, -1f), (0f, 0f), (1e-20f, 1e-20f), (-1e-20f, -1e-20f), (Inf, Inf),
            (88.73f, Inf), (float.NaN, float.NaN));

    [Fact]
    public void Log_has_the_special_values_of_C() =>
        AssertValues<LogFunction>((0f, -Inf), (-0f, -Inf), (-1f, float.NaN), (-1e-45f, float.NaN), (-Inf, float.NaN), (1f, 0f),
            (Inf, Inf), (float.NaN, float.NaN), (1e-45f, -103.278929903f));

    [Fact]
    public void Log1pExp_is_zero_below_and_the_identity_above() =>
        AssertValues<Log1pExpFunction>((-Inf, 0f), (-1000f, 0f), (0f, 0.69314718f), (40f, 40f), (float.MaxValue, float.MaxValue),
            (Inf, Inf), (float.NaN, float.NaN));

    [Fact]
    public void Tanh_saturates_and_keeps_the_sign_of_zero() =>
        AssertValues<TanhFunction>((0f, 0f), (-0f, -0f), (1e-40f, 1e-40f), (9.1f, 1f), (-9.1f, -1f), (float.MaxValue, 1f),
            (Inf, 1f), (-Inf, -1f), (float.NaN, float.NaN));

    [Fact]
    public void Erf_saturates_and_keeps_the_sign_of_zero() =>
        AssertValues<ErfFunction>((0f, 0f), (-0f, -0f), (4f, 1f), (-4f, -1f), (float.MaxValue, 1f), (Inf, 1f), (-Inf, -1f),
            (float.NaN, float.NaN));

    [Fact]
    public void Sigmoid_never_overflows() =>
        AssertValues<SigmoidFunction>((0f, 0.5f), (1000f, 1f), (Inf, 1f), (-1000f, 0f), (-Inf, 0f), (float.NaN, float.NaN));

    [Theory]
    [InlineData(-2f, 3f, -8f)]
    [InlineData(-2f, 2f, 4f)]
    [InlineData(-2f, 0.5f, float.NaN)]
    [InlineData(-8f, -1f, -0.125f)]
    [InlineData(0f, 0f, 1f)]
    [InlineData(float.NaN, 0f, 1f)]
    [InlineData(1f, float.NaN, 1f)]
    [InlineData(0f, -1f, Inf)]
    [InlineData(Inf, -1f, 0f)]
    [InlineData(2f, 0.5f, 1.41421356f)]
    [InlineData(1.1f, 2f, 1.21000003815f)]
    public void Pow_has_the_special_values_of_C(float x, float y, float expected)
        => Assert.Equal(expected, VectorMath.Pow(V1.Broadcast(x), V1.Broadcast(y)).Lane);

    private static (double Worst, float At) Worst<TFunction>(Func<double, double> exact)
        where TFunction : IFunction
    {
        double worst = 0;
        float worstAt = 0;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += SweepStep)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            double error = UlpError(One<TFunction>(x), exact(x));
            if (error > worst)
            {
                (worst, worstAt) = (error, x);
            }
        }

        return (worst, worstAt);
    }

    /// <summary>Returns the distance in units of the last place that a float of the exact size would have.</summary>
    private static double UlpError(float actual, double exact)
    {
        if (double.IsNaN(exact) || float.IsInfinity((float)exact) || float.IsInfinity(actual))
        {
            return actual.Equals((float)exact) ? 0 : double.PositiveInfinity;
        }

        double ulp = exact == 0 ? float.Epsilon : Math.Max(float.Epsilon, Math.ScaleB(1, Math.ILogB(exact) - 23));
        double error = Math.Abs(actual - exact) / ulp;
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    private static void AssertWidthsAgree<TFunction>()
        where TFunction : IFunction
    {
        List<float> xs = [.. _specials];
        for (ulong bits = 0; bits <= uint.MaxValue; bits += 99991)
        {
            xs.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        while (xs.Count % 16 != 0)
        {
            xs.Add(0f);
        }

        // A width is compared only where it runs: emulated, its multiply-add would round otherwise.
        float[] values = [.. xs];
        float[] expected = All<TFunction, V1>(values);
        if (Simd.Tier >= SimdTier.Vector128)
        {
            AssertSameBits<TFunction>(values, expected, All<TFunction, V128>(values));
        }

        if (Simd.Tier >= SimdTier.Vector256)
        {
            AssertSameBits<TFunction>(values, expected, All<TFunction, V256>(values));
        }

        if (Simd.Tier >= SimdTier.Vector512)
        {
            AssertSameBits<TFunction>(values, expected, All<TFunction, V512>(values));
        }
    }

    private static void AssertSameBits<TFunction>(float[] xs, float[] expected, float[] actual)
    {
        for (int i = 0; i < xs.Length; i++)
        {
            // Which of the many NaN it is does not matter.
            bool same = BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            Assert.True(same, $"{typeof(TFunction).Name}({xs[i]:R}): one lane gives {expected[i]:R}, a vector {actual[i]:R}.");
        }
    }

    private static void AssertValues<TFunction>(params (float X, float Expected)[] cases)
        where TFunction : IFunction
    {
        foreach ((float x, float expected) in cases)
        {
            float actual = One<TFunction>(x);
            bool same = BitConverter.SingleToUInt32Bits(actual) == BitConverter.SingleToUInt32Bits(expected)
                || (float.IsNaN(actual) && float.IsNaN(expected));
            Assert.True(same, $"{typeof(TFunction).Name}({x:R}) gives {actual:R}, not {expected:R}.");
        }
    }

    private static float One<TFunction>(float x)
        where TFunction : IFunction
        => TFunction.Apply(V1.Broadcast(x)).Lane;

    private static float[] All<TFunction, V>(float[] xs)
        where TFunction : IFunction
        where V : unmanaged, IVector<V>
    {
        float[] results = new float[xs.Length];
        fixed (float* source = xs, destination = results)
        {
            for (int i = 0; i < xs.Length; i += V.Count)
            {
                TFunction.Apply(V.Load(source + i)).Store(destination + i);
            }
        }

        return results;
    }

    private static double ExpMinusOne(double x)
        => Math.Abs(x) < 1e-5 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;

    private static double Softplus(double x)
    {
        double u = Math.Exp(-Math.Abs(x));
        return Math.Max(x, 0) + (u < 1e-5 ? u * (1 - (u / 2 * (1 - (u * 2 / 3)))) : Math.Log(1 + u));
    }

    /// <summary>The series of erf without cancellation: 2/sqrt(pi) e^(-x^2) times the sum of 2^n x^(2n+1) / (2n+1)!!.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-12; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private interface IFunction
    {
        static abstract V Apply<V>(V x)
            where V : unmanaged, IVector<V>;
    }

    private sealed class ExpFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Exp(x);
    }

    private sealed class ExpMinusOneFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.ExpMinusOne(x);
    }

    private sealed class LogFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Log(x);
    }

    private sealed class Exp2Function : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Exp2(x);
    }

    private sealed class Log1pExpFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Log1pExp(x);
    }

    private sealed class TanhFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Tanh(x);
    }

    private sealed class SigmoidFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Sigmoid(x);
    }

    private sealed class ErfFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Erf(x);
    }

    private sealed class CubeFunction : IFunction
    {
        public static V Apply<V>(V x)
            where V : unmanaged, IVector<V> => VectorMath.Pow(x, V.Broadcast(3f));
    }
}
