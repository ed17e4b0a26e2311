using System.Globalization;

namespace Nabla.Autograd;

/// <summary>
/// Compares the gradients that <see cref="Tensor.Backward"/> computes with central differences: the test of an operation, a
/// module or a whole loss that needs no other implementation to compare with.
/// </summary>
/// <remarks>
/// All elements of an input move at once, each up or down by chance. Backward predicts how far the result then moves, and so
/// one number checks the whole gradient at the cost of two evaluations. Single precision leaves differences about three
/// correct digits: enough to find a wrong sign or a missing term, not a constant wrong in its fourth digit.
/// </remarks>
public static class GradientCheck
{
    // Half the bits of a float would balance the errors of a quadratic; a little more suits functions that are steeper.
    private const float RelativeStep = 3e-3f;

    /// <summary>Throws unless the gradients of a function agree with its central differences.</summary>
    /// <param name="function">
    /// Computes the result, of any shape, from the current values of the inputs; called anew for every difference, so it
    /// must not draw random numbers. Elements of the result are weighted by chance, so that errors do not cancel.
    /// </param>
    /// <param name="inputs">Contiguous leaf tensors that require a gradient. Gradients they hold are forgotten.</param>
    /// <param name="tolerance">The largest disagreement allowed, relative to the typical size of the change.</param>
    /// <param name="directions">The number of random directions to move each input in.</param>
    /// <param name="seed">Decides the directions.</param>
    /// <returns>The largest disagreement met, relative to the typical size of the change.</returns>
    /// <exception cref="ArgumentException">An input is computed, not contiguous, or requires no gradient.</exception>
    /// <exception cref="InvalidOperationException">The two disagree, or no gradient came to an input.</exception>
    /// <example><code>GradientCheck.Verify(() => x.MatMul(w).Tanh(), [x, w]);</code></example>
    public static double Verify(
        Func<Tensor> function, ReadOnlySpan<Tensor> inputs, double tolerance = 1e-2, int directions = 3, int seed = 42)
    {
        ArgumentNullException.ThrowIfNull(function);
        foreach (Tensor input in inputs)
        {
            if (!input.IsLeaf || !input.IsContiguous || !input.RequiresGrad)
            {
                throw new ArgumentException(
                    $"GradientCheck: the input of shape {input.Shape} must be a contiguous leaf with RequiresGrad = true.",
                    nameof(inputs));
            }

            input.ZeroGrad();
        }

        Random random = new(seed);
        Tensor y = function();
        float[] weights = Signs(y.Count, random);
        Tensor upstream = Tensor.Zeros(y.Shape);
        upstream.CopyFrom(weights);
        y.Backward(upstream);

        double worst = 0;
        for (int index = 0; index < inputs.Length; index++)
        {
            float[] gradient = inputs[index].Grad?.ToArray() ?? throw new InvalidOperationException(
                $"GradientCheck: no gradient came to input {index}, of shape {inputs[index].Shape}.");
            for (int direction = 0; direction < directions; direction++)
            {
                Change change = Move(function, inputs[index], gradient, weights, random);
                worst = Math.Max(worst, change.Disagreement);
                if (!(change.Disagreement <= tolerance))
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"GradientCheck: input {index}, of shape {inputs[index].Shape}: moved along a random direction, the " +
                        $"result changes by {change.Measured:G5}; the gradient says {change.Predicted:G5}. That is " +
                        $"{change.Disagreement:G3} apart, relative to a typical change; {tolerance:G3} is allowed."));
                }
            }

            inputs[index].ZeroGrad();
        }

        return worst;
    }

    private static Change Move(Func<Tensor> function, Tensor input, float[] gradient, float[] weights, Random random)
    {
        float[] values = input.ToArray();
        float[] step = Signs(values.Length, random);
        float[] up = new float[values.Length];
        float[] down = new float[values.Length];
        (double predicted, double squares) = (0, 0);
        for (int i = 0; i < values.Length; i++)
        {
            float size = RelativeStep * Math.Max(1, Math.Abs(values[i])) * step[i];
            (up[i], down[i]) = (values[i] + size, values[i] - size);

            // As far as it truly moves: the sum and the difference were rounded.
            double term = (double)gradient[i] * ((double)up[i] - down[i]);
            (predicted, squares) = (predicted + term, squares + (term * term));
        }

        try
        {
            double above = Evaluate(function, input, up, weights, out double noiseAbove);
            double below = Evaluate(function, input, down, weights, out double noiseBelow);
            return new Change(above - below, predicted, Math.Sqrt(squares), noiseAbove + noiseBelow);
        }
        finally
        {
            Write(input, values);
        }
    }

    private static double Evaluate(Func<Tensor> function, Tensor input, float[] values, float[] weights, out double noise)
    {
        Write(input, values);
        using NoGradScope noGrad = Tensor.NoGrad();
        float[] y = function().ToArray();
        (double sum, double squares) = (0, 0);
        for (int i = 0; i < y.Length; i++)
        {
            double term = (double)weights[i] * y[i];
            (sum, squares) = (sum + term, squares + (term * term));
        }

        // What rounding each element to single precision may have done to the sum.
        noise = Math.Sqrt(squares) * 2e-7;
        return sum;
    }

    private static void Write(Tensor input, float[] values)
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        input.CopyFrom(values);
    }

    private static float[] Signs(int count, Random random)
    {
        float[] signs = new float[count];
        for (int i = 0; i < count; i++)
        {
            signs[i] = (random.Next(2) * 2) - 1;
        }

        return signs;
    }

    private readonly record struct Change(double Measured, double Predicted, double Typical, double Noise)
    {
        public double Disagreement
            => Math.Abs(Measured - Predicted) is var apart && apart <= Noise ? 0 : apart / Math.Max(Typical, Noise);
    }
}
