using System.Globalization;

namespace Nabla.Autograd;

/// <summary>
/// How a gradient that was derived by hand compares with the one that <see cref="Tensor.Backward"/> found. Prints as one line,
/// <c>h | exact: False | approximate: True | maxdiff: 9.31e-10</c>.
/// </summary>
/// <remarks>
/// The shapes must be equal, not only fit: a gradient has the shape of its tensor, and one of <c>[64]</c> that stands for
/// <c>[1, 64]</c> would broadcast, here and wherever it is used, without a word.
/// </remarks>
public sealed record GradientComparison
{
    private GradientComparison(string name, Shape shape, Shape byHandShape)
        => (Name, Shape, ByHandShape) = (name, shape, byHandShape);

    /// <summary>Gets what the gradient is called in the printed line.</summary>
    public string Name { get; }

    /// <summary>Gets the shape of the tensor, which its gradient must have.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the shape that the gradient by hand has.</summary>
    public Shape ByHandShape { get; }

    /// <summary>Gets whether the two are of one shape and every element is the same number, to the last bit.</summary>
    public bool IsExact { get; private init; }

    /// <summary>Gets whether the two are of one shape and every element is near enough. True of whatever is exact.</summary>
    public bool IsApproximate { get; private init; }

    /// <summary>Gets the largest difference between two elements; NaN where one is NaN, or where the shapes differ.</summary>
    public float LargestDifference { get; private init; } = float.NaN;

    /// <summary>Compares a gradient with the one gathered in a tensor.</summary>
    /// <param name="name">What the gradient is called in the printed line.</param>
    /// <param name="byHand">The gradient derived by hand.</param>
    /// <param name="tensor">The tensor whose <see cref="Tensor.Grad"/> it should be.</param>
    /// <param name="rtol">The difference that counts as near enough, relative to the size of the element in <see cref="Tensor.Grad"/>.</param>
    /// <param name="atol">The difference allowed besides.</param>
    /// <exception cref="InvalidOperationException">No gradient came to the tensor.</exception>
    public static GradientComparison Compare(string name, Tensor byHand, Tensor tensor, float rtol = 1e-5f, float atol = 1e-8f)
    {
        ArgumentNullException.ThrowIfNull(byHand);
        ArgumentNullException.ThrowIfNull(tensor);
        Tensor gradient = tensor.Grad ?? throw new InvalidOperationException(
            $"GradientComparison: no gradient came to {name}, of shape {tensor.Shape}; call RetainGrad() on it before Backward().");
        if (byHand.Shape != tensor.Shape)
        {
            return new GradientComparison(name, tensor.Shape, byHand.Shape);
        }

        float[] left = byHand.ToArray();
        float[] right = gradient.ToArray();
        (bool exact, float largest) = (true, 0);
        for (int i = 0; i < left.Length; i++)
        {
            // Equal infinities are no distance apart, though their difference is NaN.
            bool equal = left[i] == right[i];
            exact &= equal;
            largest = equal ? largest : MathF.Max(largest, MathF.Abs(left[i] - right[i]));
        }

        return new GradientComparison(name, tensor.Shape, byHand.Shape)
        {
            IsExact = exact,
            IsApproximate = byHand.AllClose(gradient, rtol, atol),
            LargestDifference = largest,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Shape == ByHandShape
        ? string.Create(CultureInfo.InvariantCulture,
            $"{Name,-14} | exact: {IsExact,-5} | approximate: {IsApproximate,-5} | maxdiff: {LargestDifference:G3}")
        : $"{Name,-14} | shape {ByHandShape}, must be {Shape}";
}
