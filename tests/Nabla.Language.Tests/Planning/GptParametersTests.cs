namespace Nabla.Language.Tests.Planning;

public class GptParametersTests
{
    [Theory]
    [InlineData(12, 12, 768, 124_439_808)]
    [InlineData(24, 16, 1024, 354_823_168)]
    [InlineData(36, 20, 1280, 774_030_080)]
    [InlineData(48, 25, 1600, 1_557_611_200)]
    public void The_four_sizes_of_GPT2_have_the_parameters_published(int layers, int heads, int width, long expected)
        => Assert.Equal(expected, GptParameters.Of(new GptConfig { LayerCount = layers, HeadCount = heads, Width = width }).Total);

    [Theory]
    [InlineData(true, true, false, true)]
    [InlineData(false, true, false, true)]
    [InlineData(true, false, true, false)]
    [InlineData(false, false, false, false)]
    public void Every_kind_is_what_the_model_has(bool bias, bool attentionBias, bool headBias, bool tie)
    {
        GptConfig config = new()
        {
            VocabularySize = 11,
            ContextLength = 7,
            LayerCount = 3,
            HeadCount = 2,
            Width = 10,
            Bias = bias,
            AttentionBias = attentionBias,
            HeadBias = headBias,
            TieWeights = tie,
        };
        IReadOnlyList<KeyValuePair<string, Tensor>> parameters = config.Create(new RandomGenerator(1)).NamedParameters();

        GptParameters counted = GptParameters.Of(config);

        Assert.Equal(Sum("wte."), counted.TokenEmbedding);
        Assert.Equal(Sum("wpe."), counted.PositionEmbedding);
        Assert.Equal(Sum(".attn."), counted.Attention);
        Assert.Equal(Sum(".mlp."), counted.Mlp);
        Assert.Equal(Sum("ln_"), counted.Norms);
        Assert.Equal(Sum("lm_head."), counted.Head);
        Assert.Equal(Sum(string.Empty), counted.Total);

        long Sum(string part) => parameters
            .Where(pair => pair.Key.Contains(part, StringComparison.Ordinal))
            .Sum(pair => (long)pair.Value.Count);
    }

    [Fact]
    [Trait("Number", "L10-131")]
    public void A_token_of_the_124M_model_is_multiplied_with_as_many_weights_as_the_lecture_counts()
    {
        GptParameters all = GptParameters.Of(new GptConfig());
        Gpt block = new(new GptConfig { VocabularySize = 1, ContextLength = 1, LayerCount = 1 }, new RandomGenerator(1));

        Assert.Equal(38_597_376, all.TokenEmbedding);
        Assert.Equal(84_934_656, all.Multiplied - all.TokenEmbedding);
        Assert.Equal(2_359_296, block.Parameters().Max(parameter => parameter.Count));
    }
}
