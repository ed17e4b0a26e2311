namespace Nabla.Nn;

/// <summary>
/// The gated recurrent unit: a reset gate r, an update gate z and a candidate n, in this order,
/// <c>r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)</c>, z likewise,
/// <c>n = tanh(W_in x + b_in + r (W_hn h + b_hn))</c>, <c>h' = (1 - z) n + z h</c>. Cho et al., "Learning Phrase
/// Representations using RNN Encoder-Decoder", 2014, arXiv:1406.1078.
/// </summary>
/// <remarks>As in PyTorch, the reset gate acts on the product with the state; in the paper it acts on the state before it.</remarks>
/// <param name="inputSize">The size of an input.</param>
/// <param name="hiddenSize">The size of the state.</param>
/// <param name="bias">Whether to add biases.</param>
/// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
public sealed class GruCell(int inputSize, int hiddenSize, bool bias = true, RandomGenerator? random = null)
    : RecurrentCell<Tensor>(inputSize, hiddenSize, gates: 3, bias, random)
{
    /// <inheritdoc/>
    public override Tensor InitialState(int batch) => Tensor.Zeros(batch, HiddenSize);

    /// <inheritdoc/>
    public override Tensor Output(Tensor state) => state;

    /// <inheritdoc/>
    protected internal override Tensor Step(Tensor input, Tensor state)
    {
        Tensor recurrent = Recur(state);
        Tensor gates = (Gates(input, 0, 2) + Gates(recurrent, 0, 2)).Sigmoid();
        Tensor candidate = (Gates(input, 2) + (Gates(gates, 0) * Gates(recurrent, 2))).Tanh();
        return candidate + (Gates(gates, 1) * (state - candidate));
    }
}
