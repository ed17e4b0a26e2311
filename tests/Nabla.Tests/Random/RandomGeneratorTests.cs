using System.Text.Json;

namespace Nabla.Tests;

/// <summary>The streams of <see cref="RandomGenerator"/> against those of PyTorch's CPU generator.</summary>
[Trait("Tier", "true")]
public sealed class RandomGeneratorTests
{
    // From 16 normals on, PyTorch's vector code has its own approximations of the logarithm, the sine and the cosine.
    private const float NormalTolerance = 2e-6f;
    private const int BlockedNormals = 16;

    private static readonly JsonElement[] _cases = ReadCases();

    public static TheoryData<int> CaseNumbers => [.. Enumerable.Range(0, _cases.Length)];

    [Theory]
    [MemberData(nameof(CaseNumbers))]
    public void Calls_draw_what_PyTorch_draws(int number)
    {
        RandomGenerator generator = new(_cases[number].GetProperty("seed").GetUInt64());
        foreach (JsonElement call in _cases[number].GetProperty("calls").EnumerateArray())
        {
            string draw = call.GetProperty("draw").GetString()!;
            JsonElement[] arguments = [.. call.GetProperty("args").EnumerateArray()];
            JsonElement[] expected = [.. call.GetProperty("values").GetProperty("data").EnumerateArray()];
            if (draw is "randint" or "randperm" or "replacement" or "race")
            {
                Assert.Equal(expected.Select(value => value.GetInt64()), DrawIntegers(generator, draw, arguments));
                continue;
            }

            float[] drawn = DrawFloats(generator, draw, arguments);
            float tolerance = draw is "randn" or "normal" && drawn.Length >= BlockedNormals ? NormalTolerance : 0;
            float scale = draw == "normal" ? arguments[2].GetSingle() : 1;
            Assert.Equal(expected.Length, drawn.Length);
            for (int i = 0; i < drawn.Length; i++)
            {
                float difference = Math.Abs(drawn[i] - expected[i].GetSingle());
                Assert.True(
                    difference <= tolerance * Math.Max(scale, 1),
                    $"{draw} {i}: {drawn[i]:R}, PyTorch {expected[i]}, off by {difference:R}");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(999)]
    public void A_shorter_call_for_uniforms_is_the_beginning_of_a_longer_one(int length)
    {
        float[] whole = DrawUniforms(new RandomGenerator(42), 1000);

        Assert.Equal(whole[..length], DrawUniforms(new RandomGenerator(42), length));
    }

    [Theory]
    [InlineData("Linear [3, 4], seed 42")]
    [InlineData("Linear [20, 30], seed 1337")]
    public void A_linear_layer_starts_from_a_uniform_weight_and_then_a_uniform_bias(string name)
    {
        using JsonDocument json = TestFiles.FixtureJson("init.json");
        JsonElement layer = json.RootElement.GetProperty("cases").EnumerateArray()
            .Single(c => c.GetProperty("case").ValueEquals(name));
        RandomGenerator generator = new(layer.GetProperty("seed").GetUInt64());
        float bound = (float)(1 / Math.Sqrt(layer.GetProperty("args").GetProperty("in").GetInt32()));
        foreach (string parameter in (string[])["weight", "bias"])
        {
            JsonElement data = layer.GetProperty("params").GetProperty(parameter).GetProperty("data");
            float[] drawn = new float[data.GetArrayLength()];
            generator.Uniform(drawn, -bound, bound);

            Assert.Equal(data.EnumerateArray().Select(value => value.GetSingle()), drawn);
        }
    }

    [Fact]
    public void The_batch_offsets_of_the_GPT_lecture_are_drawn()
    {
        int[] offsets = new int[4];
        new RandomGenerator(1337).Integers(offsets, 0, 1003854 - 8);

        Assert.Equal([76049, 234249, 934904, 560986], offsets);
    }

    [Fact]
    [Trait("Number", "ON-002")]
    public void The_integers_of_the_notes_are_drawn()
    {
        int[] integers = new int[6];
        new RandomGenerator(42).Integers(integers, 0, 10);

        Assert.Equal([2, 7, 6, 4, 6, 5], integers);
    }

    [Fact]
    [Trait("Number", "L02-021")]
    [Trait("Number", "L02-022")]
    public void The_first_draws_of_the_bigram_lecture_are_drawn()
    {
        RandomGenerator generator = new(2147483647);
        float[] p = DrawUniforms(generator, 3);
        AssertClose([0.7081f, 0.3542f, 0.1054f], p);
        float sum = p[0] + p[1] + p[2];
        p = [.. p.Select(value => value / sum)];
        AssertClose([0.6064f, 0.3033f, 0.0903f], p);

        int[] categories = new int[20];
        generator.MultinomialWithReplacement(p, categories);

        Assert.Equal([1, 1, 2, 0, 0, 2, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1], categories);
    }

    [Fact]
    [Trait("Number", "L02-025")]
    public void The_same_seed_gives_the_same_stream()
    {
        RandomGenerator generator = new(7);
        float[] first = DrawMixture(generator);
        generator.ManualSeed(7);

        Assert.Equal(first, DrawMixture(generator));
        Assert.Equal(first, DrawMixture(new RandomGenerator(7)));
        Assert.NotEqual(first, DrawMixture(new RandomGenerator(8)));
    }

    [Fact]
    public void Seeding_drops_the_spare_normal_and_keeps_all_bits_of_the_seed()
    {
        RandomGenerator generator = new(5);
        generator.Normal(new float[1]);
        generator.ManualSeed((1UL << 40) + 5);
        float[] normals = new float[1];
        generator.Normal(normals);

        Assert.Equal((1UL << 40) + 5, generator.Seed);
        Assert.Equal(new RandomGenerator(5).GetState().Words, new RandomGenerator((1UL << 40) + 5).GetState().Words);
        Assert.Equal(-0.48678076f, normals[0]);
    }

    [Fact]
    public void The_default_generator_can_be_seeded()
    {
        RandomGenerator.SeedDefault(42);

        Assert.Equal(42UL, RandomGenerator.Default.Seed);
        Assert.Equal(new RandomGenerator(42).NextUInt64(), RandomGenerator.Default.NextUInt64());
        RandomGenerator.SeedDefault(RandomGenerator.DefaultSeed);
    }

    [Fact]
    public void Threads_that_draw_from_the_default_at_once_do_not_meet()
    {
        float[] expected = new float[100_000];
        new RandomGenerator(7).Uniform(expected);
        float[][] drawn = new float[4][];
        Thread[] threads = [.. drawn.Select((_, index) => new Thread(() =>
        {
            RandomGenerator.SeedDefault(7);
            drawn[index] = new float[expected.Length];
            RandomGenerator.Default.Uniform(drawn[index]);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(drawn, values => Assert.Equal(expected, values));
    }

    [Fact]
    public void Sixty_four_bits_are_two_draws_with_the_first_on_top()
    {
        RandomGenerator words = new(3);
        RandomGenerator pairs = new(3);
        ulong expected = ((ulong)words.NextUInt32() << 32) | words.NextUInt32();

        Assert.Equal(expected, pairs.NextUInt64());
        Assert.Equal((words.NextUInt64() & ((1UL << 53) - 1)) / Math.Pow(2, 53), pairs.NextDouble());
    }

    [Fact]
    public void The_ten_thousandth_number_is_that_of_the_reference_implementation()
    {
        // The C++ standard states it, for the reference's usual seed.
        RandomGenerator generator = new(5489);
        for (int i = 1; i < 10000; i++)
        {
            generator.NextUInt32();
        }

        Assert.Equal(4123659995u, generator.NextUInt32());
    }

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(0f, float.PositiveInfinity)]
    [InlineData(float.MinValue, float.MaxValue)]
    public void A_uniform_range_that_is_none_is_refused(float low, float high)
        => Assert.StartsWith("Uniform:", Refused(g => g.Uniform(new float[1], low, high)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.0, -1.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(0.0, double.NaN)]
    public void A_normal_that_is_none_is_refused(double mean, double deviation)
        => Assert.StartsWith("Normal:", Refused(g => g.Normal(new float[1], mean, deviation)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    public void An_exponential_rate_that_is_none_is_refused(double rate)
        => Assert.StartsWith("Exponential:", Refused(g => g.Exponential(new float[1], rate)), StringComparison.Ordinal);

    [Fact]
    public void An_empty_range_of_integers_is_refused()
        => Assert.Equal(
            "Integers: [3, 3) holds no number: low must be less than high.", Refused(g => g.Integers(new int[1], 3, 3)));

    private static string Refused(Action<RandomGenerator> draw)
        => Assert.Throws<ArgumentException>(() => draw(new RandomGenerator(0))).Message;

    private static float[] DrawUniforms(RandomGenerator generator, int count)
    {
        float[] numbers = new float[count];
        generator.Uniform(numbers);
        return numbers;
    }

    private static float[] DrawMixture(RandomGenerator generator)
    {
        float[] numbers = new float[60];
        generator.Uniform(numbers.AsSpan(0, 10));
        generator.Normal(numbers.AsSpan(10, 5));
        generator.Normal(numbers.AsSpan(15, 30));
        generator.Exponential(numbers.AsSpan(45, 14));
        numbers[59] = generator.MultinomialWithReplacement(numbers.AsSpan(45, 14));
        return numbers;
    }

    private static float[] DrawFloats(RandomGenerator generator, string draw, JsonElement[] arguments)
    {
        float[] numbers = new float[arguments[0].GetInt32()];
        switch (draw)
        {
            case "rand":
                generator.Uniform(numbers);
                break;
            case "uniform":
                generator.Uniform(numbers, arguments[1].GetSingle(), arguments[2].GetSingle());
                break;
            case "randn":
                generator.Normal(numbers);
                break;
            case "normal":
                generator.Normal(numbers, arguments[1].GetDouble(), arguments[2].GetDouble());
                break;
            default:
                Assert.Equal("exponential", draw);
                generator.Exponential(numbers, arguments[1].GetDouble());
                break;
        }

        return numbers;
    }

    private static IEnumerable<long> DrawIntegers(RandomGenerator generator, string draw, JsonElement[] arguments)
    {
        int[] integers = new int[arguments[0].GetInt32()];
        if (draw == "randint")
        {
            (long low, long high) = (arguments[1].GetInt64(), arguments[2].GetInt64());
            if (low < int.MinValue || high > int.MaxValue)
            {
                long[] wide = new long[integers.Length];
                generator.Integers(wide, low, high);
                return wide;
            }

            generator.Integers(integers, (int)low, (int)high);
        }
        else if (draw == "randperm")
        {
            generator.Permutation(integers);
        }
        else
        {
            float[] weights = [.. arguments[1].EnumerateArray().Select(weight => weight.GetSingle())];
            if (draw == "race")
            {
                generator.MultinomialRace(weights, integers);
            }
            else
            {
                generator.MultinomialWithReplacement(weights, integers);
            }
        }

        return integers.Select(integer => (long)integer);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4f);
        }
    }

    private static JsonElement[] ReadCases()
    {
        using JsonDocument json = TestFiles.FixtureJson("random.json");
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(element => element.Clone())];
    }
}
