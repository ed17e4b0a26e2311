namespace Nabla.Language.Tests.Lectures;

/// <summary>The third lecture's network on the 32 examples of the first five names.</summary>
public sealed class MlpNetworkTests(MlpNetworkTests.Overfit overfit) : IClassFixture<MlpNetworkTests.Overfit>
{
    // The five names begin differently, so what comes after "..." has five answers, each once.
    private static readonly float _lowest = 5 * MathF.Log(5) / 32;

    private static readonly NameContexts.Examples _examples =
        NameContexts.Of(["emma", "olivia", "ava", "isabella", "sophia"]);

    [Fact]
    [Trait("Number", "L03-022")]
    [Trait("Number", "L03-023")]
    public void The_hidden_layer_is_100_numbers_between_minus_one_and_one()
    {
        Tensor hidden = new LectureMlp(2, 100).Hidden(_examples.Contexts);

        Assert.Equal(new Shape(32, 100), hidden.Shape);
        Assert.InRange(hidden.Abs().Max().Item(), 0.9f, 1);
    }

    [Fact]
    [Trait("Number", "L03-024")]
    public void Every_row_gets_the_same_bias()
    {
        LectureMlp model = new(2, 100);
        Tensor product = model.Table[_examples.Contexts].View(-1, 6).MatMul(model.W1);

        Tensor added = product + model.B1 - product;

        Assert.All(Enumerable.Range(0, 32), row => Assert.True(added[row].AllClose(model.B1, 0, 2e-6f)));
    }

    [Fact]
    [Trait("Number", "L03-025")]
    public void Every_row_of_the_probabilities_sums_to_one()
    {
        Tensor logits = new LectureMlp(2, 100).Logits(_examples.Contexts);
        Tensor counts = logits.Exp();

        Assert.Equal(new Shape(32, 27), logits.Shape);
        Assert.All((counts / counts.Sum(1, keepDim: true)).Sum(1).ToArray(), sum => Assert.Equal(1, sum, 1e-5f));
    }

    [Fact]
    [Trait("Number", "L03-026")]
    [Trait("Number", "L03-027")]
    public void Untrained_the_lectures_network_costs_17_77()
    {
        float loss = new LectureMlp(2, 100).Loss(_examples);

        Assert.Equal(17.7697f, loss, 1e-3f);
        Assert.Equal(17, loss, 6f);
    }

    [Theory]
    [Trait("Number", "L03-028")]
    [Trait("Number", "L03-056")]
    [Trait("Number", "L03-059")]
    [InlineData(2, 100, 3481)]
    [InlineData(2, 300, 10_281)]
    [InlineData(10, 200, 11_897)]
    public void A_network_has_this_many_parameters(int embeddingWidth, int hiddenWidth, int expected)
        => Assert.Equal(expected, new LectureMlp(embeddingWidth, hiddenWidth).ParameterCount);

    [Fact]
    [Trait("Number", "L03-029")]
    public void Cross_entropy_is_the_loss_by_hand()
    {
        Tensor logits = new LectureMlp(2, 100).Logits(_examples.Contexts);
        Tensor counts = logits.Exp();
        Tensor probabilities = counts / counts.Sum(1, keepDim: true);
        Tensor byHand = -probabilities[IndexTensor.Arange(32), _examples.Labels].Log().Mean();

        Assert.Equal(byHand.Item(), logits.CrossEntropy(_examples.Labels).Item(), 1e-5f);
    }

    [Fact]
    [Trait("Number", "L03-037")]
    [Trait("Number", "L03-038")]
    public void A_batch_that_is_learnt_by_heart_does_not_cost_nothing()
    {
        Assert.InRange(overfit.Model.Loss(_examples), _lowest, 0.30f);
        Assert.Equal(0.25147f, _lowest, 1e-5f);
        Assert.All(overfit.Losses, loss => Assert.True(loss > _lowest));
    }

    [Fact]
    [Trait("Number", "L03-039")]
    public void What_has_one_answer_is_answered_right()
    {
        (Tensor values, IndexTensor indices) = overfit.Model.Logits(_examples.Contexts).Max(1);
        bool[] right = [.. indices.ToArray().Zip(_examples.Labels.ToArray(), (answer, label) => answer == label)];
        bool[] begins = [.. Enumerable.Range(0, 32).Select(i => _examples.Contexts[i].ToArray().All(id => id == 0))];

        Assert.Equal(new Shape(32), values.Shape);
        Assert.Equal(27, right.Where((_, i) => !begins[i]).Count(isRight => isRight));
        Assert.Equal(28, right.Count(isRight => isRight));
    }

    /// <summary>A thousand steps on all 32 examples, made once.</summary>
    public sealed class Overfit
    {
        public Overfit()
        {
            Model = new LectureMlp(2, 100);
            Losses = [.. Enumerable.Range(0, 1000).Select(_ => Model.Step(_examples, 0.1f))];
        }

        internal LectureMlp Model { get; }

        internal IReadOnlyList<float> Losses { get; }
    }
}
