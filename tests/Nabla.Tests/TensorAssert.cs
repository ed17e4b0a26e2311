using System.Globalization;

namespace Nabla.Tests;

/// <summary>Assertions on whole tensors.</summary>
internal static class TensorAssert
{
    /// <summary>Fails where the shapes differ, or two elements by more than the tolerance, or one is no number.</summary>
    public static void Close(Tensor expected, Tensor actual, float tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        float largest = (expected.Detach() - actual.Detach()).Abs().Max().Item();
        Assert.True(
            largest <= tolerance,
            string.Create(CultureInfo.InvariantCulture, $"The tensors differ by up to {largest:G3}; {tolerance:G3} is allowed."));
    }
}
