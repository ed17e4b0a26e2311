namespace Nabla.Kernels;

/// <summary>
/// A value for every index of a row: loaded, or computed, or also stored on the way. What <see cref="Rows"/> sums or writes,
/// written once for every vector width.
/// </summary>
internal interface IRowElements
{
    /// <summary>Gets whether values are stored on the way, perhaps over what they are computed from, so that each is had once.</summary>
    static virtual bool Stores => false;

    /// <summary>Returns the values of as many indices as the vector has lanes, from <paramref name="index"/> on.</summary>
    V At<V>(int index)
        where V : unmanaged, IVector<V>;
}
