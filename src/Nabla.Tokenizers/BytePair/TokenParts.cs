namespace Nabla.Tokenizers;

/// <summary>Finds what a token of a list of ranks is made of: merges its bytes by rank, short of the token itself.</summary>
internal sealed class TokenParts(BytePairVocabulary vocabulary)
{
    // Up to here looking at every pair again after each merge is quicker than a queue.
    private const int ShortLength = 48;

    private const int None = int.MaxValue;

    // Merges that were possible when they were noted, the lowest rank first, and of one rank the leftmost.
    private readonly PriorityQueue<(int Start, int Middle, int End), (int Rank, int Start)> _candidates = new();

    // For each byte where a part begins: where it ends, and where the part before it begins.
    private int[] _ends = [];
    private int[] _previous = [];

    /// <summary>Merges the bytes of a token with the ranks below a limit and without its own.</summary>
    /// <param name="id">The token.</param>
    /// <param name="limit">Only lower ranks merge.</param>
    /// <param name="pair">The two parts, if two are left.</param>
    /// <returns>How many parts are left.</returns>
    public int Merge(int id, int limit, out BytePair pair)
    {
        ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
        var parts = token.Length <= ShortLength ? MergeShort(token, id, limit, out var cut) : MergeLong(token, id, limit, out cut);
        pair = parts == 2 ? new BytePair(vocabulary.Find(token[..cut]), vocabulary.Find(token[cut..])) : default;
        return parts;
    }

    private int MergeShort(ReadOnlySpan<byte> token, int id, int limit, out int cut)
    {
        // Where each part begins, and the end of the last; and the rank at which each merges with the next.
        Span<int> starts = stackalloc int[ShortLength + 1];
        Span<int> ranks = stackalloc int[ShortLength];
        var parts = token.Length;
        for (var part = 0; part <= parts; part++)
        {
            starts[part] = part;
        }

        for (var part = 0; part + 1 < parts; part++)
        {
            ranks[part] = Rank(token[part..(part + 2)], id, limit);
        }

        while (parts > 1)
        {
            var best = 0;
            for (var part = 1; part + 1 < parts; part++)
            {
                best = ranks[part] < ranks[best] ? part : best;
            }

            if (ranks[best] == None)
            {
                break;
            }

            starts[(best + 2)..(parts + 1)].CopyTo(starts[(best + 1)..]);
            ranks[(best + 1)..(parts - 1)].CopyTo(ranks[best..]);
            parts--;
            if (best > 0)
            {
                ranks[best - 1] = Rank(token[starts[best - 1]..starts[best + 1]], id, limit);
            }

            if (best + 1 < parts)
            {
                ranks[best] = Rank(token[starts[best]..starts[best + 2]], id, limit);
            }
        }

        cut = starts[1];
        return parts;
    }

    private int MergeLong(ReadOnlySpan<byte> token, int id, int limit, out int cut)
    {
        if (_ends.Length < token.Length)
        {
            _ends = new int[token.Length * 2];
            _previous = new int[token.Length * 2];
        }

        for (var start = 0; start < token.Length; start++)
        {
            _ends[start] = start + 1;
            _previous[start] = start - 1;
        }

        for (var start = 0; start + 1 < token.Length; start++)
        {
            Note(token, start, id, limit);
        }

        var parts = token.Length;
        while (_candidates.TryDequeue(out (int Start, int Middle, int End) merge, out _))
        {
            if (_ends[merge.Start] != merge.Middle || _ends[merge.Middle] != merge.End)
            {
                continue;
            }

            _ends[merge.Start] = merge.End;
            _ends[merge.Middle] = -1;
            parts--;
            if (merge.End < token.Length)
            {
                _previous[merge.End] = merge.Start;
                Note(token, merge.Start, id, limit);
            }

            if (merge.Start > 0)
            {
                Note(token, _previous[merge.Start], id, limit);
            }
        }

        cut = _ends[0];
        return parts;
    }

    private void Note(ReadOnlySpan<byte> token, int start, int id, int limit)
    {
        var middle = _ends[start];
        var end = _ends[middle];
        if (Rank(token[start..end], id, limit) is not None and var rank)
        {
            _candidates.Enqueue((start, middle, end), (rank, start));
        }
    }

    private int Rank(ReadOnlySpan<byte> joined, int id, int limit)
    {
        var rank = vocabulary.Find(joined);
        return rank >= 0 && rank < limit && rank != id ? rank : None;
    }
}
