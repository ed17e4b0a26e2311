using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The forward pass of lecture 5: shapes, the lecture's minibatch, and what must hold of the pieces.</summary>
public sealed class BackpropForwardTests
{
    private readonly BackpropChain _chain = new(new BackpropNetwork(), BackpropData.RandomCharacters(7));

    [Fact]
    [Trait("Number", "L05-001")]
    [Trait("Number", "L05-002")]
    public void Parameters_have_the_lectures_shapes_and_are_4137()
    {
        BackpropNetwork network = new();
        Shape[] shapes = [new(27, 10), new(30, 64), new(64), new(64, 27), new(27), new(1, 64), new(1, 64)];
        Assert.Equal(shapes, network.Parameters.Select(parameter => parameter.Shape));
        Assert.Equal([270, 1920, 64, 1728, 27, 64, 64], network.Parameters.Select(parameter => parameter.Count));
        Assert.Equal(4137, network.Parameters.Sum(parameter => parameter.Count));
    }

    [Fact]
    [Trait("Number", "L05-003")]
    [Trait("Number", "L05-004")]
    public void The_first_minibatch_is_the_lectures()
    {
        Assert.Equal(182_625, BackpropData.Split.Train.Count);
        Examples batch = new BackpropNetwork().Draw(BackpropData.Split.Train);
        Assert.Equal(new Shape(32, 3), batch.Contexts.Shape);
        Assert.Equal(new Shape(32), batch.Labels.Shape);
        Assert.Equal([1, 1, 4], batch.Contexts[0].ToArray());
        Assert.Equal([8, 14, 15], batch.Labels[..3].ToArray());
    }

    [Fact]
    [Trait("Number", "L05-005")]
    public void Twenty_tensors_have_the_lectures_shapes()
    {
        Shape row = new(1, 64);
        Shape hidden = new(32, 64);
        Shape column = new(32, 1);
        Shape output = new(32, 27);
        Shape[] shapes =
        [
            new(32, 3, 10), new(32, 30), hidden, row, hidden, hidden, row, row, hidden, hidden, hidden,
            output, column, output, output, column, column, output, output, default,
        ];
        Assert.Equal(shapes, _chain.Intermediates.Select(part => part.Tensor.Shape));
    }

    [Fact]
    [Trait("Number", "L05-006")]
    public void The_norm_gives_every_column_mean_0_and_variance_1()
    {
        using var noGrad = Tensor.NoGrad();
        Assert.True((_chain.BnDiff2.Sum(0, keepDim: true) / 31).AllClose(_chain.BnVar));
        Assert.True(_chain.HPreBn.Var(0, keepDim: true).AllClose(_chain.BnVar, rtol: 1e-5f, atol: 1e-6f));
        Assert.True((1 / (_chain.BnVar + 1e-5f).Sqrt()).AllClose(_chain.BnVarInv, rtol: 1e-6f));
        Assert.All(_chain.BnRaw.Mean(0).ToArray(), mean => Assert.Equal(0, mean, 1e-4f));
        Assert.All(_chain.BnRaw.Var(0).ToArray(), variance => Assert.Equal(1, variance, 1e-4f));
    }

    [Fact]
    [Trait("Number", "L05-007")]
    [Trait("Number", "L05-008")]
    public void The_largest_logit_of_a_row_becomes_0_and_its_probabilities_sum_to_1()
    {
        Assert.All(_chain.NormLogits.Max(1).Values.ToArray(), largest => Assert.Equal(0, largest));
        Assert.All(_chain.Probs.Sum(1).ToArray(), sum => Assert.Equal(1, sum, 1e-6f));
    }

    [Fact]
    [Trait("Number", "L05-009")]
    public void To_divide_is_to_multiply_by_the_power_minus_1_and_so_are_the_gradients()
    {
        Tensor power = _chain.CountsSum.Detach().Clone();
        Tensor quotient = power.Clone();
        (power.RequiresGrad, quotient.RequiresGrad) = (true, true);
        (Tensor left, Tensor right) = (power.Pow(-1), 1 / quotient);
        left.Sum().Backward();
        right.Sum().Backward();

        Assert.True(left.AllClose(right, rtol: 0, atol: 1e-7f));
        Assert.True(power.Grad!.AllClose(quotient.Grad!, rtol: 0, atol: 1e-7f));
    }

    [Fact]
    [Trait("Number", "L05-010")]
    public void No_parameter_begins_at_a_number_that_hides_mistakes()
    {
        BackpropNetwork network = new();
        Assert.All((Tensor[])[network.B1, network.B2, network.Bias], bias => Assert.DoesNotContain(0, bias.ToArray()));
        Assert.DoesNotContain(1, network.Gain.ToArray());
    }

    [Fact]
    [Trait("Number", "L05-016")]
    public void Every_tensor_on_the_way_keeps_its_gradient_when_asked()
    {
        BackpropChain chain = new(new BackpropNetwork(), BackpropData.RandomCharacters(8));
        Assert.All(chain.Intermediates, part => Assert.Null(part.Tensor.Grad));
        chain.Backward();
        Assert.Equal(20, chain.Intermediates.Count(part => part.Tensor.Grad?.Shape == part.Tensor.Shape));
    }

    [Fact]
    [Trait("Number", "L05-051")]
    public void A_constant_added_to_a_row_of_logits_changes_neither_probabilities_nor_loss()
    {
        using var noGrad = Tensor.NoGrad();
        IndexTensor labels = _chain.Batch.Labels;
        Tensor logits = _chain.Logits;
        Tensor moved = logits + Tensor.Randn(new RandomGenerator(1), 32, 1);
        Assert.True(moved.Softmax(1).AllClose(_chain.Probs, rtol: 0, atol: 1e-6f));
        Assert.Equal(logits.CrossEntropy(labels).Item(), moved.CrossEntropy(labels).Item(), 1e-6f);
    }
}
