namespace Nabla.Nn;

/// <summary>
/// The long short-term memory: an input gate i, a forget gate f, a candidate g and an output gate o, in this order, each
/// <c>W_ih x + b_ih + W_hh h + b_hh</c> through a sigmoid, the candidate through tanh; then <c>c' = f c + i g</c> and
/// <c>h' = o tanh(c')</c>. Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, with the forget gate of Gers et al., 2000.
/// </summary>
/// <param name="inputSize">The size of an input.</param>
/// <param name="hiddenSize">The size of the hidden state, and of the cell.</param>
/// <param name="bias">Whether to add biases.</param>
/// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
public sealed class LstmCell(int inputSize, int hiddenSize, bool bias = true, RandomGenerator? random = null)
    : RecurrentCell<LstmState>(inputSize, hiddenSize, gates: 4, bias, random)
{
    /// <inheritdoc/>
    public override LstmState InitialState(int batch) => new(Tensor.Zeros(batch, HiddenSize), Tensor.Zeros(batch, HiddenSize));

    /// <inheritdoc/>
    public override Tensor Output(LstmState state) => state.Hidden;

    /// <inheritdoc/>
    protected internal override LstmState Step(Tensor input, LstmState state)
    {
        Tensor gates = input + Recur(state.Hidden);
        Tensor inputAndForget = Gates(gates, 0, 2).Sigmoid();
        Tensor cell = (Gates(inputAndForget, 1) * state.Cell) + (Gates(inputAndForget, 0) * Gates(gates, 2).Tanh());
        return new LstmState(Gates(gates, 3).Sigmoid() * cell.Tanh(), cell);
    }
}
