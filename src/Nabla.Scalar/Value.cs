using System.Globalization;

namespace Nabla.Scalar;

/// <summary>
/// A number that remembers how it was computed, so that <see cref="Backward"/> can tell how it depends on each number that went
/// into it.
/// </summary>
/// <remarks>
/// <para>
/// Every operation makes a new value that points to its one or two inputs. Together they form a graph without cycles, from the
/// result back to the numbers one began with, the leaves. An operation also notes its local derivative by each input: how fast
/// its own result changes when only that input does. That is all backpropagation needs. The chain rule says that a change
/// travels through several operations by multiplying their local derivatives, and that where several ways lead to the same
/// number, their contributions add up. The operation may be as small as an addition or as large as one likes, as long as its
/// local derivative is known.
/// </para>
/// <para>After A. Karpathy's micrograd (2020). A graph is for one thread at a time.</para>
/// </remarks>
public sealed class Value
{
    /// <summary>What the last value of a chain is followed by.</summary>
    private static readonly Value _end = new(0);

    private readonly Value? _left;
    private readonly Value? _right;
    private readonly double _leftDerivative;
    private readonly double _rightDerivative;

    /// <summary>What follows in the chain of a walk over the graph; null for a value that no walk has come by.</summary>
    private Value? _next;

    /// <summary>Makes a leaf: a number that was given, not computed.</summary>
    /// <param name="data">The number.</param>
    /// <param name="label">A name, for pictures of the graph.</param>
    public Value(double data, string label = "")
    {
        Data = data;
        Label = label;
        Op = "";
    }

    private Value(double data, string op, Value left, double leftDerivative, Value? right = null, double rightDerivative = 0)
    {
        Data = data;
        Label = "";
        Op = op;
        (_left, _leftDerivative) = (left, leftDerivative);
        (_right, _rightDerivative) = (right, rightDerivative);
    }

    /// <summary>Gets or sets the number. What was computed from it before does not change with it.</summary>
    public double Data { get; set; }

    /// <summary>
    /// Gets or sets the derivative of the value that <see cref="Backward"/> was last called on by this one: 0 says that
    /// changing this one would have no effect.
    /// </summary>
    public double Grad { get; set; }

    /// <summary>Gets or sets the name, empty if it has none.</summary>
    public string Label { get; set; }

    /// <summary>Gets what computed the number, such as <c>+</c> or <c>tanh</c>; empty for a leaf.</summary>
    public string Op { get; }

    /// <summary>
    /// Gets what the number was computed from, in order, each with the local derivative by it; nothing for a leaf. In
    /// <c>a + a</c> it is <c>a</c>, twice.
    /// </summary>
    public IEnumerable<(Value Value, double Derivative)> Inputs
    {
        get
        {
            if (_left is not null)
            {
                yield return (_left, _leftDerivative);
            }

            if (_right is not null)
            {
                yield return (_right, _rightDerivative);
            }
        }
    }

    /// <summary>Makes a leaf of a plain number, so that numbers and values mix in formulas: <c>2 * a + 1</c>.</summary>
    public static implicit operator Value(double data) => new(data);

    /// <summary>a + b. Both derivatives are 1: addition passes a gradient on to both sides.</summary>
    public static Value operator +(Value a, Value b) => new(a.Data + b.Data, "+", a, 1, b, 1);

    /// <summary>a * b. The derivative by each factor is the other one.</summary>
    public static Value operator *(Value a, Value b) => new(a.Data * b.Data, "*", a, b.Data, b, a.Data);

    /// <summary>-a, as <c>a * -1</c>.</summary>
    public static Value operator -(Value a) => a * -1;

    /// <summary>a - b, as <c>a + (-b)</c>.</summary>
    public static Value operator -(Value a, Value b) => a + (-b);

    /// <summary>a / b, as <c>a * b^-1</c>.</summary>
    public static Value operator /(Value a, Value b) => a * b.Pow(-1);

    /// <summary>x to the power of k, a plain number. The derivative is k x^(k - 1).</summary>
    public Value Pow(double k) => new(Math.Pow(Data, k), PowerName(k), this, k * Math.Pow(Data, k - 1));

    /// <summary>e to the power of x, which is its own derivative.</summary>
    public Value Exp()
    {
        double y = Math.Exp(Data);
        return new(y, "exp", this, y);
    }

    /// <summary>The natural logarithm of x. The derivative is 1 / x.</summary>
    public Value Log() => new(Math.Log(Data), "log", this, 1 / Data);

    /// <summary>The hyperbolic tangent, which squashes any number into -1 to 1. The derivative is 1 - tanh(x)^2.</summary>
    public Value Tanh()
    {
        double t = Math.Tanh(Data);
        return new(t, "tanh", this, 1 - (t * t));
    }

    /// <summary>The larger of 0 and x. The derivative is 1 where x is positive, else 0.</summary>
    public Value Relu() => new(Math.Max(0, Data), "relu", this, Data > 0 ? 1 : 0);

    /// <summary>Applies a function of one's own.</summary>
    /// <param name="op">Its name, for pictures of the graph.</param>
    /// <param name="function">The function.</param>
    /// <param name="derivative">Its derivative, at the same x.</param>
    public Value Apply(string op, Func<double, double> function, Func<double, double> derivative)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(derivative);
        return new(function(Data), op, this, derivative(Data));
    }

    /// <summary>Applies a function of one's own to two values, this one being the first.</summary>
    /// <param name="op">Its name, for pictures of the graph.</param>
    /// <param name="other">The second argument.</param>
    /// <param name="function">The function.</param>
    /// <param name="derivatives">Its derivatives by the first and by the second argument, at the same two.</param>
    public Value Apply(
        string op,
        Value other,
        Func<double, double, double> function,
        Func<double, double, (double First, double Second)> derivatives)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(derivatives);
        var (first, second) = derivatives(Data, other.Data);
        return new(function(Data, other.Data), op, this, first, other, second);
    }

    /// <summary>
    /// Fills in <see cref="Grad"/> of every value that this one was computed from. To the gradients of leaves it adds, so that
    /// several calls sum up: set them to 0 before each step of a training.
    /// </summary>
    public void Backward()
    {
        ChainUp();
        for (Value value = this; value != _end; value = value._next!)
        {
            if (value._left is not null)
            {
                value.Grad = 0;
            }
        }

        Grad = 1;

        // Not before all that depends on a value has passed on its gradient does the value pass on its own.
        for (Value value = this; value != _end; value = value.Unchain())
        {
            value.PassGradient();
        }
    }

    /// <summary>
    /// One step of <see cref="Backward"/>: adds to the gradients of the inputs what this value's gradient contributes to them,
    /// the local derivative times it. Does nothing for a leaf.
    /// </summary>
    public void PassGradient()
    {
        // Added, not assigned: an input may be used elsewhere too, or be both inputs of this value.
        if (_left is not null)
        {
            _left.Grad += _leftDerivative * Grad;
        }

        if (_right is not null)
        {
            _right.Grad += _rightDerivative * Grad;
        }
    }

    /// <summary>Returns all that this value was computed from, each after its own inputs; the last is this value.</summary>
    public List<Value> TopologicalOrder()
    {
        List<Value> order = [];
        ChainUp();
        for (Value value = this; value != _end; value = value.Unchain())
        {
            order.Add(value);
        }

        order.Reverse();
        return order;
    }

    /// <summary>Returns the number in the form <c>Value(data=0.5)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Value(data={Data})");

    /// <summary>
    /// Links all that this value was computed from into a chain: this value first, each before its own inputs. It is the
    /// topological order backwards. Whoever follows the chain takes it apart.
    /// </summary>
    /// <remarks>
    /// Depth first. The same links lead back up from inputs that are not finished yet: a graph may be deeper than the stack of a
    /// thread, and a list of a hundred thousand values costs more time, in the garbage collector, than all the arithmetic.
    /// </remarks>
    private void ChainUp()
    {
        Value path = _end;
        Value chain = _end;
        Enter(this);
        while (path != _end)
        {
            Value value = path;
            if (!Enter(value._left) && !Enter(value._right))
            {
                path = value._next!;
                value._next = chain;
                chain = value;
            }
        }

        bool Enter(Value? value)
        {
            if (value is null || value._next is not null)
            {
                return false;
            }

            value._next = path;
            path = value;
            return true;
        }
    }

    private Value Unchain()
    {
        Value next = _next!;
        _next = null;
        return next;
    }

    private static string PowerName(double k) => k switch
    {
        -1 => "**-1",
        2 => "**2",
        _ => string.Create(CultureInfo.InvariantCulture, $"**{k}"),
    };
}
