using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Ops;

/// <summary>How the inputs of a case lie in memory. A result must not depend on it.</summary>
public enum InputForm
{
    /// <summary>One element after another.</summary>
    Contiguous,

    /// <summary>The first dimension fastest, as in a transposed view.</summary>
    Transposed,

    /// <summary>Every second element of a larger tensor, from the second on, NaN between and around them.</summary>
    Strided,
}

/// <summary>Makes leaf tensors of these forms.</summary>
internal static class InputForms
{
    /// <summary>Makes the inputs of a case; those that PyTorch gives a gradient for require one.</summary>
    public static Dictionary<string, Tensor> MakeAll(OpCase source, InputForm form)
        => source.Inputs.ToDictionary(x => x.Key, x => Make(x.Value, form, source.Gradients.ContainsKey(x.Key)));

    public static Tensor Make(FixtureTensor values, InputForm form, bool requiresGrad)
    {
        Tensor result = form switch
        {
            InputForm.Transposed => Transposed(values),
            InputForm.Strided => Strided(values),
            _ => values.ToTensor(),
        };
        result.RequiresGrad = requiresGrad;
        return result;
    }

    private static Tensor Transposed(FixtureTensor values)
    {
        int[] reversed = [.. Enumerable.Range(0, values.Shape.Rank).Reverse()];
        return values.ToTensor().Reordered(reversed).Clone().Reordered(reversed);
    }

    private static Tensor Strided(FixtureTensor values)
    {
        Tensor x = values.ToTensor();
        Tensor wide = Tensor.Full(new Shape((2 * x.Count) + 1), float.NaN);
        Shape.Sizes strides = x.Strides;
        foreach (ref int stride in (Span<int>)strides)
        {
            stride *= 2;
        }

        Tensor result = wide.AliasAs(x.Shape, strides, offset: 1);
        Nabla.Kernels.StridedCopy.Run(x, result, add: false);
        return result;
    }
}
