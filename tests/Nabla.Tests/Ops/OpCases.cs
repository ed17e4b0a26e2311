using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Ops;

/// <summary>
/// The table of operations, by group: to test an operation, add its row here and its numbers to tests/Fixtures/ops.json.
/// </summary>
internal static partial class OpCases
{
    private static readonly ILookup<string, OpCase> _byOp
        = Fixture.Cases("ops.json").Select(json => new OpCase(json)).ToLookup(found => found.Op);

    private static readonly string[] _withoutDifferences =
    [
        "special values", "at zero", "at its bounds", "ties", "first of equals", "margin", "saturated", "logits of",
        "-1e9", "Infinity", "all equal", "tiny", "Maximum long", "Minimum long",
    ];

    /// <summary>Gets every row by name.</summary>
    public static IReadOnlyDictionary<string, OpRow> Rows { get; }
        = new[] { Elementwise(), Reductions(), Shapes(), Layers(), Losses() }.SelectMany(group => group.All).ToDictionary();

    /// <summary>Gets the operations that ops.json has numbers for.</summary>
    public static IEnumerable<string> FixtureOps => _byOp.Select(group => group.Key);

    /// <summary>Gets the names of all rows with the names of all their cases.</summary>
    public static TheoryData<string, string> All
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (OpRow row in Rows.Values)
            {
                foreach (OpCase found in _byOp[row.Op])
                {
                    data.Add(row.Name, found.Name);
                }
            }

            return data;
        }
    }

    /// <summary>Returns a case of a row.</summary>
    public static OpCase Find(string row, string name) => _byOp[Rows[row].Op].Single(found => found.Name == name);

    /// <summary>Runs a case of a row forward, on the tape.</summary>
    public static OpResult Record(string row, string name)
    {
        OpCase found = Find(row, name);
        return Rows[row].Apply(new OpCall(found, InputForms.MakeAll(found, InputForm.Contiguous)));
    }

    /// <summary>
    /// Returns whether a case stands where differences tell nothing: at a kink, at a tie, or where the function is so steep or
    /// so large that single precision drowns them. PyTorch's numbers alone check those.
    /// </summary>
    public static bool HasKink(OpCase found)
        => found.Tolerance is not null
            || _withoutDifferences.Any(words => $"{found.Op} {found.Name}".Contains(words, StringComparison.Ordinal));
}
