namespace Nabla.Nn;

/// <summary>A layer of long short-term memory, an <see cref="LstmCell"/>, over sequences [B, T, C].</summary>
/// <param name="inputSize">The size C of an input.</param>
/// <param name="hiddenSize">The size of the hidden state.</param>
/// <param name="bias">Whether to add biases.</param>
/// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
public sealed class Lstm(int inputSize, int hiddenSize, bool bias = true, RandomGenerator? random = null)
    : Recurrent<LstmState>(new LstmCell(inputSize, hiddenSize, bias, random));
