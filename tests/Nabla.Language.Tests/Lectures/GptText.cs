using Nabla.Optim;
using Nabla.Tests;

namespace Nabla.Language.Tests.Lectures;

/// <summary>A text as the GPT lecture sees it: its own characters as ids, nine tenths to train on, batches from random places.</summary>
internal sealed class GptText
{
    private static GptText? _shakespeare;

    public GptText(string text)
    {
        Characters = [.. text.Distinct().Order()];
        Dictionary<char, int> ids = Characters.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        int[] data = [.. text.Select(character => ids[character])];
        int count = (int)(0.9 * data.Length);
        (Data, Training, Validation) = (data, data[..count], data[count..]);
    }

    public static GptText Shakespeare => _shakespeare ??= new(File.ReadAllText(TestFiles.Data("tinyshakespeare.txt")));

    public char[] Characters { get; }

    public int[] Data { get; }

    public int[] Training { get; }

    public int[] Validation { get; }

    public string Decode(IEnumerable<int> ids) => string.Concat(ids.Select(id => Characters[id]));

    /// <summary>Draws windows as the lecture does: their places first, then what is read and what comes next, both [B, T].</summary>
    public static (IndexTensor X, IndexTensor Y) Batch(int[] split, int batch, int context, RandomGenerator random)
    {
        int[] starts = IndexTensor.Randint(random, 0, split.Length - context, batch).ToArray();
        IndexTensor Windows(int shift)
            => IndexTensor.From([.. starts.SelectMany(start => split[(start + shift)..(start + shift + context)])], batch, context);
        return (Windows(0), Windows(1));
    }

    /// <summary>The mean loss of as many batches of a split, without gradients and in evaluation mode.</summary>
    public static float Estimate(LectureGpt model, int[] split, int batch, RandomGenerator random, int batches = 200)
    {
        double sum = 0;
        model.Eval();
        using (Tensor.NoGrad())
        {
            for (int i = 0; i < batches; i++)
            {
                using MemoryScope scope = MemoryScope.Begin();
                (IndexTensor x, IndexTensor y) = Batch(split, batch, model.ContextLength, random);
                sum += model.Loss(x, y).Item();
            }
        }

        model.Train();
        return (float)(sum / batches);
    }

    /// <summary>
    /// Trains as the lecture does and returns the loss of every batch. Where an interval is given, both splits are estimated
    /// before each step that is a multiple of it, from the same stream as the batches.
    /// </summary>
    public List<float> Train(LectureGpt model, int steps, float rate, int batch, RandomGenerator random, int interval = 0,
        Action<int, float, float>? report = null, AdamW? optimizer = null)
    {
        optimizer ??= new(model.Parameters(), learningRate: rate);
        List<float> losses = [];
        for (int step = 0; step < steps; step++)
        {
            if (interval > 0 && (step % interval == 0 || step == steps - 1))
            {
                float training = Estimate(model, Training, batch, random);
                report!(step, training, Estimate(model, Validation, batch, random));
            }

            using MemoryScope scope = MemoryScope.Begin();
            (IndexTensor x, IndexTensor y) = Batch(Training, batch, model.ContextLength, random);
            Tensor loss = model.Loss(x, y);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            losses.Add(loss.Item());
        }

        return losses;
    }
}
