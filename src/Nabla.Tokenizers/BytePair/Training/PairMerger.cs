namespace Nabla.Tokenizers;

/// <summary>
/// Carries out merges: looks only at the places where the pair stands, and puts right the counts of the pairs around them.
/// </summary>
internal sealed class PairMerger
{
    private const int PositionsBetweenChecks = 1 << 16;

    private readonly SymbolSequence _text;
    private readonly PairTable _pairs;
    private readonly PairQueue _queue;
    private readonly PairSearch _search;
    private readonly NeighbourTally _before;
    private readonly NeighbourTally _behind;
    private readonly BytePairTrainingOptions _options;

    public PairMerger(SymbolSequence text, BytePairTrainingOptions options, CancellationToken cancellationToken)
    {
        _text = text;
        _options = options;
        _pairs = BytePairPositions.Find(text, options, cancellationToken);
        _queue = new PairQueue(_pairs, text, options.Ties);
        _search = new PairSearch(text, options.ThreadCount);
        _before = new NeighbourTally(options.VocabularySize);
        _behind = new NeighbourTally(options.VocabularySize);
    }

    /// <summary>How many pairs of tokens of the text were made one token by the last merge, each chunk times its weight.</summary>
    public long LastReplacements { get; private set; }

    /// <summary>Merges the most frequent pair into a new token; null if none occurs often enough.</summary>
    public TrainedMerge? MergeNext(int id, CancellationToken cancellationToken)
    {
        var index = _queue.Take();
        if (index < 0 || _pairs.CountOf(index) < _options.MinimumCount)
        {
            return null;
        }

        var merge = new TrainedMerge(_pairs[index], id, _pairs.CountOf(index));
        _text.Define(id, merge.Pair);
        LastReplacements = 0;
        if (_pairs.HasPositions(index))
        {
            ReadOnlySpan<int> positions = _pairs.Positions(index);
            _before.NotesPositions = _behind.NotesPositions = _pairs.HasRoomFor(2L * positions.Length);
            Replace(merge.Pair, id, positions, cancellationToken);
        }
        else
        {
            _before.NotesPositions = _behind.NotesPositions = _pairs.HasRoomFor(2 * merge.Count);
            _search.Visit(merge.Pair, positions => Replace(merge.Pair, id, positions, cancellationToken));
        }

        CountNeighbours(merge.Pair, id);
        _pairs.Clear(index);
        return merge;
    }

    private void Replace(BytePair pair, int id, ReadOnlySpan<int> positions, CancellationToken cancellationToken)
    {
        SymbolSequence text = _text;
        var leftLength = text.TokenLength(pair.Left);
        var length = text.TokenLength(id);
        for (var number = 0; number < positions.Length; number++)
        {
            if (number % PositionsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (number + Prefetch.Distance < positions.Length)
            {
                text.Prepare(positions[number + Prefetch.Distance]);
            }

            // Stale positions are passed over, and so is the second pair of `a a a`, whose first token the first has taken.
            var start = positions[number];
            if (!text.Holds(pair, start))
            {
                continue;
            }

            var weight = text.Weight(start);
            var before = text[start - 1];
            var behind = text[start + length];
            text.Merge(id, start, start + leftLength, start + length);
            LastReplacements += weight;
            if (before >= 0)
            {
                _before.Meet(before, start - text.TokenLength(before), weight);
            }

            if (behind >= 0)
            {
                _behind.Meet(behind, start, weight);
            }
        }
    }

    // Let (L, R) have become M. Where P stood before it, a pair (P, L) is gone and (P, M) has come; where N stood behind it,
    // (R, N) is gone and (M, N) has come. In `L R L R` the second P is M itself: what is gone there is the (M, L) noted a
    // moment ago, since the L behind the first M was no L for long.
    private void CountNeighbours(BytePair merged, int id)
    {
        var adjacent = _before.WeightOf(id);
        var stored = 0;
        var firstNew = _pairs.Count;
        ReadOnlySpan<int> neighbours = _before.Neighbours;
        for (var number = 0; number < neighbours.Length; number++)
        {
            if (number + Prefetch.Distance < neighbours.Length)
            {
                _pairs.Prepare(new BytePair(neighbours[number + Prefetch.Distance], merged.Left));
                _pairs.Prepare(new BytePair(neighbours[number + Prefetch.Distance], id));
            }

            var before = neighbours[number];
            if (before != id)
            {
                _pairs.Decrease(new BytePair(before, merged.Left), _before.WeightOf(before));
            }

            Add(new BytePair(before, id), _before.WeightOf(before), _before, before, ref stored);
        }

        neighbours = _behind.Neighbours;
        for (var number = 0; number < neighbours.Length; number++)
        {
            if (number + Prefetch.Distance < neighbours.Length)
            {
                _pairs.Prepare(new BytePair(merged.Right, neighbours[number + Prefetch.Distance]));
                _pairs.Prepare(new BytePair(id, neighbours[number + Prefetch.Distance]));
            }

            var behind = neighbours[number];
            var weight = _behind.WeightOf(behind);
            _pairs.Decrease(new BytePair(merged.Right, behind), weight);
            Add(new BytePair(id, behind), weight - (behind == merged.Left ? adjacent : 0), _behind, behind, ref stored);
        }

        var positions = new int[stored];
        _before.Store(positions);
        _behind.Store(positions);
        _pairs.StorePositions(id, positions);
        for (var index = firstNew; index < _pairs.Count; index++)
        {
            _queue.Add(index);
        }
    }

    private void Add(BytePair pair, long count, NeighbourTally side, int neighbour, ref int stored)
    {
        if (count < _options.MinimumCount)
        {
            side.Place(neighbour, -1);
            return;
        }

        if (!side.NotesPositions)
        {
            _pairs.Add(pair, count);
            return;
        }

        var length = side.PositionCount(neighbour);
        _pairs.Add(pair, count, stored, length);
        side.Place(neighbour, stored);
        stored += length;
    }
}
