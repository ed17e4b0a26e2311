using Nabla.Nn;

namespace Nabla.Tests.Lectures;

/// <summary>The GPT lecture's turn from batch norm to layer norm, and its layers for one place.</summary>
[Trait("Tier", "true")]
public sealed class GptNormTests
{
    private static readonly Tensor _table = Tensor.Randn(new RandomGenerator(1337), 32, 100);

    [Fact]
    [Trait("Number", "L07-068")]
    public void Batch_norm_normalises_columns_and_not_rows()
    {
        Tensor y = new BatchNorm1d(100).Forward(_table);
        Assert.Equal(0, y[.., 0].Mean().Item(), 1e-3f);
        Assert.Equal(1, y[.., 0].Std(unbiased: false).Item(), 1e-3f);
        Assert.False(Math.Abs(y[0].Mean().Item()) < 1e-2 && Math.Abs(y[0].Std().Item() - 1) < 1e-2);
    }

    [Fact]
    [Trait("Number", "L07-069")]
    [Trait("Number", "L07-070")]
    public void Layer_norm_normalises_rows_and_the_class_of_the_lecture_takes_the_unbiased_variance()
    {
        Tensor lecture = (_table - _table.Mean(1, keepDim: true)) / (_table.Var(1, keepDim: true) + 1e-5f).Sqrt();
        Assert.Equal(0, lecture[0].Mean().Item(), 1e-3f);
        Assert.Equal(1, lecture[0].Std().Item(), 1e-3f);
        Assert.False(Math.Abs(lecture[.., 0].Mean().Item()) < 1e-2 && Math.Abs(lecture[.., 0].Std().Item() - 1) < 1e-2);

        Tensor ratio = new LayerNorm(100).Forward(_table) / lecture;
        Assert.All(ratio.ToArray(), one => Assert.Equal(1.0050378f, one, 1e-4f));
    }

    [Fact]
    [Trait("Number", "L07-067")]
    [Trait("Number", "ON-019")]
    public void Layer_norm_makes_every_place_mean_0_and_biased_variance_1_by_64_parameters_and_keeps_nothing()
    {
        LayerNorm norm = new(32);
        Tensor y = norm.Forward((Tensor.Randn(new RandomGenerator(1), 4, 8, 32) * 3) + 5);
        Assert.All(y.Mean(-1).ToArray(), mean => Assert.Equal(0, mean, 1e-4f));
        Assert.All(y.Var(-1, unbiased: false).ToArray(), variance => Assert.Equal(1, variance, 1e-4f));
        Assert.Equal(64, norm.ParameterCount);
        Assert.Empty(norm.NamedBuffers());
    }

    [Fact]
    [Trait("Number", "L07-071")]
    public void Layer_norm_does_the_same_in_training_and_in_evaluation()
    {
        LayerNorm norm = new(100);
        float[] training = norm.Forward(_table).ToArray();
        norm.Eval();
        Assert.Equal(training, norm.Forward(_table).ToArray());
    }

    [Fact]
    [Trait("Number", "L07-054")]
    public void The_layers_of_one_place_have_the_lectures_parameters()
    {
        Assert.Equal(1056, new Sequential(new Linear(32, 32), new Relu()).ParameterCount);
        Assert.Equal(8352, new Sequential(new Linear(32, 4 * 32), new Relu(), new Linear(4 * 32, 32)).ParameterCount);
        Assert.Equal(2048, new Linear(512, 4 * 512).Weight.Shape[0]);
    }
}
