namespace Nabla.Tokenizers;

/// <summary>
/// Byte-pair encoding for models with unused pieces, where a text holds one: merges go through unused pieces, which at the end
/// fall apart into the two that they were last seen made of. The whole text is merged at once, since "last" means in all of it.
/// </summary>
internal sealed class UnusedPieceSplitter
{
    private readonly PieceTable _pieces;
    private readonly DoubleArray? _userSymbols;
    private readonly Dictionary<byte[], int> _ids = new(ByteSequenceComparer.Instance);
    private readonly Dictionary<byte[], int> _lengthsOfLeft = new(ByteSequenceComparer.Instance);
    private readonly PriorityQueue<(int Left, int Right, int Length), (float Score, int Left)> _pairs = new();
    private readonly List<Symbol> _symbols = [];

    public UnusedPieceSplitter(PieceTable pieces, DoubleArray? userSymbols)
    {
        _pieces = pieces;
        _userSymbols = userSymbols;
        foreach (var id in pieces.Ordinary)
        {
            if (PieceText.TryNormalized(pieces.Model, id, out byte[] text))
            {
                _ids[text] = id;
            }
        }
    }

    public void Encode(ReadOnlySpan<byte> text, ref PieceSink sink)
    {
        for (var position = 0; position < text.Length;)
        {
            var symbol = _userSymbols?.LongestPrefix(text[position..]).Length ?? 0;
            var length = symbol > 0 ? symbol : Math.Min(text.Length - position, Utf8Character.Length(text[position]));
            var next = position + length < text.Length ? _symbols.Count + 1 : -1;
            _symbols.Add(new Symbol(position, length, _symbols.Count - 1, next, IsFrozen: symbol > 0));
            position += length;
        }

        for (var index = 1; index < _symbols.Count; index++)
        {
            AddPair(text, index - 1, index);
        }

        while (_pairs.TryDequeue(out (int Left, int Right, int Length) pair, out _))
        {
            Symbol left = _symbols[pair.Left], right = _symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length)
            {
                continue;
            }

            _symbols[pair.Left] = left with { Length = pair.Length, Next = right.Next };
            _symbols[pair.Right] = right with { Length = 0 };
            if (right.Next >= 0)
            {
                _symbols[right.Next] = _symbols[right.Next] with { Previous = pair.Left };
            }

            AddPair(text, left.Previous, pair.Left);
            AddPair(text, pair.Left, right.Next);
        }

        for (var index = 0; index >= 0; index = _symbols[index].Next)
        {
            Split(text.Slice(_symbols[index].Start, _symbols[index].Length), ref sink);
        }
    }

    private void AddPair(ReadOnlySpan<byte> text, int left, int right)
    {
        if (left < 0 || right < 0 || _symbols[left].IsFrozen || _symbols[right].IsFrozen)
        {
            return;
        }

        byte[] joined = text.Slice(_symbols[left].Start, _symbols[left].Length + _symbols[right].Length).ToArray();
        if (_ids.TryGetValue(joined, out var id))
        {
            _pairs.Enqueue((left, right, joined.Length), (-_pieces.Model.Pieces[id].Score, left));
            if (_pieces.KindOf(id) == SentencePieceKind.Unused)
            {
                _lengthsOfLeft[joined] = _symbols[left].Length;
            }
        }
    }

    private void Split(ReadOnlySpan<byte> piece, ref PieceSink sink)
    {
        var waiting = new Stack<(int Start, int Length)>();
        waiting.Push((0, piece.Length));
        while (waiting.TryPop(out (int Start, int Length) part))
        {
            byte[] text = piece.Slice(part.Start, part.Length).ToArray();
            var id = _ids.GetValueOrDefault(text, _pieces.UnknownId);
            if (_pieces.KindOf(id) == SentencePieceKind.Unused && _lengthsOfLeft.TryGetValue(text, out var left))
            {
                waiting.Push((part.Start + left, part.Length - left));
                waiting.Push((part.Start, left));
            }
            else
            {
                sink.Add(id, text);
            }
        }
    }

    private record struct Symbol(int Start, int Length, int Previous, int Next, bool IsFrozen);
}
