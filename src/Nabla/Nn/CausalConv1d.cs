namespace Nabla.Nn;

/// <summary>
/// A convolution along time that never looks ahead: the output at t sees the inputs at t, t - d, ..., t - (K - 1) d for a kernel
/// of K taps and a dilation of d, and zeros before the start. Layers with dilations 1, 2, 4, ... are WaveNet (van den Oord et
/// al., 2016, arXiv:1609.03499).
/// </summary>
/// <remarks>
/// Inputs are [B, T, C], channels last. PyTorch has no such layer: its <c>nn.Conv1d(inputs, outputs, K, dilation=d)</c> on
/// [B, C, T + (K - 1) d], padded with zeros on the left, is the same, with the same weight and bias.
/// </remarks>
public sealed class CausalConv1d : Layer
{
    private readonly int _dilation;

    /// <summary>Creates the layer, initialised as PyTorch's <c>nn.Conv1d</c> is: weight first, then bias.</summary>
    /// <param name="inputChannels">The size of the input's last dimension.</param>
    /// <param name="outputChannels">The size of the output's last dimension.</param>
    /// <param name="kernelSize">The number of taps K, at least 1.</param>
    /// <param name="dilation">The distance d between the taps, at least 1.</param>
    /// <param name="bias">Whether to add a bias.</param>
    /// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
    public CausalConv1d(
        int inputChannels, int outputChannels, int kernelSize, int dilation = 1, bool bias = true, RandomGenerator? random = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernelSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        _dilation = dilation;
        Weight = AddParameter("weight", new Tensor(new Shape(outputChannels, inputChannels, kernelSize)));
        Bias = bias ? AddParameter("bias", new Tensor(new Shape(outputChannels))) : null;
        Initialization.LinearDefault(Weight, Bias, random);
    }

    /// <summary>Gets the weight, [out, in, K]; the last tap is that of the present.</summary>
    public Tensor Weight { get; }

    /// <summary>Gets the bias, [out], if there is one.</summary>
    public Tensor? Bias { get; }

    /// <summary>Gets how many inputs an output sees, from the first tap to the last: (K - 1) d + 1.</summary>
    public int ReceptiveField => ((Weight.Shape[2] - 1) * _dilation) + 1;

    /// <inheritdoc/>
    protected override string Arguments
        => $"{Weight.Shape[1]}, {Weight.Shape[0]}, kernel_size={Weight.Shape[2]}, dilation={_dilation}, bias={Bias is not null}";

    /// <summary>Maps [B, T, in] to [B, T, out].</summary>
    /// <exception cref="ShapeException">The input has another shape.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        (int outputs, int inputs, int taps) = (Weight.Shape[0], Weight.Shape[1], Weight.Shape[2]);
        if (x.Rank != 3 || x.Shape[2] != inputs)
        {
            throw new ShapeException($"CausalConv1d: the input is {x.Shape}; it must be [B, T, {inputs}], channels last.");
        }

        // What the taps see lies side by side in one row for each output, so that one matrix product does them all.
        (int batch, int length) = (x.Shape[0], x.Shape[1]);
        Tensor rows = x;
        if (taps > 1)
        {
            Tensor padded = Tensor.Cat([Tensor.Zeros(batch, (taps - 1) * _dilation, inputs), x], 1);
            rows = Tensor.Cat([.. Enumerable.Range(0, taps).Select(tap => padded.Slice(1, tap * _dilation, length))], -1);
        }

        return Observed(rows.Linear(Weight.Transpose(1, 2).Reshape(outputs, taps * inputs), Bias)); // [B, T, K in] to [B, T, out]
    }
}
