using System.Diagnostics;
using System.Globalization;
using Nabla.Optim;

namespace Nabla.Language;

/// <summary>
/// Finds out in some seconds how long a training step takes on this machine, by taking a few. Where a batch is too large for that, it
/// takes fewer rows, and of a deep GPT a few layers: the rest costs in proportion to the arithmetic.
/// </summary>
public static class StepCalibration
{
    /// <summary>The most float operations of a batch that is timed, about a second on a few cores.</summary>
    internal const double MostWork = 4e11;

    /// <summary>The layers of the GPT that stands for a deeper one.</summary>
    internal const int FewLayers = 3;

    private const int WarmUpRounds = 2;
    private const int LeastRounds = 3;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(0.4);
    private static readonly TimeSpan _timed = TimeSpan.FromSeconds(0.8);

    /// <summary>Times steps of a model that is made for it.</summary>
    /// <param name="config">The model.</param>
    /// <param name="options">The rows of a batch, and whether there are several in a step.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">The sizes make no model, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static StepTime Measure(LanguageModelConfig config, TrainingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        config.Validate();
        options.Validate();
        bool accumulates = options.AccumulationSteps > 1;
        return From(config, options.BatchSize, accumulates, (model, rows) => Run(model, rows, accumulates, cancellationToken));
    }

    /// <summary>Returns the time of whole batches from that of as much of them as is quickly taken.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batch">The rows of a batch.</param>
    /// <param name="accumulates">Whether a step has several batches.</param>
    /// <param name="take">Takes steps of a model with batches of so many rows, and returns their time.</param>
    internal static StepTime From(LanguageModelConfig config, int batch, bool accumulates, Func<LanguageModelConfig, int, StepTime> take)
    {
        if (config is not GptConfig gpt)
        {
            return take(config, batch);
        }

        bool isDeep = gpt.LayerCount > FewLayers && Work(gpt, accumulates) > MostWork;
        GptConfig timed = isDeep ? gpt with { LayerCount = FewLayers } : gpt;
        int rows = (int)Math.Clamp(MostWork / Work(timed, accumulates), 1, batch);
        StepTime time = take(timed, rows);
        string? instead = (isDeep, rows < batch) switch
        {
            (true, _) => $"batches of {Words(rows, "row")}, with {FewLayers} layers",
            (_, true) => $"batches of {Words(rows, "row")}",
            _ => null,
        };
        double parameters = GptParameters.Of(gpt).Total;
        return new StepTime(
            time.Batch * Work(gpt, accumulates) / Work(timed, accumulates) * batch / rows,
            time.Update * parameters / GptParameters.Of(timed).Total)
        {
            TimedInstead = instead,
        };
    }

    /// <summary>
    /// Returns the float operations of a row's products: 6 for each token and each weight that it is multiplied with (two in forward,
    /// four in backward), and attention's two products, of which half is masked. A batch that finds gradients of others makes the
    /// head's logits twice.
    /// </summary>
    internal static double Work(GptConfig config, bool accumulates)
    {
        double context = config.ContextLength;
        double again = accumulates ? 2.0 / 6 * config.VocabularySize * config.Width : 0;
        return 6 * context * (GptParameters.Of(config).Multiplied + again + ((double)config.LayerCount * config.Width * context));
    }

    private static string Words(int count, string thing)
        => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? string.Empty : "s")}");

    private static StepTime Run(LanguageModelConfig config, int rows, bool accumulates, CancellationToken cancellationToken)
    {
        RandomGenerator random = new(1);
        LanguageModel model = config.Create(random, random);
        AdamW optimizer = new(model.Parameters(), learningRate: 0);
        int[] ids = new int[rows * config.ContextLength];
        random.Integers(ids, 0, config.VocabularySize);
        List<double> batches = [];
        List<double> updates = [];
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; batches.Count < LeastRounds || Stopwatch.GetElapsedTime(start) < _timed; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isWarm = round >= WarmUpRounds && (batches.Count > 0 || Stopwatch.GetElapsedTime(start) > _warmUp);
            if (isWarm && batches.Count == 0)
            {
                start = Stopwatch.GetTimestamp();
            }

            using MemoryScope scope = MemoryScope.Begin();
            long began = Stopwatch.GetTimestamp();
            IndexTensor tokens = IndexTensor.From(ids, rows, -1);
            Tensor loss = model.Loss(tokens, tokens);
            loss.Backward();
            long turned = Stopwatch.GetTimestamp();
            GradientClipping.Measure(optimizer.Parameters, 1, out float factor);
            optimizer.Step(factor);
            long ended = Stopwatch.GetTimestamp();
            if (!accumulates)
            {
                // A batch that finds gradients of others makes the head's logits twice, so it has to find some.
                optimizer.ZeroGrad();
            }

            if (isWarm)
            {
                batches.Add(Stopwatch.GetElapsedTime(began, turned).TotalSeconds);
                updates.Add(Stopwatch.GetElapsedTime(turned, ended).TotalSeconds);
            }
        }

        return new StepTime(Median(batches), Median(updates));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
