namespace Nabla.Scalar.Tests;

/// <summary>A thousand expressions of all operations, most with shared parts: three ways to the same derivatives.</summary>
public sealed class RandomExpressionTests
{
    [Fact]
    public void There_are_a_thousand_of_them() => Assert.Equal(1000, RandomExpression.All.Count);

    [Fact]
    public void Results_and_gradients_are_those_of_PyTorch()
    {
        foreach (RandomExpression expression in RandomExpression.All)
        {
            Value[] leaves = [.. expression.Leaves.Select(leaf => new Value(leaf))];
            Value result = expression.Compute(leaves);
            result.Backward();

            AssertNear(expression.Value, result.Data, 1e-12 * Condition(result), expression);
            for (int i = 0; i < leaves.Length; i++)
            {
                AssertNear(expression.Gradients[i], leaves[i].Grad, 1e-11 * (1 + Math.Abs(expression.Gradients[i])), expression);
            }
        }
    }

    [Fact]
    public void Gradients_are_the_slopes_that_small_steps_show()
    {
        foreach (RandomExpression expression in RandomExpression.All)
        {
            Value[] leaves = [.. expression.Leaves.Select(leaf => new Value(leaf))];
            expression.Compute(leaves).Backward();
            for (int i = 0; i < leaves.Length; i++)
            {
                double At(double step)
                {
                    Value[] moved = [.. expression.Leaves.Select(leaf => new Value(leaf))];
                    moved[i].Data += step;
                    return expression.Compute(moved).Data;
                }

                // The fixture holds only expressions that are smooth enough for this step.
                double slope = Slope(At, 1e-3);
                AssertNear(slope, leaves[i].Grad, 1.1e-7 * (1 + Math.Abs(slope) + Math.Abs(expression.Value)), expression);
            }
        }
    }

    [Fact]
    public void Tensors_agree_as_far_as_float32_can()
    {
        foreach (RandomExpression expression in RandomExpression.All)
        {
            Tensor[] leaves = [.. expression.Leaves.Select(leaf => Tensor.Scalar((float)leaf))];
            Array.ForEach(leaves, leaf => leaf.RequiresGrad = true);
            Tensor result = expression.Compute(leaves);
            result.Backward();

            var (value, gradients) = Float32Uncertainty(expression);
            AssertNear(expression.Value, result.Item(), value, expression);
            for (int i = 0; i < leaves.Length; i++)
            {
                AssertNear(expression.Gradients[i], leaves[i].Grad?.Item() ?? 0, gradients[i], expression);
            }
        }
    }

    [Theory]
    [Trait("Number", "L01-072")]
    [InlineData("+")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("/")]
    [InlineData("**")]
    [InlineData("neg")]
    [InlineData("exp")]
    [InlineData("log")]
    [InlineData("tanh")]
    [InlineData("relu")]
    public void Every_operation_has_the_derivative_that_small_steps_show(string operation)
    {
        var random = new Random(1);
        for (int trial = 0; trial < 100; trial++)
        {
            // Away from 0, where relu has a kink and quotients have none; positive for those that need it.
            double x = 0.1 + (2 * random.NextDouble());
            double y = 0.1 + (2 * random.NextDouble());
            bool anySign = operation is not ("log" or "**");
            x *= anySign && random.Next(2) == 0 ? -1 : 1;
            y *= random.Next(2) == 0 ? -1 : 1;

            Value a = x, b = y;
            Apply(operation, a, b).Backward();
            double byX = Slope(step => Apply(operation, x + step, y).Data, 1e-4);
            double byY = operation == "**" ? 0 : Slope(step => Apply(operation, x, y + step).Data, 1e-4);
            Assert.Equal(byX, a.Grad, 1e-6 * Math.Abs(byX));
            Assert.Equal(byY, b.Grad, 1e-6 * Math.Abs(byY));
        }
    }

    /// <summary>The central difference of five points, whose error falls with the fourth power of the step.</summary>
    private static double Slope(Func<double, double> at, double h) =>
        ((8 * (at(h) - at(-h))) - (at(2 * h) - at(-2 * h))) / (12 * h);

    private static Value Apply(string operation, Value a, Value b) => operation switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / b,
        "**" => a.Pow(b.Data),
        "neg" => -a,
        "exp" => a.Exp(),
        "log" => a.Log(),
        "tanh" => a.Tanh(),
        _ => a.Relu(),
    };

    /// <summary>
    /// By how much the result changes, in the worst case and to first order, if every value on the way is off by its own size:
    /// relative errors of rounding times this are what to expect.
    /// </summary>
    private static double Condition(Value result) => result.TopologicalOrder().Sum(value => Math.Abs(value.Grad * value.Data));

    /// <summary>
    /// How far result and gradients may be off in float32, found by trying: every result on the way, and every gradient at every
    /// use, is changed at random by as much as float32 rounds, several times; four times the worst that this did is allowed, and
    /// a few roundings of the final number.
    /// </summary>
    private static (double Value, double[] Gradients) Float32Uncertainty(RandomExpression expression)
    {
        const double rounding = 1.0 / (1 << 24);
        var random = new Random(1);

        // Functions are allowed two units in the last place.
        double Error() => 4 * rounding * ((2 * random.NextDouble()) - 1);
        Value RoundResult(Value exact)
        {
            // The derivative of tanh is 1 less the square of its result: where that is near 1, its rounding is what is left.
            double cancelled = exact.Op == "tanh" ? 1 - (exact.Data * exact.Data) : 1;
            double factor = 1 + Error();
            double slope = 1 + (Error() / cancelled);
            return exact.Apply("round", x => x * factor, _ => slope);
        }

        Value RoundGradient(Value used)
        {
            double slope = 1 + Error();
            return used.Apply("round", x => x, _ => slope);
        }

        double value = 0;
        var gradients = new double[expression.Leaves.Length];
        for (int trial = 0; trial < 8; trial++)
        {
            Value[] leaves = [.. expression.Leaves.Select(leaf => new Value(leaf))];
            Value result = expression.Compute([.. leaves.Select(RoundResult)], RoundGradient, RoundResult);
            result.Backward();
            value = Math.Max(value, Math.Abs(result.Data - expression.Value));
            for (int i = 0; i < leaves.Length; i++)
            {
                gradients[i] = Math.Max(gradients[i], Math.Abs(leaves[i].Grad - expression.Gradients[i]));
            }
        }

        double Allowed(double worst, double exact) => (4 * worst) + (8 * rounding * Math.Abs(exact));
        return (Allowed(value, expression.Value), [.. gradients.Zip(expression.Gradients, Allowed)]);
    }

    private static void AssertNear(double expected, double actual, double tolerance, RandomExpression expression) => Assert.True(
        Math.Abs(expected - actual) <= tolerance,
        $"{actual:R} is not within {tolerance:G3} of {expected:R} in [{string.Join("; ", expression.Leaves)}] {expression.Text}");
}
