namespace Nabla.Nn;

/// <summary>A layer of gated recurrent units, a <see cref="GruCell"/>, over sequences [B, T, C].</summary>
/// <param name="inputSize">The size C of an input.</param>
/// <param name="hiddenSize">The size of the hidden state.</param>
/// <param name="bias">Whether to add biases.</param>
/// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
public sealed class Gru(int inputSize, int hiddenSize, bool bias = true, RandomGenerator? random = null)
    : Recurrent<Tensor>(new GruCell(inputSize, hiddenSize, bias, random));
