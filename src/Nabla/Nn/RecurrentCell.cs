namespace Nabla.Nn;

/// <summary>One step of a recurrent network: from an input and a state, the next state.</summary>
/// <typeparam name="TState">What is carried from step to step.</typeparam>
/// <remarks>
/// A cell has a few gates, each of the hidden size, side by side in one product with the input and one with the state. Parameters
/// have PyTorch's names, shapes and order, and start, as there, uniformly within <c>1 / sqrt(hidden)</c> of zero.
/// </remarks>
public abstract class RecurrentCell<TState> : Module
{
    /// <summary>Creates the parameters.</summary>
    /// <param name="inputSize">The size of an input.</param>
    /// <param name="hiddenSize">The size of the hidden state.</param>
    /// <param name="gates">The number of gates.</param>
    /// <param name="bias">Whether to add biases.</param>
    /// <param name="random">Where the initial weights are drawn from; null for the default generator.</param>
    protected RecurrentCell(int inputSize, int hiddenSize, int gates, bool bias, RandomGenerator? random)
    {
        HiddenSize = hiddenSize;
        WeightIh = Create("weight_ih", new Shape(gates * hiddenSize, inputSize));
        WeightHh = Create("weight_hh", new Shape(gates * hiddenSize, hiddenSize));
        BiasIh = bias ? Create("bias_ih", new Shape(gates * hiddenSize)) : null;
        BiasHh = bias ? Create("bias_hh", new Shape(gates * hiddenSize)) : null;

        Tensor Create(string name, Shape shape)
        {
            float bound = (float)(1 / Math.Sqrt(hiddenSize));
            return Initialization.Uniform(AddParameter(name, new Tensor(shape)), -bound, bound, random);
        }
    }

    /// <summary>Gets the size of the hidden state.</summary>
    public int HiddenSize { get; }

    /// <summary>Gets the weight of the input, [gates * hidden, input].</summary>
    public Tensor WeightIh { get; }

    /// <summary>Gets the weight of the hidden state, [gates * hidden, hidden].</summary>
    public Tensor WeightHh { get; }

    /// <summary>Gets the bias added to the input's product, [gates * hidden], if there is one.</summary>
    public Tensor? BiasIh { get; }

    /// <summary>Gets the bias added to the hidden state's product, [gates * hidden], if there is one.</summary>
    public Tensor? BiasHh { get; }

    /// <inheritdoc/>
    protected override string Arguments => $"{WeightIh.Shape[1]}, {HiddenSize}, bias={BiasIh is not null}";

    /// <summary>Returns the state after one more input.</summary>
    /// <param name="x">[B, input].</param>
    /// <param name="state">The state before it, of [B, hidden]; [1, hidden] is taken for every row.</param>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public TState Forward(Tensor x, TState state) => Step(Project(x), state);

    /// <summary>Returns the state before the first input: zeros, [batch, hidden].</summary>
    /// <param name="batch">The number of rows.</param>
    public abstract TState InitialState(int batch);

    /// <summary>Returns what a state shows to the outside, [B, hidden].</summary>
    public abstract Tensor Output(TState state);

    /// <summary>Returns what the input adds to each gate: [..., input] to [..., gates * hidden].</summary>
    internal Tensor Project(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Linear(WeightIh, BiasIh);
    }

    /// <summary>Returns the next state.</summary>
    /// <param name="input">What the input adds to each gate, [B, gates * hidden].</param>
    /// <param name="state">The state before.</param>
    protected internal abstract TState Step(Tensor input, TState state);

    /// <summary>Returns what the hidden state adds to each gate: [B, hidden] to [B, gates * hidden].</summary>
    protected Tensor Recur(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        return hidden.Linear(WeightHh, BiasHh);
    }

    /// <summary>Returns neighbouring gates out of [B, gates * hidden].</summary>
    /// <param name="gates">All of them.</param>
    /// <param name="first">The first one wanted.</param>
    /// <param name="count">How many.</param>
    protected Tensor Gates(Tensor gates, int first, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(gates);
        return gates.Slice(-1, first * HiddenSize, count * HiddenSize);
    }
}
