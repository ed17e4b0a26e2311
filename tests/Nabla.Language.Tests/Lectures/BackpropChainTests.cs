using Nabla.Autograd;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// Exercise 1 of lecture 5: every gradient of the chain by hand against the one of Backward, and those that must not agree.
/// </summary>
public sealed class BackpropChainTests
{
    // Where the lecture says "correct", PyTorch agrees to the last bit, or in all but the last bits, as the order of a sum
    // decides. Both count here: an element may differ by 1e-8, or by 1e-5 of its size. For the last bit see the test of eight.
    private const float AbsoluteTolerance = 1e-8f;

    private readonly BackpropChain _chain;
    private readonly BackpropByHand _byHand;

    private static BackpropChain? _lecture;

    public BackpropChainTests()
    {
        _chain = BackpropChain.OfRandomCharacters(7);
        _byHand = new(_chain);
    }

    /// <summary>Gets the chain of the lecture's own minibatch.</summary>
    private static BackpropChain Lecture
    {
        get
        {
            if (_lecture is null)
            {
                BackpropNetwork network = new();
                _lecture = new BackpropChain(network, network.Draw(BackpropData.Split.Train)).Backward();
            }

            return _lecture;
        }
    }

    [Theory]
    [Trait("Number", "L05-019")]
    [Trait("Number", "L05-022")]
    [Trait("Number", "L05-023")]
    [Trait("Number", "L05-029")]
    [InlineData("probs", 32, 27)]
    [InlineData("counts_sum", 32, 1)]
    [InlineData("norm_logits", 32, 27)]
    [InlineData("hpreact", 32, 64)]
    public void A_function_of_each_element_multiplies_by_its_slope(string name, params int[] shape) => AssertRight(name, shape);

    [Theory]
    [Trait("Number", "L05-020")]
    [Trait("Number", "L05-030")]
    [Trait("Number", "L05-032")]
    [InlineData("counts_sum_inv", 32, 1)]
    [InlineData("bngain", 1, 64)]
    [InlineData("bnbias", 1, 64)]
    [InlineData("bnraw", 32, 64)]
    [InlineData("bnvar_inv", 1, 64)]
    [InlineData("bnvar", 1, 64)]
    public void What_was_replicated_gathers_a_sum_of_its_own_shape(string name, params int[] shape) => AssertRight(name, shape);

    [Theory]
    [Trait("Number", "L05-028")]
    [Trait("Number", "L05-036")]
    [Trait("Number", "L05-037")]
    [InlineData("h", 32, 64)]
    [InlineData("W2", 64, 27)]
    [InlineData("b2", 27)]
    [InlineData("embcat", 32, 30)]
    [InlineData("W1", 30, 64)]
    [InlineData("b1", 64)]
    [InlineData("emb", 32, 3, 10)]
    public void A_linear_layer_passes_back_two_products_and_a_sum(string name, params int[] shape) => AssertRight(name, shape);

    [Fact]
    [Trait("Number", "L05-017")]
    [Trait("Number", "L05-018")]
    public void Only_the_chosen_log_probabilities_move_the_loss()
    {
        GradientComparison comparison = GradientComparison.Compare("logprobs", _byHand["logprobs"], _chain.LogProbs);
        Assert.True(comparison is { IsExact: true, IsApproximate: true, LargestDifference: 0 }, comparison.ToString());

        float[] gradient = _chain.LogProbs.Grad!.ToArray();
        int[] labels = _chain.Batch.Labels.ToArray();
        Assert.Equal(864, gradient.Length);
        Assert.Equal(32, gradient.Count(element => element != 0));
        Assert.All(labels.Index(), label => Assert.Equal(-0.03125f, gradient[(label.Index * 27) + label.Item]));
    }

    [Fact]
    [Trait("Number", "L05-019")]
    public void The_less_probable_the_right_answer_the_stronger_is_its_gradient()
    {
        Tensor probs = Tensor.From([1f, 0.5f, 0.01f]);
        probs.RequiresGrad = true;
        probs.Log().Sum().Backward();
        Assert.Equal([1, 2, 100], probs.Grad!.ToArray(), (expected, actual) => Math.Abs(expected - actual) < 1e-4);
    }

    [Theory]
    [Trait("Number", "L05-021")]
    [Trait("Number", "L05-031")]
    [Trait("Number", "L05-034")]
    [InlineData("counts")]
    [InlineData("bndiff")]
    [InlineData("hprebn")]
    public void What_is_used_twice_is_wrong_until_both_uses_are_added(string name)
    {
        Assert.False(Compare(name, _byHand.Unfinished[name]).IsApproximate);
        AssertRight(name);
    }

    [Fact]
    [Trait("Number", "L05-024")]
    public void To_add_to_dlogits_leaves_alone_what_it_was_cloned_from()
    {
        Tensor before = _byHand.Unfinished["logits"];
        Assert.True(before.Equal(_byHand["norm_logits"]).Min().Item() == 1);

        using var noGrad = Tensor.NoGrad();
        Tensor normLogits = before.Clone();
        Tensor logits = normLogits;
        logits.AddInPlace(1);
        Assert.False(Compare("norm_logits", normLogits).IsApproximate); // without the clone: two names of one tensor
    }

    [Fact]
    [Trait("Number", "L05-025")]
    public void The_largest_logits_have_next_to_no_gradient()
    {
        Assert.Equal(new Shape(32, 1), _byHand["logit_maxes"].Shape);
        Assert.InRange(_byHand["logit_maxes"].Abs().Max().Item(), 0, 1e-8f);
        AssertRight("logit_maxes");
    }

    [Fact]
    [Trait("Number", "L05-026")]
    [Trait("Number", "L05-027")]
    public void The_gradient_of_a_maximum_goes_to_where_it_was_found()
    {
        Tensor oneHot = Tensor.OneHot(_chain.ArgMax.View(32), 27);
        Assert.Equal(new Shape(32, 27), oneHot.Shape);
        Assert.All(oneHot.Sum(1).ToArray(), ones => Assert.Equal(1, ones));
        Assert.Equal(32, oneHot.Sum().Item());

        Tensor maxes = _byHand["logit_maxes"];
        Tensor scattered = Tensor.Zeros(32, 27).ScatterAdd(1, _chain.ArgMax, maxes);
        Assert.Equal(1, scattered.Equal(oneHot * maxes).Min().Item());
        AssertRight("logits");
        Assert.InRange(Compare("logits", _byHand["logits"]).LargestDifference, 0, 1e-9f);
    }

    [Fact]
    [Trait("Number", "L05-033")]
    public void The_divisor_of_the_variance_must_be_the_one_of_the_forward_pass()
    {
        AssertRight("bndiff2", 32, 64);
        Assert.Equal(_byHand["bnvar"][0, 0].Item() / 31, _byHand["bndiff2"][0, 0].Item(), 1e-9f);
        Assert.False(Compare("bndiff2", Tensor.OnesLike(_chain.BnDiff2) * _byHand["bnvar"] * (1f / 32)).IsApproximate);
    }

    [Fact]
    [Trait("Number", "L05-035")]
    public void The_gradient_of_the_means_is_a_row_and_not_a_vector()
    {
        AssertRight("bnmeani", 1, 64);
        GradientComparison comparison = Compare("bnmeani", (-_byHand["bndiff"]).Sum(0));
        Assert.Equal(new Shape(64), comparison.ByHandShape);
        Assert.False(comparison.IsApproximate);
        Assert.Equal("bnmeani        | shape [64], must be [1, 64]", comparison.ToString());
    }

    [Fact]
    [Trait("Number", "L05-038")]
    public void Rows_of_the_table_gather_what_all_their_uses_send()
    {
        BackpropByHand byHand = new(Lecture);
        Tensor demb = byHand["emb"];
        Tensor contexts = Tensor.Zeros(27, 10);
        Tensor scattered = contexts.IndexAdd(0, Lecture.Batch.Contexts.View(96), demb.View(96, 10));
        Tensor table = Lecture.Network.Table;
        Assert.Equal(1, scattered.Equal(byHand["C"]).Min().Item());
        Assert.True(GradientComparison.Compare("C", byHand["C"], table).IsApproximate);

        Tensor assigned = Tensor.Zeros(27, 10);
        for (int i = 0; i < 96; i++)
        {
            assigned[Lecture.Batch.Contexts[i / 3, i % 3].Item()] = demb[i / 3, i % 3];
        }

        Assert.False(GradientComparison.Compare("C", assigned, table).IsApproximate);
    }

    [Fact]
    [Trait("Number", "L05-039")]
    public void Twenty_six_gradients_by_hand_are_those_of_Backward()
    {
        BackpropByHand byHand = new(Lecture);
        GradientComparison[] comparisons =
            [.. Lecture.Differentiated.Select(part => GradientComparison.Compare(part.Name, byHand[part.Name], part.Tensor))];
        Assert.Equal(26, comparisons.Length);
        Assert.All(comparisons, comparison => Assert.True(comparison.IsApproximate, comparison.ToString()));
        Assert.InRange(comparisons.Max(comparison => comparison.LargestDifference), 0, 1e-7f);
    }

    [Theory]
    [Trait("Number", "L05-040")]
    [InlineData("logprobs")]
    [InlineData("probs")]
    [InlineData("counts_sum_inv")]
    [InlineData("counts_sum")]
    [InlineData("logits")]
    [InlineData("h")]
    [InlineData("W2")]
    [InlineData("b2")]
    public void These_are_the_same_to_the_last_bit(string name)
    {
        Tensor tensor = Lecture.Differentiated.Single(part => part.Name == name).Tensor;
        GradientComparison comparison = GradientComparison.Compare(name, new BackpropByHand(Lecture)[name], tensor);
        Assert.True(comparison.IsExact, comparison.ToString());
    }

    [Fact]
    [Trait("Number", "L05-011")]
    public void A_gain_of_1_hides_that_the_gain_was_forgotten()
    {
        Assert.False(Compare("bnraw", _byHand["hpreact"]).IsApproximate);

        BackpropNetwork network = new();
        network.Gain.Detach().FillInPlace(1);
        BackpropChain chain = new BackpropChain(network, BackpropData.RandomCharacters(7)).Backward();
        Assert.True(GradientComparison.Compare("bnraw", new BackpropByHand(chain)["hpreact"], chain.BnRaw).IsApproximate);
    }

    [Fact]
    [Trait("Number", "L05-012")]
    public void A_bias_in_front_of_the_norm_does_nothing()
    {
        Examples batch = BackpropData.RandomCharacters(7);
        BackpropNetwork network = new();
        network.B1.Detach().AddInPlace(Tensor.Randn(new RandomGenerator(3), 64));
        Assert.Equal(_chain.Loss.Item(), new BackpropChain(network, batch).Loss.Item(), 1e-6f);

        AssertRight("b1", 64);
        Assert.InRange(_byHand["b1"].Abs().Max().Item(), 0, 1e-7f);
    }

    private GradientComparison Compare(string name, Tensor byHand) => GradientComparison.Compare(
        name, byHand, _chain.Differentiated.Single(part => part.Name == name).Tensor, atol: AbsoluteTolerance);

    private void AssertRight(string name, params int[] shape)
    {
        GradientComparison comparison = Compare(name, _byHand[name]);
        Assert.True(comparison.IsApproximate, comparison.ToString());
        Assert.Equal(shape.Length > 0 ? new Shape(shape) : comparison.Shape, comparison.ByHandShape);
    }
}
