namespace Nabla.Tokenizers;

/// <summary>
/// Takes the pieces that an encoder finds: writes an unknown one as bytes, or joins it to the unknown one before it, and keeps
/// the stretch of each if asked to.
/// </summary>
internal ref struct PieceSink : IDisposable
{
    private readonly PieceTable _pieces;
    private readonly List<(int Start, int End)>? _stretches;
    private IdBuffer _ids;
    private int _position;

    /// <summary>Begins with nothing.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="initial">Memory to begin in.</param>
    /// <param name="stretches">Gets, for each id, the bytes of the normalised text that it stands for; null for none.</param>
    public PieceSink(PieceTable pieces, Span<int> initial, List<(int Start, int End)>? stretches)
    {
        _pieces = pieces;
        _stretches = stretches;
        _ids = new IdBuffer(initial);
    }

    public readonly ReadOnlySpan<int> Ids => _ids.Ids;

    /// <summary>Whether pieces must come one by one, with their lengths.</summary>
    public readonly bool NeedsStretches => _stretches is not null;

    /// <summary>Whether an unused piece has come, which only a slower way splits as it should be.</summary>
    public bool HasUnused { get; private set; }

    /// <summary>Takes a piece.</summary>
    /// <param name="id">The piece.</param>
    /// <param name="text">The bytes of the normalised text that it stands for.</param>
    public void Add(int id, scoped ReadOnlySpan<byte> text)
    {
        var start = _position;
        _position += text.Length;
        if (id != _pieces.UnknownId)
        {
            HasUnused |= _pieces.KindOf(id) == SentencePieceKind.Unused;
            _ids.Add(id);
            _stretches?.Add((start, _position));
        }
        else if (_pieces.Model.Training.ByteFallback)
        {
            // A space without a piece of its own has the bytes of the character that pieces write for it.
            var escaped = _pieces.Model.Normalization.EscapeWhitespaces && text is [(byte)' '];
            foreach (var value in escaped ? "\u2581"u8 : text)
            {
                _ids.Add(_pieces.ByteIds[value]);
                _stretches?.Add((start, _position));
            }
        }
        else if (_ids.Count > 0 && _ids.Ids[^1] == id)
        {
            if (_stretches is not null)
            {
                _stretches[^1] = (_stretches[^1].Start, _position);
            }
        }
        else
        {
            _ids.Add(id);
            _stretches?.Add((start, _position));
        }
    }

    /// <summary>Takes what <see cref="Add"/> gave for the same text before, alone; only without stretches.</summary>
    public void Repeat(scoped ReadOnlySpan<int> ids)
    {
        var joins = ids[0] == _pieces.UnknownId && _ids.Count > 0 && _ids.Ids[^1] == ids[0];
        foreach (var id in joins ? ids[1..] : ids)
        {
            _ids.Add(id);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _ids.Clear();
        _stretches?.Clear();
        _position = 0;
        HasUnused = false;
    }

    public void Dispose() => _ids.Dispose();
}
