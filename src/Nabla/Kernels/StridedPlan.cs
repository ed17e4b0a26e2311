namespace Nabla.Kernels;

/// <summary>
/// How to walk several arrays of one shape, each with strides of its own: neighbouring dimensions that all arrays walk alike
/// are merged, and the last one left is the inner loop.
/// </summary>
internal readonly struct StridedPlan
{
    private readonly int _rank;
    private readonly Shape.Sizes _sizes;
    private readonly Shape.Sizes _a;
    private readonly Shape.Sizes _b;
    private readonly Shape.Sizes _c;

    /// <summary>Plans a walk. A stride of 0 repeats an element: that is how broadcasting reads.</summary>
    public StridedPlan(in Shape shape, in Shape.Sizes a, in Shape.Sizes b, in Shape.Sizes c)
    {
        OuterCount = 1;
        InnerCount = 1;
        for (int dim = 0; dim < shape.Rank; dim++)
        {
            int size = shape[dim];
            if (size == 1)
            {
                continue;
            }

            int last = _rank - 1;
            if (last >= 0 && _a[last] == a[dim] * size && _b[last] == b[dim] * size && _c[last] == c[dim] * size)
            {
                _sizes[last] *= size;
            }
            else
            {
                last = _rank++;
                _sizes[last] = size;
            }

            (_a[last], _b[last], _c[last]) = (a[dim], b[dim], c[dim]);
        }

        if (_rank > 0)
        {
            InnerCount = _sizes[_rank - 1];
            OuterCount = InnerCount == 0 ? 0 : shape.Count / InnerCount;
        }
    }

    /// <summary>Gets the length of the inner loop.</summary>
    public int InnerCount { get; }

    /// <summary>Gets how often the inner loop runs.</summary>
    public int OuterCount { get; }

    /// <summary>Gets the first array's step in the inner loop.</summary>
    public int InnerA => _rank > 0 ? _a[_rank - 1] : 1;

    /// <summary>Gets the second array's step in the inner loop.</summary>
    public int InnerB => _rank > 0 ? _b[_rank - 1] : 1;

    /// <summary>Gets the third array's step in the inner loop.</summary>
    public int InnerC => _rank > 0 ? _c[_rank - 1] : 1;

    /// <summary>Gives where in the three arrays the inner loop starts for the given turn of the outer loops.</summary>
    public void Offsets(int outer, out nint a, out nint b, out nint c)
    {
        (a, b, c) = (0, 0, 0);
        for (int dim = _rank - 2; dim >= 0; dim--)
        {
            (outer, int index) = Math.DivRem(outer, _sizes[dim]);
            a += (nint)index * _a[dim];
            b += (nint)index * _b[dim];
            c += (nint)index * _c[dim];
        }
    }
}
