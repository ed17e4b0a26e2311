namespace Nabla.Kernels;

/// <summary>
/// A loop over vectors of elements, written once for every width. It holds its loop itself, because how much the compiler
/// inlines follows from the size of the method around: a loop that only called a body would leave half of a long one as calls.
/// </summary>
internal interface IVectorBody
{
    /// <summary>Does the elements from <paramref name="index"/> on, V.Count at a time, while so many are left.</summary>
    /// <returns>The first element not done.</returns>
    int Range<V>(int index, int end)
        where V : unmanaged, IVector<V>;
}

/// <summary>Runs a body over its elements in the widest vectors there are, and over what is left one by one.</summary>
internal readonly struct VectorLoop<TBody>(TBody body) : IParallelBody
    where TBody : unmanaged, IVectorBody
{
    public void Run(int start, int end)
    {
        TBody copy = body;
        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                copy.Range<V1>(copy.Range<V512>(start, end), end);
                break;
            case SimdTier.Vector256:
                copy.Range<V1>(copy.Range<V256>(start, end), end);
                break;
            case SimdTier.Vector128:
                copy.Range<V1>(copy.Range<V128>(start, end), end);
                break;
            default:
                copy.Range<V1>(start, end);
                break;
        }
    }
}
