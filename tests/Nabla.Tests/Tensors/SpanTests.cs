using System.Numerics.Tensors;

namespace Nabla.Tests.Tensors;

public class SpanTests
{
    public static TheoryData<string> Views
        => ["whole", "transposed", "sliced", "stepped", "expanded", "scalar", "empty", "one wide"];

    [Theory]
    [MemberData(nameof(Views))]
    public void A_span_shows_the_elements_of_any_view(string view)
    {
        Tensor x = View(view);
        float[] flat = x.AsReadOnlyTensorSpan(span =>
        {
            Assert.Equal(x.Rank == 0 ? [1] : x.Shape.ToArray(), span.Lengths.ToArray().Select(length => (int)length));
            float[] result = new float[(int)span.FlattenedLength];
            span.FlattenTo(result);
            return result;
        });
        Assert.Equal(x.ToArray(), flat);
        Assert.Equal(x.ToArray(), x.AsReadOnlyTensorSpan(span => Tensor.From(span)).ToArray());
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void A_system_tensor_and_back_is_the_same(string view)
    {
        Tensor x = View(view);
        Tensor<float> copy = x.ToSystemTensor();
        Tensor back = Tensor.From(copy.AsReadOnlyTensorSpan());
        Assert.Equal(x.Rank == 0 ? new Shape(1) : x.Shape, back.Shape);
        Assert.Equal(x.ToArray(), back.ToArray());
    }

    [Fact]
    public void Writing_reaches_the_tensor_and_is_noticed_by_backward()
    {
        Tensor x = Tensor.Arange(6).View(2, 3);
        Tensor leaf = Tensor.Ones(3, 2);
        leaf.RequiresGrad = true;
        Tensor y = (leaf * x.Transpose(0, 1)).Sum();
        x.Transpose(0, 1).AsTensorSpan(span => span[2, 0] = 9);
        Assert.Equal([0, 1, 9, 3, 4, 5], x.ToArray());
        Assert.Throws<InvalidOperationException>(() => y.Backward());
        Assert.Throws<InvalidOperationException>(() => leaf.AsTensorSpan(span => span.Clear()));
    }

    [Fact]
    public void Their_functions_run_on_tensor_memory()
    {
        Tensor x = Tensor.Arange(6).View(2, 3);
        Assert.Equal(15, x.AsReadOnlyTensorSpan(span => System.Numerics.Tensors.Tensor.Sum(span)));
        Assert.Equal(5, x.Transpose(0, 1).AsReadOnlyTensorSpan(span => System.Numerics.Tensors.Tensor.Max(span)));
    }

    [Fact]
    public void Too_many_dimensions_are_named()
        => Assert.Equal(
            "From: a span of 9 dimensions and 1 elements; the most are 8 and 2^31 - 1.",
            Assert.Throws<ShapeException>(
                () => Tensor.From(new ReadOnlyTensorSpan<float>([1], [1, 1, 1, 1, 1, 1, 1, 1, 1]))).Message);

    private static Tensor View(string view) => view switch
    {
        "whole" => Tensor.Arange(24).View(2, 3, 4),
        "transposed" => Tensor.Arange(24).View(2, 3, 4).Permute(2, 0, 1),
        "sliced" => Tensor.Arange(24).View(2, 3, 4)[.., 1..3, ^1],
        "stepped" => Tensor.Arange(24).View(4, 6).Slice(1, 1, 3, step: 2),
        "expanded" => Tensor.Arange(3).View(3, 1).Expand(2, 3, 4),
        "scalar" => Tensor.Scalar(7),
        "empty" => Tensor.Zeros(2, 0, 3),
        _ => Tensor.Arange(6).View(1, 6, 1).Transpose(0, 1),
    };
}
