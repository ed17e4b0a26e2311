using Nabla.Autograd;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>Exercise 2 of lecture 5: from the loss to the logits in one formula, (softmax - one-hot) / n.</summary>
public sealed class BackpropLossTests
{
    private readonly BackpropChain _chain = BackpropChain.OfRandomCharacters(7);

    private Tensor Logits => _chain.Logits.Detach();

    private IndexTensor Labels => _chain.Batch.Labels;

    [Fact]
    [Trait("Number", "L05-052")]
    public void The_fused_loss_is_the_loss_of_the_pieces()
        => Assert.Equal(_chain.Loss.Item(), Logits.CrossEntropy(Labels).Item(), 1e-6f);

    [Fact]
    [Trait("Number", "L05-053")]
    public void The_formula_agrees_with_the_pieces_though_not_to_the_last_bit()
    {
        BackpropNetwork network = new();
        Examples batch = network.Draw(BackpropData.Split.Train);
        BackpropChain lecture = new BackpropChain(network, batch).Backward();
        GradientComparison comparison = GradientComparison.Compare(
            "logits", GradientOfCrossEntropy(lecture.Logits.Detach(), batch.Labels), lecture.Logits);
        Assert.False(comparison.IsExact);
        Assert.True(comparison.IsApproximate, comparison.ToString());
        Assert.InRange(comparison.LargestDifference, 0, 1e-8f);
    }

    [Fact]
    [Trait("Number", "L05-054")]
    public void Without_the_division_by_the_batch_it_is_32_times_too_large()
    {
        Tensor undivided = Logits.Softmax(1) - Tensor.OneHot(Labels, 27);
        Assert.False(GradientComparison.Compare("logits", undivided, _chain.Logits).IsApproximate);
        Assert.Equal(32, undivided.Norm().Item() / _chain.Logits.Grad!.Norm().Item(), 1e-4f * 32);
    }

    [Fact]
    [Trait("Number", "L05-055")]
    [Trait("Number", "L05-058")]
    public void Each_wrong_answer_is_pushed_by_its_probability_and_the_right_one_pulled_by_what_it_lacks()
    {
        float[] scaled = (_chain.Logits.Grad! * 32).ToArray();
        float[] probs = Logits.Softmax(1).ToArray();
        for (int i = 0; i < scaled.Length; i++)
        {
            bool isLabel = i % 27 == Labels[i / 27].Item();
            Assert.Equal(isLabel ? -1 : 0, scaled[i] - probs[i], 1e-6f);
        }
    }

    [Fact]
    [Trait("Number", "L05-056")]
    public void The_forces_on_a_row_are_in_balance()
        => Assert.All(_chain.Logits.Grad!.Sum(1).ToArray(), sum => Assert.Equal(0, sum, 1e-7f));

    [Fact]
    [Trait("Number", "L05-057")]
    public void There_is_no_force_on_a_perfect_answer()
    {
        Tensor logits = Tensor.OneHot(Labels, 27) * 200;
        logits.RequiresGrad = true;
        logits.CrossEntropy(Labels).Backward();
        Assert.All(logits.Grad!.ToArray(), force => Assert.Equal(0, force, 1e-7f));
    }

    [Fact]
    [Trait("Number", "L05-059")]
    public void The_heat_map_of_the_gradient_has_32_negative_cells_all_at_the_labels()
    {
        Tensor gradient = GradientOfCrossEntropy(Logits, Labels);
        Assert.Equal(new Shape(32, 27), gradient.Shape);
        Assert.Equal(1, (gradient < 0).Equal(Tensor.OneHot(Labels, 27)).Min().Item());
        Assert.Equal(32, gradient.ToArray().Count(element => element < 0));
    }

    [Fact]
    [Trait("Number", "L05-074")]
    public void To_clip_the_loss_kills_the_gradient_that_one_wanted_to_bound()
    {
        Tensor x = Tensor.From([3f, -4f]);
        x.RequiresGrad = true;
        Tensor loss = x.Square().Sum();
        loss.Clamp(max: 10).Backward();
        Assert.Equal([0, 0], x.Grad!.ToArray());

        x.ZeroGrad();
        x.Square().Sum().Backward();
        float norm = Optim.GradientClipping.ClipNorm([x], 1);
        Assert.Equal(10, norm, 1e-5f);
        Assert.Equal([0.6f, -0.8f], x.Grad!.ToArray(), (expected, actual) => Math.Abs(expected - actual) < 1e-5);
    }

    internal static Tensor GradientOfCrossEntropy(Tensor logits, IndexTensor labels)
        => (logits.Softmax(1) - Tensor.OneHot(labels, logits.Shape[1])) / labels.Count;
}
