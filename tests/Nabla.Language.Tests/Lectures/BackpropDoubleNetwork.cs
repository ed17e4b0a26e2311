namespace Nabla.Language.Tests.Lectures;

/// <summary>
/// The network of lecture 5 in double precision, on plain arrays and without autograd: its loss, and its gradients by hand. A
/// numerical derivative of the loss is the judge that owes nothing to the library.
/// </summary>
internal sealed class BackpropDoubleNetwork(double[][] parameters, int[] contexts, int[] labels)
{
    private const int Width = 10;
    private const int Hidden = 64;
    private const int Characters = 27;
    private const double Epsilon = 1e-5;

    private readonly int _n = labels.Length;
    private readonly int _inputs = contexts.Length / labels.Length * Width;

    /// <summary>Gets the parameters: C, W1, b1, W2, b2, bngain, bnbias, each row by row.</summary>
    public double[][] Parameters { get; } = parameters;

    public static BackpropDoubleNetwork Of(BackpropNetwork network, NameContexts.Examples batch) => new(
        [.. network.Parameters.Select(parameter => Array.ConvertAll(parameter.ToArray(), value => (double)value))],
        batch.Contexts.ToArray(), batch.Labels.ToArray());

    public double Loss()
    {
        State state = Forward();
        return -labels.Select((label, i) => Math.Log(state.Probs[(i * Characters) + label])).Average();
    }

    public double[][] Gradients()
    {
        State state = Forward();
        double[] dLogits = [.. state.Probs.Select((p, k) => (p - (k % Characters == labels[k / Characters] ? 1 : 0)) / _n)];
        double[] dH = Product(dLogits, Transposed(Parameters[3], Characters), Characters, Hidden);
        double[] dW2 = Product(Transposed(state.H, Hidden), dLogits, _n, Characters);
        double[] dHPreAct = [.. dH.Zip(state.H, (d, h) => (1 - (h * h)) * d)];
        double[] dGain = ColumnSums([.. dHPreAct.Zip(state.Raw, (d, raw) => d * raw)], Hidden);
        double[] dBias = ColumnSums(dHPreAct, Hidden);
        double[] dHPreBn = [.. dHPreAct.Select((d, k) => Parameters[5][k % Hidden] * state.Inverse[k % Hidden] / _n
            * ((_n * d) - dBias[k % Hidden] - (_n / (_n - 1.0) * state.Raw[k] * dGain[k % Hidden])))];
        double[] dEmb = Product(dHPreBn, Transposed(Parameters[1], Hidden), Hidden, _inputs);
        double[] dTable = new double[Characters * Width];
        for (int k = 0; k < dEmb.Length; k++)
        {
            dTable[(contexts[k / Width] * Width) + (k % Width)] += dEmb[k];
        }

        double[] dW1 = Product(Transposed(state.Emb, _inputs), dHPreBn, _n, Hidden);
        return [dTable, dW1, ColumnSums(dHPreBn, Hidden), dW2, ColumnSums(dLogits, Characters), dGain, dBias];
    }

    private State Forward()
    {
        double[] emb = [.. contexts.SelectMany(id => Parameters[0].Skip(id * Width).Take(Width))];
        double[] before = [.. Product(emb, Parameters[1], _inputs, Hidden).Select((x, k) => x + Parameters[2][k % Hidden])];
        double[] mean = [.. ColumnSums(before, Hidden).Select(sum => sum / _n)];
        double[] centred = [.. before.Select((x, k) => x - mean[k % Hidden])];
        double[] variance = [.. ColumnSums([.. centred.Select(x => x * x)], Hidden).Select(sum => sum / (_n - 1))];
        double[] inverse = [.. variance.Select(v => 1 / Math.Sqrt(v + Epsilon))];
        double[] raw = [.. centred.Select((x, k) => x * inverse[k % Hidden])];
        double[] h = [.. raw.Select((x, k) => Math.Tanh((Parameters[5][k % Hidden] * x) + Parameters[6][k % Hidden]))];
        double[] logits = [.. Product(h, Parameters[3], Hidden, Characters).Select((x, k) => x + Parameters[4][k % Characters])];
        double[] counts = [.. logits.Select(Math.Exp)];
        double[] sums = [.. counts.Chunk(Characters).Select(row => row.Sum())];
        return new State(emb, raw, inverse, h, [.. counts.Select((count, k) => count / sums[k / Characters])]);
    }

    private static double[] Product(double[] left, double[] right, int inner, int columns)
    {
        double[] result = new double[left.Length / inner * columns];
        for (int k = 0; k < left.Length; k++)
        {
            for (int j = 0; j < columns; j++)
            {
                result[(k / inner * columns) + j] += left[k] * right[(k % inner * columns) + j];
            }
        }

        return result;
    }

    private static double[] Transposed(double[] matrix, int columns)
    {
        int rows = matrix.Length / columns;
        return [.. Enumerable.Range(0, matrix.Length).Select(k => matrix[(k % rows * columns) + (k / rows)])];
    }

    private static double[] ColumnSums(double[] matrix, int columns)
    {
        double[] sums = new double[columns];
        for (int k = 0; k < matrix.Length; k++)
        {
            sums[k % columns] += matrix[k];
        }

        return sums;
    }

    private sealed record State(double[] Emb, double[] Raw, double[] Inverse, double[] H, double[] Probs);
}
