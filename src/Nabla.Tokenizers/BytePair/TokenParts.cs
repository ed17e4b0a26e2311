namespace Nabla.Tokenizers;

/// <summary>Finds what a token of a list of ranks is made of: merges its bytes by rank, short of the token itself.</summary>
internal sealed class TokenParts(BytePairVocabulary vocabulary)
{
    // Merges that were possible when they were noted, the lowest rank first, and of one rank the leftmost.
    private readonly PriorityQueue<(int Start, int Middle, int End), (int Rank, int Start)> _candidates = new();

    // For each byte where a part begins: where it ends, and where the part before it begins.
    private int[] _ends = [];
    private int[] _previous = [];

    /// <summary>Merges the bytes of a token with the ranks below a limit and without its own.</summary>
    /// <returns>How many parts are left; if two, they are the <paramref name="pair"/>.</returns>
    public int Merge(int id, int limit, out BytePair pair)
    {
        ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
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

        pair = parts == 2 ? new BytePair(vocabulary.Find(token[.._ends[0]]), vocabulary.Find(token[_ends[0]..])) : default;
        return parts;
    }

    private void Note(ReadOnlySpan<byte> token, int start, int id, int limit)
    {
        var middle = _ends[start];
        var end = _ends[middle];
        var rank = vocabulary.Find(token[start..end]);
        if (rank >= 0 && rank < limit && rank != id)
        {
            _candidates.Enqueue((start, middle, end), (rank, start));
        }
    }
}
