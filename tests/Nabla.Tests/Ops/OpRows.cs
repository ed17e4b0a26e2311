namespace Nabla.Tests.Ops;

/// <summary>
/// Rows of the table of operations: a name of ops.json and how to call that operation. A second way to compute the same, such
/// as a fused form, is a row of its own whose name goes on behind a slash: <c>"Linear/fused"</c>.
/// </summary>
internal sealed class OpRows
{
    private readonly Dictionary<string, OpRow> _rows = [];

    public IReadOnlyDictionary<string, OpRow> All => _rows;

    public Func<OpCall, OpResult> this[string name]
    {
        set => _rows.Add(name, new OpRow(name, value));
    }

    /// <summary>Allows a row, just added, errors of <c>absolute + relative |expected|</c>; say why beside the call.</summary>
    public OpRows WithTolerance(string name, double relative, double absolute)
    {
        _rows[name] = _rows[name] with { Relative = relative, Absolute = absolute };
        return this;
    }
}

/// <summary>One row: how to call an operation, and how far its results may be from PyTorch's in double precision.</summary>
internal sealed record OpRow(string Name, Func<OpCall, OpResult> Apply, double Relative = 1e-5, double Absolute = 1e-6)
{
    /// <summary>Gets the operation's name in ops.json.</summary>
    public string Op => Name.Split('/')[0];
}
