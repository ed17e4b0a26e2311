using Nabla.Autograd;
using Nabla.Kernels;

namespace Nabla.Tests.Ops;

/// <summary>No operation goes untested: what the library declares, what PyTorch gave numbers for and what is run agree.</summary>
public sealed class OpCoverageTests
{
    /// <summary>Types of operations that no numbers of PyTorch's can be had for, each with the tests it has instead.</summary>
    private static readonly string[] _testedElsewhere =
    [
        "DropoutOp", // DropoutTests: its mask is drawn by a generator of our own.
        "RecomputeOp", // RecomputeTests: what it applies is the caller's.
    ];

    [Fact]
    public void Every_fixture_operation_has_a_row()
    {
        string[] covered = [.. OpCases.Rows.Values.Select(row => row.Op)];
        Assert.Empty(OpCases.FixtureOps.Except(covered));
        Assert.Empty(covered.Except(OpCases.FixtureOps));
    }

    [Fact]
    public void Every_op_type_is_exercised()
    {
        HashSet<string> met = [];
        foreach ((string row, string name) in OpCases.All.Select(x => x.Data))
        {
            foreach (Tensor output in OpCases.Record(row, name).Outputs)
            {
                Collect(output, met);
            }
        }

        Type[] declared = [.. typeof(Tensor).Assembly.GetTypes().Where(IsOperation)];
        string[] unmet = [.. declared.Select(NameOf).Except(met)];
        Assert.Empty(unmet.Except(_testedElsewhere));
        Assert.Empty(_testedElsewhere.Except(unmet));
    }

    private static bool IsOperation(Type type)
        => (type.IsSubclassOf(typeof(Op)) && !type.IsAbstract && !type.IsGenericTypeDefinition)
            || (type.IsValueType && type.GetInterfaces().Intersect([typeof(IUnaryOperator), typeof(IBinaryOperator)]).Any());

    private static void Collect(Tensor output, HashSet<string> met)
    {
        Stack<Node> stack = new();
        for (Node? node = output.Node; node is not null; stack.TryPop(out node))
        {
            Op operation = node.Operation!;
            Type type = operation.GetType();
            met.Add(NameOf(type.IsGenericType ? type.GetGenericArguments()[0] : type));
            for (int i = 0; i < operation.InputCount; i++)
            {
                if (operation.Input(i)?.Node is Node input)
                {
                    stack.Push(input);
                }
            }
        }
    }

    // A file-local type's compiled name carries its file in front: <Softmax>F1234__SoftmaxOp.
    private static string NameOf(Type type)
        => type.Name[(type.Name.LastIndexOf("__", StringComparison.Ordinal) is int mark and >= 0 ? mark + 2 : 0)..];
}
