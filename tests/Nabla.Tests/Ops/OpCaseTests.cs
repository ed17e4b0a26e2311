using Nabla.Autograd;
using Nabla.Tests.Fixtures;

namespace Nabla.Tests.Ops;

/// <summary>Every operation against PyTorch in float64, forward and backward, however its inputs lie and are used.</summary>
[Trait("Tier", "true")]
public sealed class OpCaseTests
{
    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void Output_and_gradients_are_those_of_PyTorch(string row, string name) => Check(row, name, InputForm.Contiguous);

    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void Transposed_inputs_change_nothing(string row, string name) => Check(row, name, InputForm.Transposed);

    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void Inputs_that_lie_apart_in_memory_change_nothing(string row, string name) => Check(row, name, InputForm.Strided);

    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void Gradients_are_added_to_what_is_there(string row, string name)
    {
        // Powers of two of about the size of the gradients, so that adding and removing them costs little precision.
        OpCase found = OpCases.Find(row, name);
        Dictionary<string, Tensor> leaves = InputForms.MakeAll(found, InputForm.Contiguous);
        Dictionary<string, Tensor> computed = [];
        foreach ((string key, Tensor leaf) in leaves)
        {
            computed[key] = leaf.RequiresGrad ? leaf.Clone() : leaf;
            if (leaf.RequiresGrad)
            {
                leaf.Backward(Tensor.Full(leaf.Shape, 2));
            }
        }

        OpResult atLeaves = Apply(row, found, leaves);
        Backward(found, atLeaves);
        CheckGradients(row, found, leaves, already: 2);

        // The same of computed inputs that another operation uses too, one that backward comes through first: now it is the
        // tape that holds the gradient to add to.
        OpResult atComputed = Apply(row, found, computed);
        Tensor total = Weighted(found, atComputed);
        foreach ((string key, Tensor leaf) in leaves)
        {
            leaf.ZeroGrad();
            total = leaf.RequiresGrad ? total + (computed[key] * 2).Sum() : total;
        }

        total.Backward();
        CheckGradients(row, found, leaves, already: 2);
    }

    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void Only_inputs_that_require_a_gradient_get_one(string row, string name)
    {
        OpCase found = OpCases.Find(row, name);
        foreach (string wanted in found.Gradients.Keys)
        {
            Dictionary<string, Tensor> leaves = InputForms.MakeAll(found, InputForm.Contiguous);
            foreach ((string key, Tensor leaf) in leaves)
            {
                leaf.RequiresGrad = key == wanted;
            }

            Backward(found, Apply(row, found, leaves));
            CheckGradients(row, found, leaves);
        }

        using NoGradScope noGrad = Tensor.NoGrad();
        OpResult unrecorded = Apply(row, found, InputForms.MakeAll(found, InputForm.Contiguous));
        Assert.All(unrecorded.Outputs, output => Assert.Null(output.Node));
    }

    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void One_tensor_used_twice_gets_the_sum_of_both_gradients(string row, string name)
    {
        OpCase found = OpCases.Find(row, name);
        string[]? pair = found.Gradients.GroupBy(x => x.Value.Shape, x => x.Key).FirstOrDefault(g => g.Count() > 1)?.ToArray();
        if (pair is null)
        {
            return;
        }

        // The gradients of two tensors of the same values are checked by the other tests, so they are the reference here.
        Dictionary<string, Tensor> two = InputForms.MakeAll(found, InputForm.Contiguous);
        two[pair[1]] = InputForms.Make(found.Inputs[pair[0]], InputForm.Contiguous, requiresGrad: true);
        OpResult reference = Apply(row, found, two);
        Backward(found, reference);

        Dictionary<string, Tensor> one = InputForms.MakeAll(found, InputForm.Contiguous);
        one[pair[1]] = one[pair[0]];
        OpResult result = Apply(row, found, one);
        Backward(found, result);

        Assert.Equal(reference.Outputs.Select(x => x.ToArray()), result.Outputs.Select(x => x.ToArray()));
        Tensor twice = one[pair[0]];
        double[] sum = [.. two[pair[0]].Grad!.ToArray().Zip(two[pair[1]].Grad!.ToArray(), (a, b) => (double)a + b)];
        new FixtureTensor(twice.Shape, sum).AssertClose(twice.Grad!, $"{row} of one tensor twice, {name}", 1e-5, 1e-5);
    }

    [Theory]
    [MemberData(nameof(OpCases.All), MemberType = typeof(OpCases))]
    public void Gradients_agree_with_central_differences(string row, string name)
    {
        OpCase found = OpCases.Find(row, name);
        if (OpCases.HasKink(found))
        {
            return;
        }

        Dictionary<string, Tensor> leaves = InputForms.MakeAll(found, InputForm.Contiguous);
        GradientCheck.Verify(
            () => Apply(row, found, leaves) is var made && made.Outputs.Count == 1 ? made.Outputs[0] : Weighted(found, made),
            [.. leaves.Values.Where(leaf => leaf.RequiresGrad)]);
    }

    private static void Check(string row, string name, InputForm form)
    {
        OpCase found = OpCases.Find(row, name);
        Dictionary<string, Tensor> leaves = InputForms.MakeAll(found, form);
        OpResult result = Apply(row, found, leaves);
        Assert.Equal(found.Outputs.Count, result.Outputs.Count);
        for (int i = 0; i < found.Outputs.Count; i++)
        {
            AssertClose(row, found, found.Outputs[i], result.Outputs[i], "output");
        }

        if (found.Indices is not null)
        {
            Assert.Equal(found.Indices.Values, Array.ConvertAll(result.Indices!.ToArray(), index => (double)index));
        }

        Backward(found, result);
        CheckGradients(row, found, leaves);
        Assert.All(leaves, pair => Assert.Equal(found.Inputs[pair.Key].ToFloats(), pair.Value.ToArray()));
    }

    private static OpResult Apply(string row, OpCase found, Dictionary<string, Tensor> inputs)
        => OpCases.Rows[row].Apply(new OpCall(found, inputs));

    private static void Backward(OpCase found, OpResult result)
    {
        for (int i = 0; i < result.Outputs.Count; i++)
        {
            result.Outputs[i].Backward(found.UpstreamGradients[i].ToTensor(), retainGraph: i < result.Outputs.Count - 1);
        }
    }

    // The scalar whose gradient with respect to each output is that output's upstream gradient.
    private static Tensor Weighted(OpCase found, OpResult result)
        => result.Outputs.Select((output, i) => (output * found.UpstreamGradients[i].ToTensor()).Sum())
            .Aggregate((sum, next) => sum + next);

    private static void CheckGradients(string row, OpCase found, Dictionary<string, Tensor> leaves, float already = 0)
    {
        foreach ((string key, Tensor leaf) in leaves)
        {
            if (!leaf.RequiresGrad)
            {
                Assert.Null(leaf.Grad);
                continue;
            }

            Assert.True(leaf.Grad is not null, $"{row} of {found.Name}: no gradient came to {key}.");
            FixtureTensor expected = found.Gradients[key];
            FixtureTensor shifted = new(expected.Shape, Array.ConvertAll(expected.Values, value => value + already));
            AssertClose(row, found, shifted, leaf.Grad, $"gradient of {key}");
        }
    }

    private static void AssertClose(string row, OpCase found, FixtureTensor expected, Tensor actual, string what)
        => expected.AssertClose(
            actual,
            $"{row} of {found.Name}, {what}",
            Math.Max(OpCases.Rows[row].Relative, found.Tolerance ?? 0),
            Math.Max(OpCases.Rows[row].Absolute, found.Tolerance ?? 0));
}
