namespace Nabla.Autograd;

/// <summary>
/// Walks the tape from a tensor to everything it was computed from, each operation after all its consumers. The walk keeps
/// its own stack, so the depth of a graph is bounded by memory alone.
/// </summary>
internal static class BackwardPass
{
    private static long _lastPass;

    // Reused from pass to pass, so that in a training loop the walk itself allocates nothing.
    [ThreadStatic]
    private static Stack<Node>? _stack;

    /// <summary>Runs the pass.</summary>
    /// <param name="root">The node of the tensor that is differentiated.</param>
    /// <param name="seed">The gradient of that tensor, this pass's to keep.</param>
    /// <param name="retainGraph">Whether the graph can be walked again.</param>
    public static void Run(Node root, Tensor seed, bool retainGraph)
    {
        // An operation that computes its inside again runs a pass of its own within this one.
        Stack<Node> stack = _stack ?? new Stack<Node>();
        _stack = null;
        stack.Clear();
        CountConsumers(root, stack);
        root.Gradient = seed;
        stack.Push(root);
        using NoGradScope noGrad = Tensor.NoGrad();
        while (stack.TryPop(out Node? node))
        {
            Op operation = node.Operation!;
            if (node.Gradient is Tensor gradient)
            {
                node.Gradient = null;
                node.Retained?.AddToGrad(gradient);
                operation.Backward(gradient);
                OpWatch.Ended?.Invoke(operation, null);
                if (!IsHandedOver(operation, gradient))
                {
                    // Nobody else has seen it; a retained gradient is a copy.
                    gradient.Storage.Release();
                }
            }

            for (int index = 0; index < operation.InputCount; index++)
            {
                if (operation.Input(index)?.Node is Node input && --input.Pending == 0)
                {
                    stack.Push(input);
                }
            }

            // The operation's fields hold its inputs and saved values, so this keeps their memory alive until here.
            GC.KeepAlive(operation);
            if (!retainGraph)
            {
                node.Operation = null;
                node.Released?.Release();
            }
        }

        _stack = stack;
    }

    /// <summary>Returns whether an input has taken over the memory of the output's gradient for its own.</summary>
    private static bool IsHandedOver(Op operation, Tensor gradient)
    {
        for (int index = 0; index < operation.InputCount; index++)
        {
            if (operation.Input(index)?.Node?.Gradient is Tensor taken && taken.Storage == gradient.Storage)
            {
                return true;
            }
        }

        return false;
    }

    private static void CountConsumers(Node root, Stack<Node> stack)
    {
        long pass = Interlocked.Increment(ref _lastPass);
        root.Pass = pass;
        stack.Push(root);
        while (stack.TryPop(out Node? node))
        {
            Op operation = node.Operation ?? throw new InvalidOperationException(
                "Backward: part of this graph was walked before and its saved values are freed; run the forward pass again, " +
                "or give retainGraph: true to the first Backward.");
            for (int index = 0; index < operation.InputCount; index++)
            {
                if (operation.Input(index)?.Node is not Node input)
                {
                    continue;
                }

                if (input.Pass != pass)
                {
                    input.Pass = pass;
                    input.Pending = 0;
                    input.Gradient = null;
                    stack.Push(input);
                }

                input.Pending++;
            }
        }
    }
}
