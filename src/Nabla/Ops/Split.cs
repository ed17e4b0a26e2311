namespace Nabla;

/// <content>Cutting a tensor into several, each a slice.</content>
public sealed partial class Tensor
{
    /// <summary>Returns each place of a dimension as a view without that dimension.</summary>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no such dimension.</exception>
    public Tensor[] Unbind(int dim = 0)
    {
        dim = Shape.Dimension(dim, nameof(Unbind));
        TensorIndex[] indices = new TensorIndex[dim + 1];
        indices.AsSpan().Fill(Range.All);
        Tensor[] parts = new Tensor[Shape[dim]];
        for (int place = 0; place < parts.Length; place++)
        {
            indices[dim] = place;
            parts[place] = this[indices];
        }

        return parts;
    }

    /// <summary>Cuts a dimension into views of the given size; the last is smaller where it does not divide.</summary>
    /// <param name="size">The size of each part.</param>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no such dimension, or the size is not positive.</exception>
    public Tensor[] Split(int size, int dim = 0)
    {
        dim = Shape.Dimension(dim, nameof(Split));
        if (size < 1)
        {
            throw new ShapeException($"Split: the size of a part is {size}; it must be at least 1.");
        }

        // An empty dimension gives one empty part, as torch.split does.
        int total = Shape[dim];
        Tensor[] parts = new Tensor[Math.Max((total / size) + (total % size > 0 ? 1 : 0), 1)];
        for (int part = 0; part < parts.Length; part++)
        {
            int start = part * size;
            parts[part] = Slice(dim, start, Math.Min(size, total - start));
        }

        return parts;
    }

    /// <summary>Cuts a dimension into views of the given sizes.</summary>
    /// <param name="sizes">The size of each part.</param>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no such dimension, or the sizes do not add up to its size.</exception>
    public Tensor[] Split(ReadOnlySpan<int> sizes, int dim = 0)
    {
        dim = Shape.Dimension(dim, nameof(Split));
        long total = 0;
        foreach (int size in sizes)
        {
            total += size >= 0 ? size : int.MaxValue;
        }

        if (total != Shape[dim])
        {
            throw new ShapeException(
                $"Split: the sizes [{string.Join(", ", sizes.ToArray())}] do not add up to {Shape[dim]}, the size of " +
                $"dimension {dim} of {Shape}.");
        }

        Tensor[] parts = new Tensor[sizes.Length];
        int start = 0;
        for (int part = 0; part < parts.Length; part++)
        {
            parts[part] = Slice(dim, start, sizes[part]);
            start += sizes[part];
        }

        return parts;
    }

    /// <summary>
    /// Cuts a dimension into views of one size, at most as many as named: fewer where rounding up the size makes fewer enough,
    /// as torch.chunk does.
    /// </summary>
    /// <param name="count">The number of parts.</param>
    /// <param name="dim">The dimension; -1 is the last.</param>
    /// <exception cref="ShapeException">There is no such dimension, or the count is not positive.</exception>
    public Tensor[] Chunk(int count, int dim = 0)
    {
        dim = Shape.Dimension(dim, nameof(Chunk));
        return count < 1
            ? throw new ShapeException($"Chunk: {count} parts asked for; there must be at least 1.")
            : Split(Math.Max((int)((Shape[dim] + (long)count - 1) / count), 1), dim);
    }
}
