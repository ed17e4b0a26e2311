namespace Nabla.Kernels;

/// <summary>What a loop does with a vector's worth of elements from an index on; written once for every width.</summary>
internal interface IVectorBody
{
    /// <summary>Does elements <paramref name="index"/> up to <paramref name="index"/> + V.Count.</summary>
    void At<V>(int index)
        where V : unmanaged, IVector<V>;
}

/// <summary>Runs a body over its elements in the widest vectors there are, and over what is left one by one.</summary>
internal readonly struct VectorLoop<TBody>(TBody body) : IParallelBody
    where TBody : unmanaged, IVectorBody
{
    public void Run(int start, int end)
    {
        switch (Simd.Tier)
        {
            case SimdTier.Vector512:
                Range<V1>(Range<V512>(start, end), end);
                break;
            case SimdTier.Vector256:
                Range<V1>(Range<V256>(start, end), end);
                break;
            case SimdTier.Vector128:
                Range<V1>(Range<V128>(start, end), end);
                break;
            default:
                Range<V1>(start, end);
                break;
        }
    }

    private int Range<V>(int index, int end)
        where V : unmanaged, IVector<V>
    {
        TBody copy = body;
        for (; index <= end - V.Count; index += V.Count)
        {
            copy.At<V>(index);
        }

        return index;
    }
}
