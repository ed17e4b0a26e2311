using System.Runtime.CompilerServices;

namespace Nabla.Kernels;

/// <summary>
/// What attention does between its matrix products. The scores of a block lie turned, [keys, lanes]: a lane is a query, so the
/// maximum and the sum of a softmax run along the vectors, not across them, and what belongs to a query (its maximum, its
/// log-sum) is a vector beside the others.
/// </summary>
/// <remarks>
/// Of the n keys in a block, lane i sees the first <c>edge + i</c> if there are so many: past them lies the future. Scores there
/// are taken for minus infinity, weights for 0.
/// </remarks>
internal static unsafe class AttentionLanes<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Returns the smallest number of whole vectors, in floats, that holds so many.</summary>
    public static int Padded(int count) => (count + V.Count - 1) / V.Count * V.Count;

    /// <summary>Sets to[i] = i.</summary>
    public static void Number(float* to, int count)
    {
        for (int i = 0; i < count; i++)
        {
            to[i] = i;
        }
    }

    /// <summary>
    /// Takes a block of keys into the running softmax of each lane, and turns their scores into weights, as they stand to the
    /// largest score met so far.
    /// </summary>
    /// <param name="scores">[n, lanes].</param>
    /// <param name="n">The number of keys.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    /// <param name="edge">How many keys the first lane sees.</param>
    /// <param name="numbers">0, 1, 2 and so on: a number for each lane.</param>
    /// <param name="mask">What the weights are multiplied by after they were summed, [n, lanes]; null for nothing.</param>
    /// <param name="max">The largest score of each lane so far.</param>
    /// <param name="sum">The sum of the weights of each lane so far.</param>
    /// <param name="factor">What earlier weights of each lane have to be multiplied by.</param>
    /// <returns>Whether any factor is not 1.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(
        float* scores, int n, int lanes, int edge, float* numbers, float* mask, float* max, float* sum, float* factor)
    {
        for (int lane = 0; lane < lanes; lane += V.Count)
        {
            int seenByAll = Math.Clamp(edge + lane, 0, n);
            int seenByAny = Math.Clamp(edge + lane + V.Count - 1, 0, n);
            V number = V.Load(numbers + lane);
            V before = V.Load(max + lane);
            V largest = Largest(scores + lane, lanes, seenByAll, before);
            for (int key = seenByAll; key < seenByAny; key++)
            {
                V score = V.Load(scores + ((nint)key * lanes) + lane);
                score = V.IfLess(V.Broadcast(key - edge), number, score, V.Broadcast(float.NegativeInfinity));
                score.Store(scores + ((nint)key * lanes) + lane);
                largest = V.IfLess(largest, score, score, largest);
            }

            V correction = VectorMath.Exp2(before - largest);
            V added = Exponentials(scores + lane, lanes, seenByAny, mask == null ? null : mask + lane, largest);
            V.MultiplyAdd(V.Load(sum + lane), correction, added).Store(sum + lane);
            largest.Store(max + lane);
            correction.Store(factor + lane);
            Clear(scores + lane, lanes, seenByAny, n);
        }
    }

    /// <summary>
    /// Turns the scores of a block into weights, and the gradients of the weights into those of the scores: those of
    /// softmax are <c>ds = w (dw - mean)</c>, where the mean is that of dw under the weights.
    /// </summary>
    /// <param name="scores">[n, lanes]: becomes what multiplied the values, which is masked.</param>
    /// <param name="gradients">[n, lanes].</param>
    /// <param name="n">The number of keys.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    /// <param name="edge">How many keys the first lane sees.</param>
    /// <param name="numbers">0, 1, 2 and so on: a number for each lane.</param>
    /// <param name="mask">What the weights were multiplied by, [n, lanes]; null for nothing.</param>
    /// <param name="logSum">The log-sum-exp of the scores of each lane.</param>
    /// <param name="mean">The mean of each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxGradient(
        float* scores, float* gradients, int n, int lanes, int edge, float* numbers, float* mask, float* logSum, float* mean)
    {
        for (int lane = 0; lane < lanes; lane += V.Count)
        {
            int seenByAll = Math.Clamp(edge + lane, 0, n);
            int seenByAny = Math.Clamp(edge + lane + V.Count - 1, 0, n);
            V number = V.Load(numbers + lane);
            V shift = V.Load(logSum + lane);
            V average = V.Load(mean + lane);
            for (int key = 0; key < seenByAny; key++)
            {
                nint at = ((nint)key * lanes) + lane;
                V weight = VectorMath.Exp2(V.Load(scores + at) - shift);
                if (key >= seenByAll)
                {
                    weight = V.IfLess(V.Broadcast(key - edge), number, weight, V.Broadcast(0f));
                }

                V gradient = V.Load(gradients + at);
                V used = weight;
                if (mask != null)
                {
                    V kept = V.Load(mask + at);
                    used *= kept;
                    gradient *= kept;
                }

                used.Store(scores + at);
                (weight * (gradient - average)).Store(gradients + at);
            }

            Clear(scores + lane, lanes, seenByAny, n);
            Clear(gradients + lane, lanes, seenByAny, n);
        }
    }

    /// <summary>Turns what the softmax of each lane has come to into the factor of its weights, 1 / sum, and its log-sum.</summary>
    /// <param name="max">The largest score of each lane; becomes the log-sum-exp of the scores.</param>
    /// <param name="sum">The sum of the weights of each lane; becomes its inverse.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Finish(float* max, float* sum, int lanes)
    {
        for (int lane = 0; lane < lanes; lane += V.Count)
        {
            V total = V.Load(sum + lane);
            V.MultiplyAdd(VectorMath.Log(total), V.Broadcast(AttentionKernel.Log2E), V.Load(max + lane)).Store(max + lane);
            (V.Broadcast(1f) / total).Store(sum + lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Largest(float* scores, nint stride, int n, V start)
    {
        V max0 = start, max1 = start;
        int key = 0;
        for (; key <= n - 2; key += 2)
        {
            V score0 = V.Load(scores);
            V score1 = V.Load(scores + stride);
            max0 = V.IfLess(max0, score0, score0, max0);
            max1 = V.IfLess(max1, score1, score1, max1);
            scores += 2 * stride;
        }

        if (key < n)
        {
            V score = V.Load(scores);
            max0 = V.IfLess(max0, score, score, max0);
        }

        return V.IfLess(max0, max1, max1, max0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponentials(float* scores, nint stride, int n, float* mask, V shift)
    {
        V sum = V.Broadcast(0f);
        for (int key = 0; key < n; key++)
        {
            V weight = VectorMath.Exp2(V.Load(scores) - shift);
            sum += weight;
            if (mask != null)
            {
                weight *= V.Load(mask);
                mask += stride;
            }

            weight.Store(scores);
            scores += stride;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(float* x, nint stride, int first, int end)
    {
        for (int key = first; key < end; key++)
        {
            V.Broadcast(0f).Store(x + (key * stride));
        }
    }
}
