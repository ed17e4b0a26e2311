using Nabla.Autograd;

namespace Nabla.Language.Tests.Lectures;

/// <summary>Exercise 3 of lecture 5: back through batch norm in one formula, and the two ways to divide a variance.</summary>
public sealed class BackpropNormTests
{
    private const int N = BackpropNetwork.BatchSize;

    private readonly BackpropChain _chain = BackpropChain.OfRandomCharacters(7);

    [Fact]
    [Trait("Number", "L05-060")]
    public void The_norm_in_one_expression_is_the_norm_in_pieces()
    {
        using var noGrad = Tensor.NoGrad();
        Tensor x = _chain.HPreBn;
        Tensor deviation = (x.Var(0, keepDim: true) + BackpropNetwork.Epsilon).Sqrt();
        Tensor fused = (_chain.Network.Gain * (x - x.Mean(0, keepDim: true)) / deviation) + _chain.Network.Bias;
        Assert.True(fused.AllClose(_chain.HPreAct, rtol: 1e-6f, atol: 1e-6f));
    }

    [Fact]
    [Trait("Number", "L05-061")]
    public void The_formula_agrees_with_the_pieces()
    {
        GradientComparison comparison = GradientComparison.Compare("hprebn", GradientOfNorm(_chain), _chain.HPreBn);
        Assert.True(comparison.IsApproximate, comparison.ToString());
        Assert.InRange(comparison.LargestDifference, 0, 1e-8f);
    }

    [Fact]
    [Trait("Number", "L05-061")]
    public void With_the_variance_over_n_the_factor_of_31_and_32_is_gone()
    {
        Tensor x = _chain.HPreBn.Detach().Clone();
        x.RequiresGrad = true;
        Tensor mean = x.Mean(0, keepDim: true);
        Tensor inverse = (x.Var(0, unbiased: false, keepDim: true) + BackpropNetwork.Epsilon).Pow(-0.5f);
        Tensor raw = (x - mean) * inverse;
        Tensor dy = _chain.HPreAct.Grad!;
        (_chain.Network.Gain.Detach() * raw).Backward(dy);

        Tensor biased = GradientOfNorm(_chain.Network.Gain.Detach(), inverse.Detach(), raw.Detach(), dy, 1);
        Assert.True(GradientComparison.Compare("x", biased, x).IsApproximate);
        Tensor unbiased = GradientOfNorm(_chain.Network.Gain.Detach(), inverse.Detach(), raw.Detach(), dy, N / (N - 1f));
        Assert.False(GradientComparison.Compare("x", unbiased, x).IsApproximate);
    }

    [Fact]
    [Trait("Number", "L05-062")]
    public void The_formula_for_64_columns_is_that_of_each_column_alone()
    {
        Tensor all = GradientOfNorm(_chain);
        using var noGrad = Tensor.NoGrad();
        for (int j = 0; j < 64; j++)
        {
            Range column = j..(j + 1);
            Tensor alone = GradientOfNorm(_chain.Network.Gain[.., column], _chain.BnVarInv[.., column], _chain.BnRaw[.., column],
                _chain.HPreAct.Grad![.., column], N / (N - 1f));
            Assert.True(alone.AllClose(all[.., column], rtol: 0, atol: 1e-7f));
        }
    }

    [Fact]
    [Trait("Number", "L05-068")]
    public void The_lectures_norm_divides_by_31_where_the_layer_divides_by_32()
    {
        using var noGrad = Tensor.NoGrad();
        Tensor x = _chain.HPreBn;
        Tensor layer = new Nn.BatchNorm1d(64, BackpropNetwork.Epsilon, affine: false).Forward(x);
        Tensor over32 = (x - x.Mean(0)) / (x.Var(0, unbiased: false) + BackpropNetwork.Epsilon).Sqrt();
        Assert.True(layer.AllClose(over32, rtol: 1e-5f, atol: 1e-6f));
        Assert.False(layer.AllClose(_chain.BnRaw, rtol: 1e-3f, atol: 1e-3f));
        Assert.True((_chain.BnRaw * MathF.Sqrt(32 / 31f)).AllClose(layer, rtol: 1e-4f, atol: 1e-5f));
    }

    [Fact]
    [Trait("Number", "L05-066")]
    [Trait("Number", "L05-067")]
    public void A_variance_over_n_comes_out_too_small()
    {
        Tensor samples = Tensor.Randn(new RandomGenerator(5), 4000, N);
        Tensor biased = samples.Var(1, unbiased: false);
        Tensor unbiased = samples.Var(1, unbiased: true);
        Assert.Equal(1, samples.Var(1).Equal(unbiased).Min().Item());
        Assert.All((biased / unbiased).ToArray(), ratio => Assert.Equal(0.96875f, ratio, 1e-6f));
        Assert.Equal(0.96875f, biased.Mean().Item(), 0.02f);
        Assert.Equal(1, unbiased.Mean().Item(), 0.02f);
    }

    /// <summary>bngain * bnvar_inv / n * (n dy - sum dy - n/(n-1) * bnraw * sum (dy bnraw)), sums over the 32 rows.</summary>
    internal static Tensor GradientOfNorm(Tensor gain, Tensor inverse, Tensor raw, Tensor dy, float correction)
    {
        using var noGrad = Tensor.NoGrad();
        Tensor sum = dy.Sum(0, keepDim: true);
        Tensor product = (dy * raw).Sum(0, keepDim: true);
        return gain * inverse / N * ((N * dy) - sum - (correction * raw * product));
    }

    private static Tensor GradientOfNorm(BackpropChain chain)
        => GradientOfNorm(chain.Network.Gain, chain.BnVarInv, chain.BnRaw, chain.HPreAct.Grad!, N / (N - 1f));
}
