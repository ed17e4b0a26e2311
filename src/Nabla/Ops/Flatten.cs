namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>
    /// Merges neighbouring dimensions into one: a view where possible, else of a copy. A scalar becomes a vector.
    /// </summary>
    /// <param name="startDim">The first dimension to merge; -1 is the last.</param>
    /// <param name="endDim">The last dimension to merge.</param>
    /// <exception cref="ShapeException">There are no such dimensions, or the last comes before the first.</exception>
    public Tensor Flatten(int startDim = 0, int endDim = -1)
    {
        if (Rank == 0)
        {
            return View(1);
        }

        int start = Shape.Dimension(startDim, nameof(Flatten));
        int end = Shape.Dimension(endDim, nameof(Flatten));
        if (start > end)
        {
            throw new ShapeException($"Flatten: dimension {startDim} of {Shape} comes after dimension {endDim}.");
        }

        Span<int> sizes = stackalloc int[Rank - (end - start)];
        int merged = 1;
        for (int dim = start; dim <= end; dim++)
        {
            merged *= Shape[dim];
        }

        Shape.AsSpan()[..start].CopyTo(sizes);
        sizes[start] = merged;
        Shape.AsSpan()[(end + 1)..].CopyTo(sizes[(start + 1)..]);
        return Reshape(sizes);
    }
}
