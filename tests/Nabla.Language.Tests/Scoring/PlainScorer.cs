namespace Nabla.Language.Tests.Scoring;

/// <summary>Scores as one would write it down: a row at a time, no cache, no padding, all logits.</summary>
internal static class PlainScorer
{
    /// <summary>The losses of the last tokens of a row.</summary>
    public static double[] Losses(LanguageModel model, ReadOnlySpan<int> row, int count)
    {
        model.Eval();
        using var noGrad = Tensor.NoGrad();
        Tensor logits = model.Forward(IndexTensor.From(row[..^1], 1, -1))[0];
        float[] losses = logits[^count..].CrossEntropy(IndexTensor.From(row[^count..]), LossReduction.None).ToArray();
        return Array.ConvertAll(losses, loss => (double)loss);
    }

    /// <summary>The loss of each ending of a question.</summary>
    public static double[] Sums(LanguageModel model, ChoiceQuestion question)
        => [.. question.Endings.Select(ending => Losses(model, [.. question.Context, .. ending], ending.Length).Sum())];
}
