namespace Nabla.Tokenizers;

/// <summary>Lays out the nodes of a <see cref="ByteTrie"/>, each node's children where they fit first.</summary>
internal sealed class ByteTrieBuilder(IReadOnlyList<KeyValuePair<byte[], int>> keys)
{
    private const int BlockLength = 256;

    /// <summary>How many places are tried before a node's children go to a new block: full ones would cost too long.</summary>
    private const int MaxTries = 256;

    private readonly List<ByteTrie.Node> _nodes = [];
    private readonly List<bool> _isBase = [];

    // The unused places are a ring in both directions, by two lists; its head is -1 when there is none.
    private readonly List<int> _nextFree = [];
    private readonly List<int> _previousFree = [];
    private int _firstFree = -1;

    public ByteTrie.Node[] Build()
    {
        AddBlock();
        Take(0, parent: -1);
        var waiting = new Stack<(int Node, int First, int End, int Depth)>();
        waiting.Push((0, 0, keys.Count, 0));
        var labels = new List<byte>();
        while (waiting.TryPop(out (int Node, int First, int End, int Depth) part))
        {
            labels.Clear();
            for (var index = part.First; index < part.End; index++)
            {
                var label = LabelOf(index, part.Depth);
                if (labels.Count == 0 || labels[^1] != label)
                {
                    labels.Add(label);
                }
            }

            var start = PlaceFor(labels);
            _isBase[start] = true;
            _nodes[part.Node] = _nodes[part.Node] with { Base = start };
            var first = part.First;
            foreach (var label in labels)
            {
                var end = first;
                while (end < part.End && LabelOf(end, part.Depth) == label)
                {
                    end++;
                }

                Take(start ^ label, part.Node);
                if (label == 0)
                {
                    _nodes[start] = new ByteTrie.Node(keys[first].Value, part.Node);
                }
                else
                {
                    waiting.Push((start ^ label, first, end, part.Depth + 1));
                }

                first = end;
            }
        }

        return [.. _nodes];
    }

    private byte LabelOf(int key, int depth) => depth < keys[key].Key.Length ? keys[key].Key[depth] : (byte)0;

    // Where a node's children fit. No two nodes have the same base, so that a form without parents stays unambiguous.
    private int PlaceFor(List<byte> labels)
    {
        var tries = 0;
        for (var place = _firstFree; place >= 0 && labels.Count > 0 && tries < MaxTries; tries++)
        {
            var start = place ^ labels[0];
            if (!_isBase[start] && labels.TrueForAll(label => _nextFree[start ^ label] >= 0))
            {
                return start;
            }

            place = _nextFree[place] == _firstFree ? -1 : _nextFree[place];
        }

        var block = _nodes.Count;
        AddBlock();
        return block;
    }

    private void AddBlock()
    {
        var start = _nodes.Count;
        for (var place = start; place < start + BlockLength; place++)
        {
            _nodes.Add(new ByteTrie.Node(0, -1));
            _isBase.Add(false);
            _nextFree.Add(place + 1);
            _previousFree.Add(place - 1);
        }

        // New places come first: old blocks are fuller, and what is left of them is rarely enough.
        var last = start + BlockLength - 1;
        var head = _firstFree < 0 ? start : _firstFree;
        var tail = _firstFree < 0 ? last : _previousFree[_firstFree];
        _nextFree[last] = head;
        _previousFree[head] = last;
        _nextFree[tail] = start;
        _previousFree[start] = tail;
        _firstFree = start;
    }

    private void Take(int place, int parent)
    {
        (int next, int previous) = (_nextFree[place], _previousFree[place]);
        _nextFree[previous] = next;
        _previousFree[next] = previous;
        if (_firstFree == place)
        {
            _firstFree = next == place ? -1 : next;
        }

        _nextFree[place] = _previousFree[place] = -1;
        _nodes[place] = new ByteTrie.Node(0, parent);
    }
}
