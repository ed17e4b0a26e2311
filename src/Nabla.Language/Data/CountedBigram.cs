using System.Globalization;
using System.Runtime.InteropServices;

namespace Nabla.Language.Data;

/// <summary>
/// The simplest language model there is to beat: the chance of a token is how often it followed the one before it in the
/// training ids, with one added to every count so that what was never seen is unlikely and not impossible.
/// </summary>
public sealed class CountedBigram
{
    private readonly Dictionary<(int First, int Second), int> _pairs = [];
    private readonly int[] _firsts;
    private readonly double _smoothing;

    /// <summary>Counts the pairs of neighbours in a stream of ids.</summary>
    /// <param name="ids">The training ids.</param>
    /// <param name="vocabularySize">V, the number of different ids.</param>
    /// <param name="smoothing">What is added to each of the V * V counts: 0 for the plain ratios.</param>
    /// <exception cref="ArgumentException">V is not positive, the smoothing is negative, or an id is not below V.</exception>
    public CountedBigram(ReadOnlySpan<int> ids, int vocabularySize, double smoothing = 1)
    {
        if (vocabularySize <= 0 || !(smoothing >= 0))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CountedBigram: vocabulary size {vocabularySize} must be positive, and smoothing {smoothing} not negative."));
        }

        _firsts = new int[vocabularySize];
        _smoothing = smoothing;
        CheckIds(ids);
        for (int t = 1; t < ids.Length; t++)
        {
            _firsts[ids[t - 1]]++;
            CollectionsMarshal.GetValueRefOrAddDefault(_pairs, (ids[t - 1], ids[t]), out _)++;
        }
    }

    /// <summary>How often <paramref name="second"/> followed <paramref name="first"/>.</summary>
    public int Count(int first, int second) => _pairs.GetValueOrDefault((first, second));

    /// <summary>
    /// The chance that <paramref name="second"/> follows <paramref name="first"/>: (count + smoothing) / (count of all that
    /// followed + V * smoothing). Not a number where nothing ever followed and nothing is added.
    /// </summary>
    public double Probability(int first, int second) =>
        (Count(first, second) + _smoothing) / (_firsts[first] + (_firsts.Length * _smoothing));

    /// <summary>
    /// The mean of -ln P(token | the one before it) over all tokens of a stream but the first, in nats per token: what the
    /// cross-entropy of a trained model is to be compared with.
    /// </summary>
    /// <exception cref="ArgumentException">The stream has fewer than two ids, or an id is not below V.</exception>
    public double MeanNegativeLogLikelihood(ReadOnlySpan<int> ids)
    {
        if (ids.Length < 2)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CountedBigram: a stream of {ids.Length} tokens has none to predict: give at least 2."));
        }

        CheckIds(ids);
        double sum = 0;
        for (int t = 1; t < ids.Length; t++)
        {
            sum -= Math.Log(Probability(ids[t - 1], ids[t]));
        }

        return sum / (ids.Length - 1);
    }

    private void CheckIds(ReadOnlySpan<int> ids)
    {
        int wrong = ids.IndexOfAnyExceptInRange(0, _firsts.Length - 1);
        if (wrong >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CountedBigram: id {ids[wrong]} at position {wrong} is outside the vocabulary of {_firsts.Length}."));
        }
    }
}
