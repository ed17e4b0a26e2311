namespace Nabla.Kernels;

/// <summary>Work on a run of neighbouring columns, written once for every vector width.</summary>
internal interface IColumnBody
{
    /// <summary>Does the V.Count columns from <paramref name="column"/> on, all rows of them.</summary>
    void Run<V>(int column)
        where V : unmanaged, IVector<V>;
}
