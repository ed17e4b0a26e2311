namespace Nabla.Tests.Ops;

/// <summary>What the operation cases cannot say of softmax and its kin: infinities, long rows, other dimensions.</summary>
[Trait("Tier", "true")]
public class SoftmaxTests
{
    private const float Infinity = float.PositiveInfinity;
    private const float NaN = float.NaN;

    [Fact]
    public void Minus_infinity_gets_exactly_nothing_unless_there_is_nothing_else()
    {
        Tensor x = Tensor.From([-Infinity, -Infinity, -Infinity, 1, -Infinity, 2], 2, 3);
        x.RequiresGrad = true;
        float[] y = x.Softmax(1).ToArray();
        Assert.Equal([NaN, NaN, NaN], y[..3]);
        Assert.Equal(0f, y[4]);
        Assert.Equal(1f, y[3] + y[5], 1e-6f);

        float[] logs = x.LogSoftmax(1).ToArray();
        Assert.Equal([NaN, NaN, NaN], logs[..3]);
        Assert.Equal(-Infinity, logs[4]);
        Assert.Equal(-1.3132617f, logs[3], 1e-6f);

        Tensor sums = x.LogSumExp(1);
        Assert.Equal(-Infinity, sums.ToArray()[0]);
        Assert.Equal(2.3132617f, sums.ToArray()[1], 1e-6f);
    }

    [Fact]
    public void Minus_infinity_gets_exactly_no_gradient()
    {
        Tensor x = Tensor.From([1, -Infinity, 2, -Infinity], 4);
        x.RequiresGrad = true;
        foreach (Tensor y in (Tensor[])[x.Softmax(0), x.LogSoftmax(0), x.LogSumExp(0)])
        {
            x.ZeroGrad();
            y.Backward(y.Rank == 0 ? null : Tensor.From([1, 0, 3, 0]));
            float[] gradient = x.Grad!.ToArray();
            Assert.Equal([0, 0], [gradient[1], gradient[3]]);
            Assert.All(gradient, value => Assert.True(float.IsFinite(value)));
        }
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 1000)]
    [InlineData(2, 50257)]
    [InlineData(300, 129)]
    public void Rows_of_any_length_are_those_of_a_loop_in_double(int rows, int columns)
    {
        Tensor x = Values(5, rows, columns);
        float[] values = x.ToArray();
        (float[] y, float[] logs, float[] sums) = (x.Softmax(-1).ToArray(), x.LogSoftmax(-1).ToArray(), x.LogSumExp(-1).ToArray());
        for (int row = 0; row < rows; row++)
        {
            double sum = values.AsSpan(row * columns, columns).ToArray().Sum(value => Math.Exp(value));
            Assert.Equal(Math.Log(sum), sums[row], 1e-5);
            for (int i = row * columns; i < (row + 1) * columns; i++)
            {
                double expected = Math.Exp(values[i]) / sum;
                Assert.InRange(y[i], expected * (1 - 2e-6), expected * (1 + 2e-6));
                Assert.InRange(logs[i], Math.Log(expected) - 1e-5, Math.Log(expected) + 1e-5);
            }
        }
    }

    [Fact]
    public void Any_dimension_is_the_last_one_seen_from_elsewhere()
    {
        Tensor x = Values(6, 3, 4, 5);
        for (int dim = -3; dim < 3; dim++)
        {
            Tensor last = x.Transpose(dim, -1).Contiguous();
            Tensor y = x.Softmax(dim);
            Assert.True(y.IsContiguous);
            Assert.Equal(last.Softmax(-1).Transpose(dim, -1).ToArray(), y.ToArray());
            Assert.Equal(last.LogSoftmax(-1).Transpose(dim, -1).ToArray(), x.LogSoftmax(dim).ToArray());
            Assert.Equal(last.LogSumExp(-1, keepDim: true).Transpose(dim, -1).ToArray(), x.LogSumExp(dim).ToArray());
        }
    }

    [Fact]
    public void Empty_tensors_pass()
    {
        Assert.Equal(new Shape(0, 3), Tensor.Zeros(0, 3).Softmax(1).Shape);
        Assert.Equal(new Shape(3, 0), Tensor.Zeros(3, 0).Softmax(1).Shape);
        Assert.Equal(new Shape(3, 0), Tensor.Zeros(3, 0).LogSoftmax(0).Shape);
    }

    [Fact]
    public void Errors_name_the_operation_and_the_shape()
    {
        Tensor x = Tensor.Zeros(2, 3);
        Says("Softmax: dimension 2 does not exist in [2, 3]; it must be from -2 to 1.", () => x.Softmax(2));
        Says("LogSoftmax: dimension -3 does not exist in [2, 3]; it must be from -2 to 1.", () => x.LogSoftmax(-3));
        Says("LogSumExp: dimension 0 does not exist: the tensor is a scalar.", () => Tensor.Scalar(1).LogSumExp(0));
    }

    private static Tensor Values(int seed, params int[] sizes)
    {
        Random random = new(seed);
        float[] values = new float[new Shape(sizes).Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() * 12) - 6;
        }

        return Tensor.From(values, sizes);
    }

    private static void Says(string message, Func<Tensor> call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);
}
