using Nabla.Autograd;

namespace Nabla.Language.Tests.Models;

public class GptTests
{
    private static readonly GptConfig _small = new()
    {
        VocabularySize = 11,
        ContextLength = 12,
        LayerCount = 2,
        HeadCount = 2,
        Width = 8,
    };

    [Theory]
    [InlineData(12, 12, 768, 124_439_808)]
    public void The_parameters_of_GPT2_are_counted_once_where_they_are_tied(int layers, int heads, int width, long expected)
    {
        Gpt model = new(new GptConfig { LayerCount = layers, HeadCount = heads, Width = width });
        Assert.Equal(expected, model.ParameterCount);
    }

    [Fact]
    [Trait("Number", "L07-080")]
    public void The_lectures_CPU_model_has_209729_parameters() => Assert.Equal(209_729, new Gpt(GptConfig.SmallLecture).ParameterCount);

    [Fact]
    [Trait("Number", "L07-075")]
    public void The_lectures_large_model_has_10788929_parameters() => Assert.Equal(10_788_929, new Gpt(GptConfig.Lecture).ParameterCount);

    [Fact]
    public void Cached_logits_equal_uncached_ones()
    {
        Gpt model = new(_small, new RandomGenerator(1));
        using NoGradScope noGrad = Tensor.NoGrad();
        IndexTensor ids = IndexTensor.From([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], 1, 12);
        Tensor whole = model.Forward(ids);
        KeyValueCache cache = new(_small);
        int start = 0;
        foreach (int length in (int[])[5, 1, 1, 3, 2])
        {
            Tensor part = model.Forward(ids[.., start..(start + length)], cache);
            Assert.True(part.AllClose(whole[.., start..(start + length)], 1e-5f, 1e-6f));
            start += length;
        }

        Assert.Equal(12, cache.Length);
        Assert.True(model.NextLogits(ids).AllClose(whole[.., ^1], 1e-5f, 1e-6f));
    }

    [Fact]
    public void What_only_the_last_token_needs_has_the_gradients_that_it_has_among_all()
    {
        GptConfig config = _small with { Width = 64, Initialization = GptInitialization.LayerDefault };
        (Gpt model, Gpt other) = (new Gpt(config, new RandomGenerator(1)), new Gpt(config, new RandomGenerator(1)));
        IndexTensor ids = IndexTensor.Randint(new RandomGenerator(2), 0, 11, 40, 12);
        IndexTensor targets = IndexTensor.Randint(new RandomGenerator(3), 0, 11, 40);

        model.NextLogits(ids).CrossEntropy(targets).Backward();
        other.Forward(ids)[.., ^1].CrossEntropy(targets).Backward();

        foreach ((Tensor last, Tensor all) in model.Parameters().Zip(other.Parameters()))
        {
            Assert.True(last.Grad!.AllClose(all.Grad!, 1e-4f, 1e-6f));
        }
    }

    // Products of less than 128 numbers in a row are computed in another way than longer ones.
    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(136)]
    [InlineData(256)]
    public void Rows_of_different_lengths_in_a_cache_have_the_bits_that_each_has_alone(int width)
    {
        GptConfig config = _small with { Width = width };
        Gpt model = new(config, new RandomGenerator(1));
        using NoGradScope noGrad = Tensor.NoGrad();
        int[][] prompts = [[3, 1, 4, 1, 5], [9], [2, 6, 5], [3], [8, 9, 7]];
        KeyValueCache[] alone = [.. prompts.Select(_ => new KeyValueCache(config))];
        KeyValueCache together = new(config, batch: 0);
        foreach ((int[] prompt, KeyValueCache cache) in prompts.Zip(alone))
        {
            model.NextLogits(IndexTensor.From(prompt, 1, -1), cache);
            together.Add(cache);
        }

        Assert.Equal([5, 1, 3, 1, 3], together.Lengths.ToArray());
        Step([1, 2, 3, 4, 5]);
        Step([5, 4, 3, 2, 1]);
        together.RemoveAt(1);
        alone = [alone[0], alone[4], alone[2], alone[3]];
        Step([6, 7, 8, 9]);
        together.RemoveAt(3);
        alone = alone[..3];
        Step([0, 7, 1]);
        Assert.Equal(9, together.Length);

        void Step(int[] ids)
        {
            float[] logits = model.NextLogits(IndexTensor.From(ids, ids.Length, 1), together).ToArray();
            Assert.Equal(ids.SelectMany((id, row) => model.NextLogits(IndexTensor.From([id], 1, 1), alone[row]).ToArray()), logits);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_of_half_the_bits_change_the_logits_by_a_hundredth(bool tied)
    {
        GptConfig config = _small with { Width = 144, TieWeights = tied, Initialization = GptInitialization.LayerDefault };
        Gpt model = new(config, new RandomGenerator(1));
        IndexTensor ids = IndexTensor.From([.. Enumerable.Range(0, 24).Select(i => i % 11)], 2, 12);
        using (Tensor.NoGrad())
        {
            Tensor before = model.Forward(ids);
            Tensor next = model.NextLogits(ids);
            model.StoreAsBFloat16();
            float error = (model.Forward(ids) - before).Abs().Max().Item();
            Assert.InRange(error / before.Std().Item(), 1e-5f, 0.03f);
            Assert.True(model.NextLogits(ids).AllClose(next, 0, 0.03f * before.Std().Item()));
            Assert.Equal(new Gpt(config).ParameterCount, model.ParameterCount);
        }

        Assert.Contains("to train it", Assert.Throws<InvalidOperationException>(() => model.Forward(ids)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "to save it",
            Assert.Throws<InvalidOperationException>(() => model.Save(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_refuses_what_does_not_fit_it()
    {
        Gpt model = new(_small, new RandomGenerator(1));
        using NoGradScope noGrad = Tensor.NoGrad();
        KeyValueCache cache = new(_small, batch: 0);
        KeyValueCache prompt = new(_small);
        model.NextLogits(IndexTensor.From([3, 1], 1, 2), prompt);
        cache.Add(prompt);
        cache.Add(new KeyValueCache(_small));
        Assert.Contains("rows of different lengths", Refused(2, 2), StringComparison.Ordinal);
        Assert.Contains("cache of 2 rows", Refused(3, 1), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => cache.Add(cache));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.RemoveAt(2));
        cache.Clear();
        Assert.Equal([0, 0], cache.Lengths.ToArray());
        model.NextLogits(IndexTensor.From([1, 2, 3, 4], 2, 2), cache);
        string Refused(int rows, int tokens)
            => Assert.Throws<ShapeException>(() => model.NextLogits(IndexTensor.From(new int[rows * tokens], rows, tokens), cache)).Message;
    }

    [Fact]
    [Trait("Number", "L07-045")]
    public void A_later_token_does_not_change_an_earlier_output()
    {
        Gpt model = new(_small, new RandomGenerator(1));
        Tensor before = model.Forward(IndexTensor.From([3, 1, 4, 1, 5], 1, 5));
        Tensor after = model.Forward(IndexTensor.From([3, 1, 4, 1, 7], 1, 5));
        Assert.Equal(before[.., ..4].ToArray(), after[.., ..4].ToArray());
        Assert.NotEqual(before.ToArray(), after.ToArray());
    }

    [Fact]
    [Trait("Number", "L07-048")]
    public void A_row_of_the_batch_does_not_change_another()
    {
        Gpt model = new(_small, new RandomGenerator(1));
        Tensor before = model.Forward(IndexTensor.From([3, 1, 4, 1, 5, 9], 2, 3));
        Tensor after = model.Forward(IndexTensor.From([3, 1, 4, 2, 7, 1], 2, 3));
        Assert.True(before[0].AllClose(after[0], 1e-6f, 1e-7f));
        Assert.False(before[1].AllClose(after[1]));
    }

    [Fact]
    [Trait("Number", "L07-026")]
    public void More_tokens_than_the_context_are_refused()
        => Assert.Contains(
            "at most 12", Assert.Throws<ShapeException>(() => new Gpt(_small).Forward(IndexTensor.From(new int[13], 1, 13))).Message, StringComparison.Ordinal);

    [Fact]
    public void Dropout_drops_in_training_only()
    {
        Gpt model = new(_small with { Dropout = 0.5f }, new RandomGenerator(1), new RandomGenerator(2));
        IndexTensor ids = IndexTensor.From([3, 1, 4], 1, 3);
        Assert.NotEqual(model.Forward(ids).ToArray(), model.Forward(ids).ToArray());
        model.Eval();
        float[] calm = model.Forward(ids).ToArray();
        Assert.Equal(calm, model.Forward(ids).ToArray());
        Assert.Equal(calm, new Gpt(_small, new RandomGenerator(1)).Forward(ids).ToArray());
    }

    [Fact]
    public void Residual_projections_start_smaller_and_biases_at_zero()
    {
        Gpt model = new(new GptConfig { VocabularySize = 65, ContextLength = 16, LayerCount = 8, HeadCount = 2, Width = 64 }, new RandomGenerator(1));
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            float deviation = parameter.Count > 1 ? parameter.Detach().Std().Item() : 0;
            if (name.EndsWith("c_proj.weight", StringComparison.Ordinal))
            {
                Assert.Equal(0.02 / 4, deviation, 0.0003);
            }
            else if (parameter.Rank == 2)
            {
                Assert.Equal(0.02, deviation, 0.0015);
            }
            else
            {
                Assert.Equal(0, deviation);
            }
        }
    }

    [Theory]
    [InlineData(7, 2, "not divisible")]
    [InlineData(8, 0, "heads must be at least 1")]
    public void A_configuration_that_makes_no_model_is_refused(int width, int heads, string expected)
        => Assert.Contains(
            expected, Assert.Throws<ArgumentException>(() => new Gpt(_small with { Width = width, HeadCount = heads })).Message, StringComparison.Ordinal);
}
