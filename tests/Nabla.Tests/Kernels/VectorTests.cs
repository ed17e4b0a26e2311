using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

/// <summary>Every primitive of every width that this run allows against scalar code, on all pairs of awkward numbers.</summary>
[Trait("Tier", "true")]
public sealed unsafe class VectorTests
{
    private const float Inf = float.PositiveInfinity;
    private const int MaxLanes = 16;

    private static readonly float[] _awkward =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 1.5f, -1.5f, 2.5f, -2.5f, 0.3f, -0.3f, 1e-45f, -1e-45f, 1e-40f, 1.17549435e-38f,
        3.3333333f, -7.7777777f, 1e20f, -1e20f, 8388607.5f, 8388609f, -16777216f, float.MaxValue, float.MinValue, Inf, -Inf,
        float.NaN,
    ];

    private delegate V Unary<V>(V x);

    private delegate V Binary<V>(V left, V right);

    [Fact]
    public void The_tier_is_the_one_this_run_was_asked_for()
    {
        string? expected = Environment.GetEnvironmentVariable("NABLA_EXPECT_TIER");
        if (string.IsNullOrEmpty(expected))
        {
            Assert.Skip("NABLA_EXPECT_TIER is not set.");
        }

        Assert.Equal(expected, Simd.Tier.ToString());
    }

    [Fact]
    public void One_lane_does_as_scalar_code_does() => CheckAll<V1>();

    [Fact]
    public void Four_lanes_do_as_scalar_code_does()
    {
        Assert.SkipUnless(Simd.Tier >= SimdTier.Vector128, "This run has no vectors of 128 bits.");
        CheckAll<V128>();
    }

    [Fact]
    public void Eight_lanes_do_as_scalar_code_does()
    {
        Assert.SkipUnless(Simd.Tier >= SimdTier.Vector256, "This run has no vectors of 256 bits.");
        CheckAll<V256>();
    }

    [Fact]
    public void Sixteen_lanes_do_as_scalar_code_does()
    {
        Assert.SkipUnless(Simd.Tier >= SimdTier.Vector512, "This run has no vectors of 512 bits.");
        CheckAll<V512>();
    }

    private static void CheckAll<V>()
        where V : unmanaged, IVector<V>
    {
        Check<V>("add", (x, y) => x + y, (x, y) => x + y);
        Check<V>("subtract", (x, y) => x - y, (x, y) => x - y);
        Check<V>("multiply", (x, y) => x * y, (x, y) => x * y);
        Check<V>("divide", (x, y) => x / y, (x, y) => x / y);
        Check<V>("negate", x => -x, x => -x);
        Check<V>("multiply-add", (x, y) => V.MultiplyAdd(x, y, V.Broadcast(0.3f)), MultiplyAdd);
        Check<V>("max", V.Max, (x, y) => float.IsNaN(x) || float.IsNaN(y) ? float.NaN : x > y || !Negative(x) && x == y ? x : y);
        Check<V>("min", V.Min, (x, y) => float.IsNaN(x) || float.IsNaN(y) ? float.NaN : x < y || Negative(x) && x == y ? x : y);
        Check<V>("square root", V.Sqrt, MathF.Sqrt);
        Check<V>("absolute", V.Abs, x => Negative(x) ? -x : x);
        Check<V>("copy of the sign", V.CopySign, (x, y) => Negative(x) == Negative(y) ? x : -x);
        Check<V>("round", V.Round, x => (float)Math.Round((double)x, MidpointRounding.ToEven));
        Check<V>("if less", (x, y) => V.IfLess(x, y, x - y, y), (x, y) => x < y ? x - y : y);
        Check<V>("if equal", (x, y) => V.IfEqual(x, y, V.Broadcast(5f), y), (x, y) => x == y ? 5f : y);
        CheckLoadAndStore<V>();
        CheckExponents<V>();
        CheckHorizontal<V>();
    }

    private static void CheckLoadAndStore<V>()
        where V : unmanaged, IVector<V>
    {
        float* memory = stackalloc float[MaxLanes + 3];
        for (int i = 0; i < MaxLanes + 3; i++)
        {
            memory[i] = i;
        }

        // One float up: a load and a store off every alignment, and no lane beyond the last.
        (V.Load(memory + 1) + V.Broadcast(100f)).Store(memory);
        for (int i = 0; i < MaxLanes + 3; i++)
        {
            Assert.Equal(i < V.Count ? i + 101f : i, memory[i]);
        }

        ushort* halves = stackalloc ushort[MaxLanes + 1];
        for (int i = 0; i <= MaxLanes; i++)
        {
            halves[i] = (ushort)(BitConverter.SingleToUInt32Bits(i * -1.5f) >> 16);
        }

        Assert.Equal(Enumerable.Range(1, V.Count).Select(i => i * -1.5f), Lanes(V.LoadUpperHalves(halves + 1)));
        for (int count = 0; count <= V.Count; count++)
        {
            IEnumerable<float> cleared = Enumerable.Range(101, V.Count).Select(i => i < 101 + count ? 0f : i);
            Assert.Equal(cleared, Lanes(V.ClearFirst(V.Load(memory), count)));
        }
    }

    private static void CheckExponents<V>()
        where V : unmanaged, IVector<V>
    {
        for (int exponent = -252; exponent <= 254; exponent++)
        {
            V whole = V.Broadcast(exponent);
            foreach (float value in (float[])[0.5f, 0.7f, -0.70710677f, 1f, 1.3333334f, 1.9999999f, 2f])
            {
                float[] scaled = Lanes(V.Scale(V.Broadcast(value), whole));
                AssertBits("scale", value, exponent, (float)Math.ScaleB(value, exponent), scaled);
            }

            AssertBits("scale", float.NaN, exponent, float.NaN, Lanes(V.Scale(V.Broadcast(float.NaN), whole)));
            if (exponent is >= -126 and <= 127)
            {
                AssertBits("power of two", exponent, 0, (float)Math.ScaleB(1, exponent), Lanes(V.PowerOfTwo(whole)));
                foreach (float start in (float[])[0.70710677f, 0.99999994f, 1f, 1.3f, 1.4142134f])
                {
                    float value = (float)Math.ScaleB(start, exponent);
                    if (value >= 1.17549435e-38f && Math.ScaleB(start, exponent) == value)
                    {
                        float[] mantissa = Lanes(V.SplitExponent(V.Broadcast(value), out V split));
                        AssertBits("mantissa", value, 0, start, mantissa);
                        AssertBits("exponent", value, 0, exponent, Lanes(split));
                    }
                }
            }
        }
    }

    private static void CheckHorizontal<V>()
        where V : unmanaged, IVector<V>
    {
        float* lanes = stackalloc float[MaxLanes];
        float sum = 0;
        for (int i = 0; i < V.Count; i++)
        {
            lanes[i] = -1 << i;
            sum += lanes[i];
        }

        Assert.Equal(sum, V.Sum(V.Load(lanes)));
        float* sums = stackalloc float[5] { 1, 2, 3, 4, 5 };
        V third = V.Load(lanes) / V.Broadcast(3f);
        V.AddSums(V.Load(lanes), V.Broadcast(0.1f), third, V.Load(lanes) * V.Broadcast(2f), sums);
        Assert.Equal([1 + sum, 2 + V.Sum(V.Broadcast(0.1f)), 3 + V.Sum(third), 4 + (2 * sum), 5], new Span<float>(sums, 5).ToArray());
        for (int i = 0; i < V.Count; i++)
        {
            float kept = lanes[i];
            lanes[i] = 3f;
            Assert.Equal(3f, V.HorizontalMax(V.Load(lanes)));
            lanes[i] = float.NaN;
            Assert.Equal(float.NaN, V.HorizontalMax(V.Load(lanes)));
            lanes[i] = kept;
        }
    }

    private static void Check<V>(string name, Unary<V> vector, Func<float, float> scalar)
        where V : unmanaged, IVector<V>
        => Check<V>(name, (x, y) => vector(x), (x, y) => scalar(x));

    private static void Check<V>(string name, Binary<V> vector, Func<float, float, float> scalar)
        where V : unmanaged, IVector<V>
    {
        float* x = stackalloc float[MaxLanes];
        float* y = stackalloc float[MaxLanes];
        for (int first = 0; first < _awkward.Length; first++)
        {
            for (int second = 0; second < _awkward.Length; second++)
            {
                // Another pair in every lane, so that a lane cannot answer for its neighbour.
                for (int lane = 0; lane < V.Count; lane++)
                {
                    x[lane] = _awkward[(first + lane) % _awkward.Length];
                    y[lane] = _awkward[(second + (2 * lane)) % _awkward.Length];
                }

                float[] actual = Lanes(vector(V.Load(x), V.Load(y)));
                for (int lane = 0; lane < V.Count; lane++)
                {
                    AssertBits(name, x[lane], y[lane], scalar(x[lane], y[lane]), [actual[lane]]);
                }
            }
        }
    }

    private static float MultiplyAdd(float x, float y)
        => Simd.Fuses ? MathF.FusedMultiplyAdd(x, y, 0.3f) : (x * y) + 0.3f;

    private static bool Negative(float value) => BitConverter.SingleToInt32Bits(value) < 0;

    private static float[] Lanes<V>(V vector)
        where V : unmanaged, IVector<V>
    {
        float[] lanes = new float[V.Count];
        fixed (float* destination = lanes)
        {
            vector.Store(destination);
        }

        return lanes;
    }

    private static void AssertBits(string name, float x, float y, float expected, float[] actual)
    {
        foreach (float lane in actual)
        {
            bool same = BitConverter.SingleToInt32Bits(lane) == BitConverter.SingleToInt32Bits(expected)
                || (float.IsNaN(lane) && float.IsNaN(expected));
            Assert.True(same, $"{name} of {x:R} and {y:R}: {lane:R}, not {expected:R}");
        }
    }
}
