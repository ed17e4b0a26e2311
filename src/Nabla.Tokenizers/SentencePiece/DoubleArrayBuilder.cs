using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Lays out a <see cref="DoubleArray"/>: first states, of which equal ones are one, so that keys share their endings as well as
/// their beginnings; then each state's units, where they fit first.
/// </summary>
internal sealed class DoubleArrayBuilder(IReadOnlyList<KeyValuePair<byte[], int>> keys)
{
    private const int BlockLength = 256;

    /// <summary>How many places are tried before a state's units go to a new block: full blocks would cost too long.</summary>
    private const int MaxTries = 512;

    private const int MaxUnits = 1 << 21;

    private readonly List<State> _states = [];
    private readonly Dictionary<State, int> _numbers = [];
    private readonly List<uint> _units = [];
    private readonly List<bool> _isBase = [];

    // The free places are a ring in both directions; -1 says that a place is taken.
    private readonly List<int> _nextFree = [];
    private readonly List<int> _previousFree = [];
    private int _firstFree = -1;

    public uint[] Build()
    {
        var root = AddStates();
        var bases = new int[_states.Count];
        AddBlock();
        Take(0);
        // The first unit leads to the root by no byte, but looks as if it were by the byte 0 from a base of 0.
        _isBase[0] = true;
        foreach (var state in FromTheTop(root))
        {
            bases[state] = PlaceFor(_states[state]);
        }

        _units[0] = DoubleArray.UnitTo(0, ends: false, (uint)bases[root]);
        for (var state = 0; state < _states.Count; state++)
        {
            if (_states[state].Number >= 0)
            {
                _units[bases[state]] = DoubleArray.UnitOfNumber(_states[state].Number);
            }

            foreach ((byte label, int next) in _states[state].Next)
            {
                var place = bases[state] ^ label;
                _units[place] = DoubleArray.UnitTo(label, _states[next].Number >= 0, (uint)(place ^ bases[next]));
            }
        }

        MarkFree();
        return [.. _units];
    }

    // The keys come in order: so where a key leaves the one before it, the states behind that place are complete. (Daciuk et
    // al. 2000, Incremental construction of minimal acyclic finite-state automata.)
    private int AddStates()
    {
        var open = new Stack<(int Number, List<(byte Label, int State)> Next)>();
        open.Push((-1, []));
        byte[] last = [];
        foreach ((byte[] key, int number) in keys)
        {
            var shared = last.AsSpan().CommonPrefixLength(key);
            CloseTo(shared);
            for (var depth = shared; depth < key.Length; depth++)
            {
                open.Push((depth == key.Length - 1 ? number : -1, []));
            }

            last = key;
        }

        CloseTo(0);
        return Close();

        void CloseTo(int depth)
        {
            while (open.Count > depth + 1)
            {
                var label = last[open.Count - 2];
                var state = Close();
                open.Peek().Next.Add((label, state));
            }
        }

        int Close()
        {
            (int number, List<(byte Label, int State)> next) = open.Pop();
            var state = new State(number, [.. next]);
            ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, state, out var exists);
            if (!exists)
            {
                known = _states.Count;
                _states.Add(state);
            }

            return known;
        }
    }

    private IEnumerable<int> FromTheTop(int root)
    {
        var seen = new bool[_states.Count];
        var waiting = new Stack<int>([root]);
        while (waiting.TryPop(out var state))
        {
            if (!seen[state])
            {
                seen[state] = true;
                yield return state;
                foreach ((_, int next) in _states[state].Next)
                {
                    waiting.Push(next);
                }
            }
        }
    }

    // Takes the places of a state's units. No two states have the same base, so that a unit's byte says whose it is.
    private int PlaceFor(State state)
    {
        byte[] labels = [.. state.Number >= 0 ? [(byte)0] : Array.Empty<byte>(), .. state.Next.Select(next => next.Label)];
        var found = Find(labels);
        if (found < 0)
        {
            found = _units.Count;
            AddBlock();
        }

        _isBase[found] = true;
        foreach (var label in labels)
        {
            Take(found ^ label);
        }

        return found;
    }

    private int Find(byte[] labels)
    {
        var place = labels.Length == 0 ? -1 : _firstFree;
        for (var tries = 0; place >= 0 && tries < MaxTries; tries++)
        {
            var start = place ^ labels[0];
            if (!_isBase[start] && Array.TrueForAll(labels, label => _nextFree[start ^ label] >= 0))
            {
                return start;
            }

            place = _nextFree[place] == _firstFree ? -1 : _nextFree[place];
        }

        return -1;
    }

    private void AddBlock()
    {
        var start = _units.Count;
        if (start + BlockLength > MaxUnits)
        {
            throw new TokenizerException("the pieces of the SentencePiece model are too many or too long for a double array.");
        }

        for (var place = start; place < start + BlockLength; place++)
        {
            _units.Add(0);
            _isBase.Add(false);
            _nextFree.Add(place + 1);
            _previousFree.Add(place - 1);
        }

        // New places come first: what is left of the old ones is rarely enough.
        var last = start + BlockLength - 1;
        var head = _firstFree < 0 ? start : _firstFree;
        var tail = _firstFree < 0 ? last : _previousFree[_firstFree];
        _nextFree[last] = head;
        _previousFree[head] = last;
        _nextFree[tail] = start;
        _previousFree[start] = tail;
        _firstFree = start;
    }

    private void Take(int place)
    {
        (int next, int previous) = (_nextFree[place], _previousFree[place]);
        _nextFree[previous] = next;
        _previousFree[next] = previous;
        if (_firstFree == place)
        {
            _firstFree = next == place ? -1 : next;
        }

        _nextFree[place] = _previousFree[place] = -1;
    }

    // A free place gets a byte by which no state leads there: with 0, a text's byte 0 would seem to be known.
    private void MarkFree()
    {
        for (var place = 0; place < _units.Count; place++)
        {
            if (_nextFree[place] >= 0)
            {
                var nobody = place & -BlockLength;
                while (_isBase[nobody])
                {
                    nobody++;
                }

                _units[place] = (byte)(place ^ nobody);
            }
        }
    }

    /// <summary>What may follow: the number of the key that ends here, or -1, and the next states by byte.</summary>
    private sealed record State(int Number, (byte Label, int State)[] Next)
    {
        public bool Equals(State? other) =>
            other is not null && Number == other.Number && Next.AsSpan().SequenceEqual(other.Next);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Number);
            foreach ((byte Label, int State) next in Next)
            {
                hash.Add(next);
            }

            return hash.ToHashCode();
        }
    }
}
