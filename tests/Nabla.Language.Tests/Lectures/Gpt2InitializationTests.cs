using Nabla.Language.Data;

namespace Nabla.Language.Tests.Lectures;

/// <summary>How GPT-2's weights start, and which of them decay.</summary>
public sealed class Gpt2InitializationTests
{
    private static readonly Lazy<Gpt> _small = new(() => new Gpt(new GptConfig(), new RandomGenerator(1337)));

    [Fact]
    [Trait("Number", "L10-028")]
    [Trait("Number", "L10-029")]
    [Trait("Number", "L10-030")]
    public void Weights_deviate_by_2_hundredths_and_what_writes_to_the_residual_stream_by_less()
    {
        foreach ((string name, Tensor parameter) in _small.Value.NamedParameters())
        {
            float[] values = parameter.ToArray();
            if (parameter.Rank == 1)
            {
                float expected = name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0; // a norm's scale, else a bias
                Assert.All(values, value => Assert.Equal(expected, value));
                continue;
            }

            bool isResidual = name.EndsWith("c_proj.weight", StringComparison.Ordinal);
            Assert.Equal(isResidual ? 0.0040825 : 0.02, Deviation(values), isResidual ? 1e-4 : 5e-4);
            Assert.Equal(0, values.Average(), 5e-4);
        }
    }

    [Theory]
    [InlineData(768, 0.03608)]
    [InlineData(1600, 0.02500)]
    [InlineData(3 * 1600, 0.01443)]
    [Trait("Number", "L10-031")]
    public void The_deviation_is_about_that_of_one_over_the_root_of_the_width(int width, double expected)
        => Assert.Equal(expected, 1 / Math.Sqrt(width), 1e-5);

    [Theory]
    [InlineData(1, 10, 1.0)]
    [InlineData(0.1f, 1, 0.1)]
    [Trait("Number", "L10-034")]
    [Trait("Number", "L10-035")]
    public void A_residual_stream_keeps_its_deviation_if_each_contribution_is_scaled_by_the_root_of_their_number(
        float scale, double expected, double tolerance)
    {
        RandomGenerator random = new(1337);
        Tensor x = Tensor.Zeros(768);
        for (int layer = 0; layer < 100; layer++)
        {
            x += scale * Tensor.Randn(random, 768);
        }

        Assert.Equal(expected, Deviation(x.ToArray()), tolerance);
    }

    [Fact]
    [Trait("Number", "L10-068")]
    public void Fifty_tensors_of_the_small_model_decay_and_98_do_not()
    {
        ILookup<bool, Tensor> groups = _small.Value.Parameters().ToLookup(Trainer.Decays);

        Assert.Equal((50, 124_318_464), (groups[true].Count(), groups[true].Sum(parameter => parameter.Count)));
        Assert.Equal((98, 121_344), (groups[false].Count(), groups[false].Sum(parameter => parameter.Count)));

        // Padding the vocabulary to 50,304 adds to the tied embedding alone.
        Assert.Equal(124_354_560, groups[true].Sum(parameter => parameter.Count) + ((50_304 - 50_257) * 768));
    }

    [Theory]
    [InlineData(24, 98, 194)] // medium
    [InlineData(36, 146, 290)] // large
    [InlineData(48, 194, 386)] // xl
    [Trait("Number", "L10-069")]
    public void Each_layer_adds_four_tensors_that_decay_and_eight_that_do_not(int layers, int decayed, int others)
    {
        Gpt model = new(new GptConfig { LayerCount = layers, HeadCount = 1, Width = 4, VocabularySize = 8, ContextLength = 8 });
        ILookup<bool, Tensor> groups = model.Parameters().ToLookup(Trainer.Decays);

        Assert.Equal((decayed, others), (groups[true].Count(), groups[false].Count()));
    }

    [Fact]
    [Trait("Number", "L10-070")]
    public void The_trainer_lets_the_first_group_decay_by_a_tenth_and_the_second_not_at_all()
    {
        TextDataset data = RunningText.Create(string.Concat(Enumerable.Repeat("abc ", 20)), "abc");
        GptConfig config = new() { LayerCount = 2, HeadCount = 1, Width = 4, VocabularySize = 4, ContextLength = 4 };
        Trainer trainer = new(config, data, new TrainingOptions { WeightDecay = 0.1f });

        Assert.Equal([0.1f, 0f], trainer.Optimizer.Groups.Select(group => group.WeightDecay));
        Assert.Equal([10, 18], trainer.Optimizer.Groups.Select(group => group.Parameters.Count));
        Assert.All(trainer.Optimizer.Groups[0].Parameters, parameter => Assert.Equal(2, parameter.Rank));
    }

    private static double Deviation(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
