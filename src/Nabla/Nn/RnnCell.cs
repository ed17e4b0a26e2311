namespace Nabla.Nn;

/// <summary>
/// The plain recurrent cell: <c>h' = tanh(W_ih x + b_ih + W_hh h + b_hh)</c>. J. Elman, "Finding Structure in Time", 1990.
/// </summary>
/// <param name="inputSize">The size of an input.</param>
/// <param name="hiddenSize">The size of the state.</param>
/// <param name="bias">Whether to add biases.</param>
/// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
public sealed class RnnCell(int inputSize, int hiddenSize, bool bias = true, RandomGenerator? random = null)
    : RecurrentCell<Tensor>(inputSize, hiddenSize, gates: 1, bias, random)
{
    /// <inheritdoc/>
    public override Tensor InitialState(int batch) => Tensor.Zeros(batch, HiddenSize);

    /// <inheritdoc/>
    public override Tensor Output(Tensor state) => state;

    /// <inheritdoc/>
    protected internal override Tensor Step(Tensor input, Tensor state) => (input + Recur(state)).Tanh();
}
