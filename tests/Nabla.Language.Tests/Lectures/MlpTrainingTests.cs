namespace Nabla.Language.Tests.Lectures;

/// <summary>The third lecture's network on minibatches of all names: how it begins, and how its learning rate is found.</summary>
public sealed class MlpTrainingTests
{
    [Fact]
    [Trait("Number", "L03-042")]
    public void A_thousand_steps_on_minibatches_reach_2_8()
    {
        LectureMlp model = new(2, 100);
        model.Train(NameContexts.All, 1000, 0.1f);

        Assert.InRange(model.Loss(NameContexts.All), 2.4f, 2.8f);
    }

    [Fact]
    [Trait("Number", "L03-043")]
    [Trait("Number", "L03-044")]
    [Trait("Number", "L03-045")]
    [Trait("Number", "L03-046")]
    public void A_rate_can_be_too_low_right_unstable_and_too_high()
    {
        (float First, float Last) low = Probe(0.001f);
        (float First, float Last) right = Probe(0.1f);
        (float First, float Last) unstable = Probe(1);
        (float First, float Last) high = Probe(10);

        Assert.InRange(low.Last / low.First, 0.75f, 1);
        Assert.InRange(right.Last / right.First, 0, 0.6f);
        Assert.True(unstable.Last > right.Last, $"{unstable.Last} with rate 1, {right.Last} with 0.1");
        Assert.InRange(high.Last, 20, float.MaxValue);
    }

    [Fact]
    [Trait("Number", "L03-048")]
    public void The_loss_is_lowest_near_a_rate_of_a_tenth()
    {
        float[] exponents = Tensor.Linspace(-3, 0, 1000).ToArray();
        IEnumerable<float> rates = exponents.Select(exponent => MathF.Pow(10, exponent));
        List<float> losses = new LectureMlp(2, 100).Train(NameContexts.All, rates);
        float[] smoothed = [.. Enumerable.Range(25, 950).Select(i => losses[(i - 25)..(i + 26)].Average())];

        Assert.Equal(-1, exponents[25 + Array.IndexOf(smoothed, smoothed.Min())], 0.5f);
    }

    [Fact]
    [Trait("Number", "L03-066")]
    public void The_logarithm_of_a_loss_is_tracked()
    {
        List<float> losses = new LectureMlp(2, 100).Train(NameContexts.Of(["emma"]), 3, 0.1f);

        Assert.All(losses, loss => Assert.Equal(Math.Log10(loss), Tensor.Scalar(loss).Log().Item() / Math.Log(10), 1e-6));
    }

    [Fact]
    [Trait("Number", "L03-067")]
    public void The_loss_of_a_split_is_the_mean_of_its_parts_by_their_sizes()
    {
        LectureMlp model = new(2, 100);
        NameContexts.Examples examples = NameContexts.Split.Dev;

        Assert.NotEqual(0, examples.Count % 1000);
        Assert.Equal(model.Loss(examples, examples.Count), model.Loss(examples, 1000), 1e-4f);
    }

    [Fact]
    [Trait("Number", "L03-064")]
    public void Twenty_names_are_drawn_each_up_to_its_first_dot()
    {
        LectureMlp model = new(2, 100);
        model.Train(NameContexts.All, 1000, 0.1f);
        RandomGenerator random = new(NameBigrams.Seed + 10);
        string[] names = new string[20];
        for (int i = 0; i < names.Length; i++)
        {
            IndexTensor context = IndexTensor.Zeros(1, 3);
            int id;
            do
            {
                id = model.Logits(context).Softmax(1).Multinomial(1, random, replacement: true).Item();
                context = IndexTensor.Cat([context[.., 1..], IndexTensor.From([id], 1, 1)], dim: 1);
                names[i] += NameBigrams.Character(id);
            }
            while (id != 0);
        }

        Assert.All(names, name => Assert.Equal(name.Length - 1, name.IndexOf('.', StringComparison.Ordinal)));
        Assert.True(names.Distinct().Count() > 15);
    }

    private static (float First, float Last) Probe(float rate)
    {
        List<float> losses = new LectureMlp(2, 100).Train(NameContexts.All, 100, rate);
        return (losses[..10].Average(), losses[^10..].Average());
    }
}
