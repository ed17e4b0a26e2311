namespace Nabla.Kernels;

/// <summary>A value for every element of a matrix, computed from it and from what belongs to its row and column.</summary>
internal interface IColumnElements<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Returns the values of V.Count neighbours in a row, from the element that lies at <paramref name="index"/> on.</summary>
    V At(int row, nint index);
}
