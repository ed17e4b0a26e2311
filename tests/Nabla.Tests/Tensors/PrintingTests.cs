using System.Text.Json;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Tensors;

public class PrintingTests
{
    private static readonly Dictionary<string, JsonElement> _cases
        = Fixture.Cases("printing.json").ToDictionary(found => found.GetProperty("case").GetString()!);

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_tensor_prints_as_in_PyTorch(string name)
    {
        JsonElement found = _cases[name];
        FixtureTensor values = FixtureTensor.Read(found.GetProperty("tensor"));
        string expected = found.GetProperty("text").GetString()!;
        if (found.GetProperty("type").GetString() == "int")
        {
            // The only difference: these are 32 bits wide, PyTorch's 64.
            Assert.Equal(expected.Replace("torch.int64", "int32", StringComparison.Ordinal), values.ToIndexTensor().ToString());
            return;
        }

        Tensor x = values.ToTensor();
        x.RequiresGrad = found.TryGetProperty("requiresGrad", out _);
        Assert.Equal(expected, x.ToString());
    }

    [Fact]
    public void A_view_prints_what_it_shows()
    {
        Tensor x = Tensor.Arange(6).View(2, 3);
        Assert.Equal("tensor([[0., 3.],\n        [1., 4.],\n        [2., 5.]])", x.Transpose(0, 1).ToString());
        Assert.Equal("tensor([1., 4.])", x[.., 1].ToString());
    }

    [Fact]
    public void A_computed_tensor_names_its_operation()
    {
        Tensor x = Tensor.From([1, 2]);
        x.RequiresGrad = true;
        Tensor y = (x * x).Sum();
        Assert.Equal("tensor(5., grad_fn=<SumBackward>)", y.ToString());
        y.Backward();
        Assert.Equal("tensor(5., grad_fn=<FreedBackward>)", y.ToString());
    }

    [Fact]
    public void A_suffix_that_does_not_fit_goes_on_the_next_line()
    {
        // As in PyTorch, which reckons one column too many: the line of thirteen would be 80 long.
        Assert.EndsWith("1., 1.], requires_grad=True)", Leaf(12).ToString(), StringComparison.Ordinal);
        Assert.EndsWith("1., 1.],\n       requires_grad=True)", Leaf(13).ToString(), StringComparison.Ordinal);

        static Tensor Leaf(int count)
        {
            Tensor x = Tensor.Ones(count);
            x.RequiresGrad = true;
            return x;
        }
    }
}
