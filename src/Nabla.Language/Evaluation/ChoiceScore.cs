namespace Nabla.Language;

/// <summary>How many questions a model answers rightly. Scores of shares of the questions add up to that of all.</summary>
/// <param name="Questions">The number of questions.</param>
/// <param name="RightBySum">Those whose right ending is the likeliest as a whole, see <see cref="ChoiceLosses.BySum"/>.</param>
/// <param name="RightByMean">Those whose right ending has the likeliest tokens, see <see cref="ChoiceLosses.ByMean"/>.</param>
public readonly record struct ChoiceScore(int Questions, int RightBySum, int RightByMean)
{
    /// <summary>Gets the share that is right by the sum; not a number where there is no question.</summary>
    public double AccuracyBySum => (double)RightBySum / Questions;

    /// <summary>Gets the share that is right by the mean; not a number where there is no question.</summary>
    public double AccuracyByMean => (double)RightByMean / Questions;

    /// <summary>Gets the standard error of <see cref="AccuracyBySum"/>, as of so many independent questions.</summary>
    public double ErrorBySum => StandardError(AccuracyBySum);

    /// <summary>Gets the standard error of <see cref="AccuracyByMean"/>, as of so many independent questions.</summary>
    public double ErrorByMean => StandardError(AccuracyByMean);

    /// <summary>Adds the scores of two shares.</summary>
    public static ChoiceScore operator +(ChoiceScore left, ChoiceScore right) => left.Add(right);

    /// <summary>Returns the score of one question.</summary>
    public static ChoiceScore Of(ChoiceQuestion question, ChoiceLosses losses)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(losses);
        return new ChoiceScore(1, losses.BySum == question.Answer ? 1 : 0, losses.ByMean == question.Answer ? 1 : 0);
    }

    /// <summary>Returns the score of some questions.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="losses">The losses of each one's endings.</param>
    public static ChoiceScore Of(IReadOnlyList<ChoiceQuestion> questions, IReadOnlyList<ChoiceLosses> losses)
        => questions.Zip(losses, Of).Aggregate(default(ChoiceScore), (sum, one) => sum + one);

    /// <summary>Adds the score of another share.</summary>
    public ChoiceScore Add(ChoiceScore other)
        => new(Questions + other.Questions, RightBySum + other.RightBySum, RightByMean + other.RightByMean);

    // That of the mean of independent answers, each right or wrong.
    private double StandardError(double accuracy) => Math.Sqrt(accuracy * (1 - accuracy) / Questions);
}
