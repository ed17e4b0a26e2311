namespace Nabla.Language.Tests.Planning;

public class ExpectedLossTests
{
    [Fact]
    public void The_124M_model_after_ten_billion_tokens_is_where_the_published_curve_has_it()
    {
        // 1.69 + 406.4 / 124475904^0.34 + 410.7 / 1e10^0.28, by hand.
        ExpectedLoss expected = ExpectedLoss.Of(124_475_904, 1e10, 50_304);

        Assert.Equal(3.06, expected.Loss!.Value, 0.01);
        Assert.Contains("Hoffmann", expected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void More_tokens_and_more_parameters_lower_it_but_never_below_what_no_model_can_learn()
    {
        double loss = ExpectedLoss.Of(124_000_000, 1e10, 50_304).Loss!.Value;

        Assert.True(ExpectedLoss.Of(124_000_000, 4e10, 50_304).Loss < loss);
        Assert.True(ExpectedLoss.Of(1_558_000_000, 1e10, 50_304).Loss < loss);
        Assert.Equal(1.69, ExpectedLoss.Of(long.MaxValue, 1e30, 50_304).Loss!.Value, 0.01);
    }

    [Theory]
    [InlineData(124_000_000, 1e10, 65, null, "vocabularies of tens of thousands")]
    [InlineData(800_000, 1e10, 50_304, null, "not 0.8 million")]
    [InlineData(124_000_000, 1e7, 50_304, null, "see 10 million")]
    [InlineData(124_000_000, 1e10, 50_304, 1_000_000_000L, "it is seen 10 times")]
    public void Where_there_is_no_curve_it_says_why(long parameters, double tokens, int vocabulary, long? text, string reason)
    {
        ExpectedLoss expected = ExpectedLoss.Of(parameters, tokens, vocabulary, text);

        Assert.Null(expected.Loss);
        Assert.Contains(reason, expected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_passes_over_a_text_still_count_as_new_text()
        => Assert.NotNull(ExpectedLoss.Of(124_000_000, 1e10, 50_304, 2_500_000_000).Loss);
}
