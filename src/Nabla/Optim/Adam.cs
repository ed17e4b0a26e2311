namespace Nabla.Optim;

/// <summary>
/// Adam: each element's step is its mean gradient divided by the root of its mean squared gradient. D. P. Kingma and J. Ba,
/// "Adam: A Method for Stochastic Optimization" (2014), arXiv:1412.6980, algorithm 1.
/// </summary>
/// <remarks>
/// Weight decay is added to the gradient here, as in PyTorch's <c>Adam</c>; <see cref="AdamW"/> is usually the better choice.
/// Parameters that sit out steps for want of a gradient have their own count of steps, which the corrections go by.
/// </remarks>
public class Adam : Optimizer
{
    /// <summary>Whether weight decay shrinks the parameters directly rather than through their gradients.</summary>
    private readonly bool _decoupled;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly Tensor[] _counts;

    /// <summary>Trains parameters with one learning rate and weight decay.</summary>
    /// <param name="parameters">The tensors to train.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">How much of the mean gradient a step keeps.</param>
    /// <param name="beta2">How much of the mean squared gradient a step keeps.</param>
    /// <param name="epsilon">What is added to the root, which may be zero.</param>
    /// <param name="weightDecay">What of a parameter is added to its gradient; 0 for none.</param>
    /// <exception cref="ArgumentException">A parameter appears twice or is not trainable, or a number is not valid.</exception>
    public Adam(
        IEnumerable<Tensor> parameters,
        float learningRate = 1e-3f,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        float weightDecay = 0)
        : this([new ParameterGroup(parameters, learningRate, weightDecay)], beta1, beta2, epsilon)
    {
    }

    /// <summary>Trains groups of parameters, each with its own learning rate and weight decay.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="beta1">How much of the mean gradient a step keeps.</param>
    /// <param name="beta2">How much of the mean squared gradient a step keeps.</param>
    /// <param name="epsilon">What is added to the root, which may be zero.</param>
    /// <exception cref="ArgumentException">A parameter appears twice or is not trainable, or a number is not valid.</exception>
    public Adam(IEnumerable<ParameterGroup> groups, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        : this(groups, beta1, beta2, epsilon, decoupled: false)
    {
    }

    private protected Adam(IEnumerable<ParameterGroup> groups, double beta1, double beta2, double epsilon, bool decoupled)
        : base(groups)
    {
        Beta1 = Fraction(beta1, nameof(beta1));
        Beta2 = Fraction(beta2, nameof(beta2));
        Epsilon = epsilon >= 0 && double.IsFinite(epsilon)
            ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Adam: epsilon must be finite and not negative.");
        _decoupled = decoupled;
        _means = NewState("m");
        _squares = NewState("v");
        _counts = NewState("step", default(Shape));
    }

    /// <summary>Gets how much of the mean gradient a step keeps.</summary>
    public double Beta1 { get; }

    /// <summary>Gets how much of the mean squared gradient a step keeps.</summary>
    public double Beta2 { get; }

    /// <summary>Gets what is added to the root of the mean squared gradient.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    protected override bool ScalesGradients => true;

    /// <inheritdoc/>
    protected override unsafe void Update(int index, ParameterGroup group, Tensor parameter, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(gradient);
        (Tensor m, Tensor v) = (_means[index], _squares[index]);
        double learningRate = group.LearningRate;
        double weightDecay = group.WeightDecay;

        // Both means start at zero; after t steps they hold only 1 - beta^t of their weight.
        double t = CountStep(_counts[index]);
        double meanCorrection = 1 - Math.Pow(Beta1, t);
        double squareCorrection = 1 - Math.Pow(Beta2, t);
        AdamKernel kernel = new(parameter.Pointer, gradient.Pointer, m.Pointer, v.Pointer)
        {
            GradientScale = GradientScale,
            MeanRate = (float)(1 - Beta1),
            SquareRate = (float)(1 - Beta2),
            RootScale = (float)(1 / Math.Sqrt(squareCorrection)),
            Epsilon = (float)Epsilon,
            Step = (float)(learningRate / meanCorrection),
            GradientDecay = _decoupled ? 0 : (float)weightDecay,
            DirectDecay = _decoupled ? (float)(learningRate * weightDecay) : 0,
        };
        kernel.Run(parameter.Count);
        m.Touch();
        v.Touch();
        GC.KeepAlive(parameter);
        GC.KeepAlive(gradient);
        GC.KeepAlive(m);
        GC.KeepAlive(v);
    }

    /// <summary>Adds 1 to a count and returns it. A float32 stops at 2^24, where the corrections have long been 1.</summary>
    private static unsafe double CountStep(Tensor count)
    {
        double t = ++*count.Pointer;
        count.Touch();
        GC.KeepAlive(count);
        return t;
    }

    private static double Fraction(double beta, string name) => beta is >= 0 and < 1
        ? beta
        : throw new ArgumentOutOfRangeException(name, beta, $"Adam: {name} must be at least 0 and less than 1.");
}
