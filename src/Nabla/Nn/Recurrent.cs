namespace Nabla.Nn;

/// <summary>
/// Runs a recurrent cell over sequences: [B, T, C] to [B, T, hidden]. The tape remembers every step, so that the gradient goes
/// back through all of them.
/// </summary>
/// <typeparam name="TState">What the cell carries from step to step.</typeparam>
/// <remarks>
/// The parameters are the cell's: <c>cell.weight_ih</c> here is <c>weight_ih_l0</c> of PyTorch's layers, and so on. B comes
/// first, as there with <c>batch_first=True</c>.
/// </remarks>
public class Recurrent<TState> : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="cell">What does each step.</param>
    public Recurrent(RecurrentCell<TState> cell) => Cell = AddModule("cell", cell);

    /// <summary>Gets what does each step.</summary>
    public RecurrentCell<TState> Cell { get; }

    /// <summary>Runs from the initial state: [B, T, C] to [B, T, hidden].</summary>
    /// <exception cref="ShapeException">The input has another shape.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Forward(x, Cell.InitialState(x.Rank > 0 ? x.Shape[0] : 0)).Output;
    }

    /// <summary>Runs from a given state.</summary>
    /// <param name="x">[B, T, C] with at least one step.</param>
    /// <param name="state">The state before the first step, of [B, hidden]; [1, hidden] is taken for every row.</param>
    /// <returns>What the cell shows after each step, [B, T, hidden], and its last state, to go on from.</returns>
    /// <exception cref="ShapeException">The input has another shape.</exception>
    public (Tensor Output, TState Last) Forward(Tensor x, TState state)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 3 || x.Shape[1] == 0 || x.Shape[2] != Cell.WeightIh.Shape[1])
        {
            throw new ShapeException(
                $"{Cell.GetType().Name}: the input is {x.Shape}; it must be [B, T, {Cell.WeightIh.Shape[1]}] with at least one step.");
        }

        // The inputs' part of all steps is one large product; with time first, each step's rows lie together.
        Tensor inputs = Cell.Project(x.Transpose(0, 1)); // [T, B, gates * hidden]
        Tensor[] outputs = new Tensor[x.Shape[1]];
        for (int step = 0; step < outputs.Length; step++)
        {
            state = Cell.Step(inputs[step], state);
            outputs[step] = Cell.Output(state);
        }

        return (Observed(Tensor.Stack(outputs, 1)), state);
    }
}
