namespace Nabla.Language;

/// <summary>
/// The validation loss that a training may be expected to end with, from a curve fitted to published trainings: J. Hoffmann et
/// al., "Training Compute-Optimal Large Language Models" (2022), arXiv:2203.15556, appendix D.3.
/// </summary>
/// <remarks>
/// L = 1.69 + 406.4 / N^0.34 + 410.7 / D^0.28 nats per token, for N parameters and D tokens, each seen once. It was fitted to some 400
/// models of 70 million to 16 billion parameters, trained on 5 to 500 billion tokens of English, mostly from the web, cut by a
/// vocabulary of 32,000. Another text, or vocabulary, shifts it by some tenths. No curve is known to hold for small models of characters.
/// </remarks>
public sealed record ExpectedLoss
{
    /// <summary>The fewest tokens of a vocabulary that the curve says something about.</summary>
    public const int LeastVocabulary = 16_000;

    /// <summary>The fewest parameters: half as many as the smallest model had that the curve was fitted to.</summary>
    public const long LeastParameters = 35_000_000;

    /// <summary>The fewest tokens to train on: a tenth of those that the curve was fitted to.</summary>
    public const long LeastTokens = 500_000_000;

    /// <summary>How often a text may be seen: up to four times is nearly as good as new text, says N. Muennighoff et al. (2023).</summary>
    public const double MostEpochs = 4;

    private ExpectedLoss(double? loss, string reason) => (Loss, Reason) = (loss, reason);

    /// <summary>Gets the loss in nats per token; null where there is no curve to tell it from.</summary>
    public double? Loss { get; }

    /// <summary>Gets where the loss is from, or why there is none.</summary>
    public string Reason { get; }

    /// <summary>Returns what to expect.</summary>
    /// <param name="parameters">N, the parameters of the model.</param>
    /// <param name="tokens">D, the tokens that all steps predict.</param>
    /// <param name="vocabulary">The number of distinct tokens.</param>
    /// <param name="textTokens">The tokens of the text to train on; null where it is not known.</param>
    public static ExpectedLoss Of(long parameters, double tokens, int vocabulary, long? textTokens = null)
    {
        if (vocabulary < LeastVocabulary)
        {
            return None($"the published curves are of vocabularies of tens of thousands of tokens, not of {vocabulary}");
        }

        if (parameters < LeastParameters)
        {
            return None(FormattableString.Invariant(
                $"the published curve begins at {LeastParameters / 1_000_000} million parameters, not {parameters / 1e6:0.#} million"));
        }

        if (tokens < LeastTokens)
        {
            return None(FormattableString.Invariant(
                $"the published curve begins at {LeastTokens / 1_000_000} million tokens; all steps see {tokens / 1e6:0.###} million"));
        }

        if (textTokens is long text && tokens > MostEpochs * text)
        {
            return None(FormattableString.Invariant(
                $"the published curve is of text seen once; here it is seen {tokens / text:0} times"));
        }

        return new ExpectedLoss(
            1.69 + (406.4 / Math.Pow(parameters, 0.34)) + (410.7 / Math.Pow(tokens, 0.28)),
            "the curve of Hoffmann et al. (2022) for English of the web; of other text it is another by some tenths");
    }

    private static ExpectedLoss None(string reason) => new(null, reason);
}
