using System.Buffers;

namespace Nabla;

/// <content>Draws of categories with given weights, in both of PyTorch's ways.</content>
public sealed partial class RandomGenerator
{
    /// <summary>
    /// Draws categories with chances in proportion to their weights, each draw from all of them, by a search in the running sums:
    /// <c>torch.multinomial(weights, n, replacement=True)</c> of PyTorch 1.13, one double-precision uniform for each draw.
    /// </summary>
    /// <remarks>
    /// PyTorch 2 draws a single category by a race, as <see cref="MultinomialRace(ReadOnlySpan{float}, Span{int})"/> does, with
    /// replacement or without, and so gives another one from the same seed. Two and more it still draws in this way (pytorch
    /// issue 114945 shows both, for 2.1.1).
    /// </remarks>
    /// <param name="weights">The weights, not negative and not all zero; they need not add up to one.</param>
    /// <param name="destination">The categories drawn, indices into <paramref name="weights"/>.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or there is no positive one.</exception>
    public void MultinomialWithReplacement(ReadOnlySpan<float> weights, Span<int> destination)
    {
        CheckWeights(weights);
        float[] pooled = ArrayPool<float>.Shared.Rent(weights.Length);
        try
        {
            Span<float> cumulative = pooled.AsSpan(0, weights.Length);
            FillCumulative(weights, cumulative);
            foreach (ref int category in destination)
            {
                category = FirstNotBelow(cumulative, NextDouble());
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pooled);
        }
    }

    /// <summary>Draws one category, as <see cref="MultinomialWithReplacement(ReadOnlySpan{float}, Span{int})"/> does.</summary>
    /// <param name="weights">The weights, not negative and not all zero; they need not add up to one.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or there is no positive one.</exception>
    public int MultinomialWithReplacement(ReadOnlySpan<float> weights)
    {
        int category = 0;
        MultinomialWithReplacement(weights, new Span<int>(ref category));
        return category;
    }

    /// <summary>
    /// Draws different categories, with chances in proportion to their weights among those that are left, by an exponential race:
    /// <c>torch.multinomial(weights, n, replacement=False)</c>, one exponential for each category.
    /// </summary>
    /// <remarks>
    /// Category i arrives after an exponential time of rate w_i, and the first to arrive is i with chance w_i / sum(w). With
    /// times q_i of rate one that is the largest w_i / q_i; the next largest are the categories that arrive next. PyTorch 2 uses
    /// it for a single draw with replacement, too; but its usual x86 builds may take the times from MKL's streams: pytorch issue
    /// 114945 reports category 9 from 2.1.1 where this race, and that of PyTorch 1.13 without MKL, draws 1.
    /// </remarks>
    /// <param name="weights">The weights, not negative and not all zero; they need not add up to one.</param>
    /// <param name="destination">The categories drawn, in order of arrival; no more than there are positive weights.</param>
    /// <exception cref="ArgumentException">
    /// A weight is negative or not finite, or there are fewer positive ones than categories to draw.
    /// </exception>
    public void MultinomialRace(ReadOnlySpan<float> weights, Span<int> destination)
    {
        int runners = CheckWeights(weights);
        if (destination.Length > runners)
        {
            throw new ArgumentException(
                $"Multinomial: {destination.Length} different categories asked of {weights.Length}, of which {runners} have a "
                + "positive weight: ask for fewer, or draw with replacement.");
        }

        float[] pooled = ArrayPool<float>.Shared.Rent(weights.Length);
        try
        {
            Span<float> speeds = pooled.AsSpan(0, weights.Length);
            Exponential(speeds);
            for (int i = 0; i < weights.Length; i++)
            {
                // A category of weight zero never arrives, not even before one whose quotient is too small for a float.
                speeds[i] = weights[i] > 0 ? weights[i] / speeds[i] : -1;
            }

            if (destination.Length == 1)
            {
                destination[0] = IndexOfLargest(speeds);
            }
            else
            {
                IndicesOfLargest(pooled, weights.Length, destination);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pooled);
        }
    }

    /// <summary>Draws one category, as <see cref="MultinomialRace(ReadOnlySpan{float}, Span{int})"/> does.</summary>
    /// <param name="weights">The weights, not negative and not all zero; they need not add up to one.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or there is no positive one.</exception>
    public int MultinomialRace(ReadOnlySpan<float> weights)
    {
        int category = 0;
        MultinomialRace(weights, new Span<int>(ref category));
        return category;
    }

    /// <summary>Returns the number of positive weights, having made sure that there is one and that all can be used.</summary>
    private static int CheckWeights(ReadOnlySpan<float> weights)
    {
        int positive = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && float.IsFinite(weights[i])))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Multinomial: weight {i} is {weights[i]}: weights must be finite and not negative."));
            }

            positive += weights[i] > 0 ? 1 : 0;
        }

        return positive > 0
            ? positive
            : throw new ArgumentException($"Multinomial: none of the {weights.Length} weights is positive: nothing to draw.");
    }

    /// <summary>Sums in single precision from left to right, as PyTorch does: another order could move an edge.</summary>
    private static void FillCumulative(ReadOnlySpan<float> weights, Span<float> cumulative)
    {
        float sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            cumulative[i] = sum;
        }

        if (!float.IsFinite(sum))
        {
            throw new ArgumentException("Multinomial: the sum of the weights is too large for a float: scale them down.");
        }

        foreach (ref float edge in cumulative)
        {
            edge /= sum;
        }
    }

    /// <summary>Returns the first index whose edge is not below the uniform; the last edge is 1, above every uniform.</summary>
    private static int FirstNotBelow(ReadOnlySpan<float> edges, double uniform)
    {
        int low = 0;
        int high = edges.Length - 1;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (edges[middle] < uniform)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Sets the indices of the largest values, the largest first, and of equal ones the earlier first.</summary>
    private static void IndicesOfLargest(float[] values, int count, Span<int> destination)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, (left, right) =>
        {
            int descending = values[right].CompareTo(values[left]);
            return descending != 0 ? descending : left.CompareTo(right);
        });
        order.AsSpan(0, destination.Length).CopyTo(destination);
    }
}
