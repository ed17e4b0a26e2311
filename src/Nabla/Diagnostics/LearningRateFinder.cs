using Nabla.Autograd;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Diagnostics;

/// <summary>
/// Tries learning rates from far too small to far too large, one a step, and puts everything back: the loss falls fastest at a good
/// rate and rises again past the best. L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017,
/// arXiv:1506.01186, section 3.3; the rates grow by a constant factor here.
/// </summary>
public static class LearningRateFinder
{
    /// <summary>The search ends where the loss has grown to this many times the lowest, as it only gets worse from there.</summary>
    private const double Hopeless = 4;

    /// <summary>Runs a search; model and optimiser are as before when it ends, also by an exception.</summary>
    /// <param name="model">The model that is trained; its parameters and buffers are restored.</param>
    /// <param name="optimizer">The optimiser; its state and rates are restored, and all gradients forgotten.</param>
    /// <param name="loss">Makes the loss of the next batch. What it draws from generators is its own to put back.</param>
    /// <param name="from">The first rate.</param>
    /// <param name="to">The last rate.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">The rates do not rise from above 0, or there are fewer than 10 steps.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static LearningRateSearch Run(
        Module model,
        Optimizer optimizer,
        Func<Tensor> loss,
        float from = 1e-5f,
        float to = 1,
        int steps = 100,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        if (!(from > 0 && to > from && float.IsFinite(to)) || steps < 10)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"LearningRateFinder: rates from {from} to {to} in {steps} steps; they must rise from above 0, in at least 10 steps."));
        }

        Start start = new(model, optimizer);
        List<(float Rate, float Loss)> tried = [];
        try
        {
            float lowest = float.PositiveInfinity;
            for (int step = 0; step < steps; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                float rate = (float)(from * Math.Pow((double)to / from, (double)step / (steps - 1)));
                float value = TakeStep(optimizer, loss, rate);
                if (!float.IsFinite(value))
                {
                    break;
                }

                tried.Add((rate, value));
                lowest = Math.Min(lowest, value);
                if (value > Hopeless * lowest)
                {
                    break;
                }
            }
        }
        finally
        {
            start.Restore();
        }

        return new LearningRateSearch(tried, steps);
    }

    private static float TakeStep(Optimizer optimizer, Func<Tensor> loss, float rate)
    {
        using MemoryScope scope = MemoryScope.Begin();
        optimizer.SetLearningRate(rate);
        optimizer.ZeroGrad();
        Tensor value = loss();
        float number = value.Item();
        value.Backward();
        optimizer.Step();
        return number;
    }

    /// <summary>What a search changes, as it was before.</summary>
    private sealed class Start(Module model, Optimizer optimizer)
    {
        private readonly List<(Tensor Tensor, float[] Values)> _model =
            [.. model.StateDict().Select(pair => pair.Value).Concat(optimizer.Parameters).Select(tensor => (tensor, tensor.ToArray()))];

        private readonly Dictionary<string, Tensor> _state =
            optimizer.State.ToDictionary(pair => pair.Key, pair => pair.Value.Detach().Clone().Keep());

        private readonly long _stepCount = optimizer.StepCount;
        private readonly float[] _rates = [.. optimizer.Groups.Select(group => group.LearningRate)];

        public void Restore()
        {
            using NoGradScope noGrad = Tensor.NoGrad();
            foreach ((Tensor tensor, float[] values) in _model)
            {
                tensor.CopyInPlace(Tensor.From(values).View(tensor.Shape));
            }

            optimizer.LoadState(_state, _stepCount);
            optimizer.ZeroGrad();
            foreach ((ParameterGroup group, float rate) in optimizer.Groups.Zip(_rates))
            {
                group.LearningRate = rate;
            }
        }
    }
}
