using Nabla.Autograd;

namespace Nabla.Benchmarks.Profile;

/// <summary>What an operation has to do: so many multiplications and additions, or else so many bytes to read and write.</summary>
internal readonly record struct OpWork(string Name, double ForwardFlops, double BackwardFlops, double ForwardBytes, double BackwardBytes)
{
    /// <summary>
    /// Returns the work of an operation. Matrix products and attention are limited by arithmetic, and of attention the half of the
    /// scores that is masked does not count; everything else by memory: forward reads the inputs and writes the output, backward
    /// reads both and the gradient of the output, and writes those of the inputs.
    /// </summary>
    public static OpWork Of(Op operation, Tensor output)
    {
        string name = operation.Name;
        Tensor x = operation.Input(0)!;
        if (name.StartsWith("Linear", StringComparison.Ordinal) && Weight(operation) is { } weight)
        {
            double flops = 2.0 * x.Count * weight.Shape[0];
            string shape = $"{name} {weight.Shape[1]} to {weight.Shape[0]}";

            // The loss makes the gradients along with the logits. And where no gradient goes further down, only the weight's is computed.
            return name == "LinearCrossEntropy" ? new(shape, 3 * flops, 0, 0, 0) : new(shape, flops, x.NeedsGradient ? 2 * flops : flops, 0, 0);
        }

        if (name.Contains("Attention", StringComparison.Ordinal))
        {
            // [B, H, T, D] or [B, T, 3C]: in both the length is third from the start or second from the end.
            (int length, double values) = x.Rank == 4 ? (x.Shape[2], x.Count) : (x.Shape[1], x.Count / 3.0);
            double products = 2.0 * values * (length + 1);

            // Two products of half the scores forward; four backward, and the scores once more, since nobody kept them.
            return new(name, products, 2.5 * products, 0, 0);
        }

        double inputs = 0;
        for (int index = 0; index < operation.InputCount; index++)
        {
            inputs += operation.Input(index)?.Count ?? 0;
        }

        // A lookup reads only the rows it gives.
        double read = name is "IndexSelect" or "Gather" ? output.Count : inputs;
        double moved = IsView(name) ? 0 : sizeof(float);
        return new(name, 0, 0, moved * (read + output.Count), moved * ((2 * read) + output.Count));
    }

    private static Tensor? Weight(Op operation)
    {
        for (int index = 1; index < operation.InputCount; index++)
        {
            if (operation.Input(index) is { Rank: 2 } weight)
            {
                return weight;
            }
        }

        return null;
    }

    private static bool IsView(string name) => name is "View" or "Permute" or "Slice" or "Expand" or "Unsqueeze" or "Squeeze" or "Unbind" or "Select";
}
