namespace Nabla.Kernels;

/// <summary>
/// The three products of attention over a block of n keys and some queries, whose scores or weights lie as [n, lanes]. Of the
/// keys, lane i sees the first <c>edge + i</c> if there are so many; tiles that lie in the future altogether are not computed.
/// </summary>
internal static unsafe class AttentionProducts<V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Sets the scores of a block. Those that no query of a vector, or of two, may see are left as they are.</summary>
    /// <param name="keys">[n, width], each row filled up to whole vectors.</param>
    /// <param name="n">The number of keys.</param>
    /// <param name="width">The length of a key.</param>
    /// <param name="turned">The queries as columns, [width, lanes].</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    /// <param name="edge">How many keys the first lane sees.</param>
    /// <param name="scores">[n, lanes].</param>
    public static void Scores(float* keys, int n, int width, float* turned, int lanes, int edge, float* scores)
    {
        int padded = AttentionLanes<V>.Padded(width);
        for (int lane = 0; lane < lanes; lane += 2 * V.Count)
        {
            bool wide = lanes - lane > V.Count;
            int seen = Math.Clamp(edge + lane + (wide ? 2 * V.Count : V.Count) - 1, 0, n);
            int tiles = AttentionTile<V>.CountOf(seen);
            for (int tile = 0; tile < tiles; tile++)
            {
                int first = AttentionTile<V>.FirstRow(tile, tiles, seen);
                int rows = AttentionTile<V>.FirstRow(tile + 1, tiles, seen) - first;
                AttentionTile<V>.Multiply(
                    rows,
                    wide,
                    width,
                    keys + (first * padded),
                    padded,
                    1,
                    turned + lane,
                    lanes,
                    scores + (first * lanes) + lane,
                    lanes,
                    false);
            }
        }
    }

    /// <summary>Gathers, for every query, what the keys bring, by their weights: [rows, width] = weights^T brought.</summary>
    /// <param name="weights">[n, lanes].</param>
    /// <param name="n">The number of keys.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    /// <param name="rows">The number of queries.</param>
    /// <param name="edge">How many keys the first lane sees.</param>
    /// <param name="brought">[n, padded].</param>
    /// <param name="padded">The width, in whole vectors.</param>
    /// <param name="result">[rows, padded].</param>
    /// <param name="add">Whether to add to the result.</param>
    public static void ToQueries(
        float* weights, int n, int lanes, int rows, int edge, float* brought, int padded, float* result, bool add)
    {
        int tiles = AttentionTile<V>.CountOf(rows);
        for (int column = 0; column < padded; column += 2 * V.Count)
        {
            for (int tile = 0; tile < tiles; tile++)
            {
                int first = AttentionTile<V>.FirstRow(tile, tiles, rows);
                int end = AttentionTile<V>.FirstRow(tile + 1, tiles, rows);
                int depth = Math.Clamp(edge + end - 1, 0, n);
                AttentionTile<V>.Multiply(
                    end - first,
                    padded - column > V.Count,
                    depth,
                    weights + first,
                    1,
                    lanes,
                    brought + column,
                    padded,
                    result + (first * padded) + column,
                    padded,
                    add);
            }
        }
    }

    /// <summary>Gathers, for every key, what the queries bring, by its weights: [n, width] += weights brought.</summary>
    /// <param name="weights">[n, lanes].</param>
    /// <param name="n">The number of keys.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    /// <param name="rows">The number of queries.</param>
    /// <param name="edge">How many keys the first lane sees.</param>
    /// <param name="brought">[rows, padded].</param>
    /// <param name="padded">The width, in whole vectors.</param>
    /// <param name="result">[n, padded].</param>
    public static void AddToKeys(
        float* weights, int n, int lanes, int rows, int edge, float* brought, int padded, float* result)
    {
        int tiles = AttentionTile<V>.CountOf(n);
        for (int column = 0; column < padded; column += 2 * V.Count)
        {
            for (int tile = 0; tile < tiles; tile++)
            {
                int first = AttentionTile<V>.FirstRow(tile, tiles, n);
                int end = AttentionTile<V>.FirstRow(tile + 1, tiles, n);
                int lane = Math.Clamp(first - edge + 1, 0, rows);
                AttentionTile<V>.Multiply(
                    end - first,
                    padded - column > V.Count,
                    rows - lane,
                    weights + (first * lanes) + lane,
                    lanes,
                    1,
                    brought + (lane * padded) + column,
                    padded,
                    result + (first * padded) + column,
                    padded,
                    true);
            }
        }
    }
}
