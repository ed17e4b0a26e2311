using Nabla.Autograd;

namespace Nabla.Language.Tests.Models;

/// <summary>What models that look through a window see of a row, and how many parameters the lectures' have.</summary>
public sealed class WindowModelTests
{
    private const int Boundary = 0;

    [Fact]
    public void The_MLP_of_the_lecture_has_11897_parameters() => Assert.Equal(11_897, Count(new MlpConfig()));

    [Theory]
    [InlineData(2, 100, 3_481)]
    [InlineData(2, 300, 10_281)]
    public void Smaller_and_wider_MLPs_have_as_many_as_the_lecture_says(int embedding, int width, int expected)
        => Assert.Equal(expected, Count(new MlpConfig { EmbeddingSize = embedding, Width = width }));

    [Fact]
    [Trait("Number", "L04-085")]
    public void The_deep_net_of_the_lecture_has_47024_parameters() => Assert.Equal(47_024, Count(new DeepMlpConfig()));

    [Theory]
    [InlineData(24, 128, 76_579)]
    [InlineData(10, 68, 22_397)]
    public void The_trees_of_the_lecture_have_as_many_as_it_says(int embedding, int width, int expected)
    {
        Assert.Equal(expected, Count(new WaveNetConfig { EmbeddingSize = embedding, Width = width }));
        Assert.Equal(expected, Count(new ConvolutionConfig { EmbeddingSize = embedding, Width = width }));
    }

    [Fact]
    public void The_table_of_the_bigrams_has_a_row_for_each_token() => Assert.Equal(27 * 27, Count(new BigramConfig()));

    [Theory]
    [InlineData("mlp")]
    [InlineData("deep")]
    [InlineData("wavenet")]
    public void Nothing_before_a_boundary_is_seen(string name)
    {
        LanguageModel model = SmallModels.Create(name, Boundary);
        model.Eval();

        float[] within = model.NextLogits(IndexTensor.From([3, 1, 4, Boundary, 5], 1, 5)).ToArray();

        Assert.Equal(model.NextLogits(IndexTensor.From([Boundary, 5], 1, 2)).ToArray(), within);
        Assert.Equal(model.NextLogits(IndexTensor.From([6, Boundary, 6, Boundary, 5], 1, 5)).ToArray(), within);
        Assert.NotEqual(model.NextLogits(IndexTensor.From([4, 5], 1, 2)).ToArray(), within);
        LanguageModel running = SmallModels.Create(name);
        running.Eval();
        Assert.NotEqual(
            running.NextLogits(IndexTensor.From([Boundary, 5], 1, 2)).ToArray(),
            running.NextLogits(IndexTensor.From([3, 1, 4, Boundary, 5], 1, 5)).ToArray());
    }

    [Theory]
    [InlineData("mlp", 3)]
    [InlineData("deep", 3)]
    [InlineData("wavenet", 4)]
    public void What_is_before_the_window_is_not_seen(string name, int window)
    {
        LanguageModel model = SmallModels.Create(name);
        model.Eval();
        int[] row = [3, 1, 4, 1, 5, 6];

        Assert.Equal(
            model.NextLogits(IndexTensor.From(row.AsSpan(6 - window), 1, window)).ToArray(),
            model.NextLogits(IndexTensor.From(row, 1, 6)).ToArray());
    }

    [Theory]
    [InlineData("mlp", 3)]
    [InlineData("wavenet", 4)]
    public void The_loss_counts_the_targets_whose_whole_window_is_in_the_row(string name, int window)
    {
        LanguageModel model = SmallModels.Create(name);
        model.Eval();
        IndexTensor x = IndexTensor.From([3, 1, 4, 1, 5, 6], 1, 6);
        IndexTensor y = IndexTensor.From([1, 4, 1, 5, 6, 2], 1, 6);

        Assert.Equal(model.Forward(x)[.., (window - 1)..].CrossEntropy(y[.., (window - 1)..]).Item(), model.Loss(x, y).Item(), 1e-5f);
    }

    [Fact]
    public void A_row_shorter_than_the_window_has_no_loss_to_count()
    {
        IndexTensor row = IndexTensor.From([3, 1], 1, 2);

        string message = Assert.Throws<ShapeException>(() => SmallModels.Create("mlp").Loss(row, row)).Message;

        Assert.Equal("MlpModel: a loss of ids [1, 2] and targets [1, 2]; give two of one shape [B, T], T at least 3.", message);
    }

    [Fact]
    public void The_loss_over_a_text_predicts_every_token_but_the_first_once_from_its_own_window()
    {
        LanguageModel model = SmallModels.Create("wavenet", Boundary);
        model.Eval();
        int[] ids = new int[1300];
        new RandomGenerator(3).Integers(ids, 0, SmallModels.Vocabulary);
        ids[0] = Boundary;
        (double first, double sum) = (0, 0);
        for (int next = 1; next < ids.Length; next++)
        {
            // Those whose windows begin before the text weigh nothing in a long one: they are counted for themselves, too.
            first = next == 6 ? sum : first;
            ReadOnlySpan<int> before = ids.AsSpan(Math.Max(0, next - 4), Math.Min(next, 4));
            sum += model.NextLogits(IndexTensor.From(before, 1, -1)).CrossEntropy(IndexTensor.From([ids[next]], 1)).Item();
        }

        Assert.Equal(sum / (ids.Length - 1), Evaluation.WholeLoss(model, ids), 1e-5);
        Assert.Equal(first / 5, Evaluation.WholeLoss(model, ids.AsMemory(0, 6)), 1e-5);
        Assert.Equal(sum / (ids.Length - 1), Evaluation.Estimate(model, ids, rows: 25, batchSize: 3), 0.1);
    }

    [Fact]
    public void A_dilated_convolution_is_the_tree_in_every_place()
    {
        var tree = (WaveNetModel)new WaveNetConfig { EmbeddingSize = 4, Width = 9, ContextLength = 8 }.For(7, null).Create(new RandomGenerator(1));
        var convolution = (ConvolutionModel)new ConvolutionConfig { EmbeddingSize = 4, Width = 9, LayerCount = 3 }.For(7, null).Create(new RandomGenerator(2));
        using NoGradScope noGrad = Tensor.NoGrad();
        foreach ((Tensor to, Tensor from) in convolution.Parameters().Zip(tree.Parameters()))
        {
            // The tree's product has the inputs of the earlier neighbour first, the convolution's the two taps of each input.
            to.CopyInPlace(to.Rank == 3 ? from.View(to.Shape[0], 2, to.Shape[1]).Transpose(1, 2).Contiguous() : from);
        }

        IndexTensor ids = IndexTensor.From([3, 1, 4, 1, 5, 6, 2, 6, 5, 3, 5, 0, 6, 2], 2, 7);
        tree.Eval();
        convolution.Eval();
        Assert.True(convolution.Forward(ids).AllClose(tree.Forward(ids), 1e-5f, 1e-6f));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(1)]
    public void A_tree_needs_a_power_of_two(int context)
        => Assert.Contains(
            $"power of two, not {context}",
            Assert.Throws<ArgumentException>(() => new WaveNetConfig { ContextLength = context }.Create()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_convolution_needs_rows_that_hold_what_it_sees()
        => Assert.Contains(
            "2^4 tokens",
            Assert.Throws<ArgumentException>(() => new ConvolutionConfig { ContextLength = 15, LayerCount = 4 }.Create()).Message,
            StringComparison.Ordinal);

    private static long Count(LanguageModelConfig config) => config.For(27, Boundary).Create(new RandomGenerator(1)).ParameterCount;
}
