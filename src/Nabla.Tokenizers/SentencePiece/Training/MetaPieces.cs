using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>The pieces that a training is told, rather than finds: special ones, symbols of the user's, and bytes.</summary>
internal sealed class MetaPieces
{
    private readonly SortedDictionary<int, SentencePieceEntry> _pieces = [];
    private int _next;

    /// <exception cref="TokenizerException">An id or a text is taken twice, or there is no unknown piece.</exception>
    public MetaPieces(SentencePieceTrainingOptions options)
    {
        AddSpecial(options.UnknownId, options.UnknownPiece, SentencePieceKind.Unknown, options);
        AddSpecial(options.BeginId, options.BeginPiece, SentencePieceKind.Control, options);
        AddSpecial(options.EndId, options.EndPiece, SentencePieceKind.Control, options);
        AddSpecial(options.PaddingId, options.PaddingPiece, SentencePieceKind.Control, options);
        if (options.UnknownId < 0)
        {
            throw new TokenizerException("SentencePieceTrainer: there must be an unknown piece: make UnknownId at least 0.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { options.UnknownPiece };
        foreach (var symbol in options.ControlSymbols)
        {
            AddSymbol(symbol, SentencePieceKind.Control, options, seen);
        }

        foreach (var symbol in options.UserDefinedSymbols)
        {
            AddSymbol(symbol, SentencePieceKind.UserDefined, options, seen);
        }

        for (var value = 0; value < 256 && options.ByteFallback; value++)
        {
            AddSymbol(PieceTable.NameOfByte(value), SentencePieceKind.Byte, options, seen);
        }
    }

    public int Count => _pieces.Count;

    /// <summary>The piece of an id, if the id is taken.</summary>
    public bool TryGet(int id, out SentencePieceEntry piece) => _pieces.TryGetValue(id, out piece);

    /// <summary>A trie of them, as they would look in a normalised text: no other piece may hold one.</summary>
    public DoubleArray ToTrie()
    {
        List<KeyValuePair<byte[], int>> keys = [];
        foreach ((int id, SentencePieceEntry piece) in _pieces)
        {
            // With a space of its own it cannot occur, since spaces are written otherwise.
            if (!piece.Text.Contains(' ', StringComparison.Ordinal))
            {
                keys.Add(new(Encoding.UTF8.GetBytes(piece.Text.Replace('\u2581', ' ')), id));
            }
        }

        return PieceTries.Of(keys);
    }

    private void AddSpecial(int id, string text, SentencePieceKind kind, SentencePieceTrainingOptions options)
    {
        if (id < 0)
        {
            return;
        }

        if (text.Length == 0 || id >= options.VocabularySize || !_pieces.TryAdd(id, new SentencePieceEntry(text, 0, kind))
            || _pieces.Values.Count(piece => piece.Text == text) > 1)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"SentencePieceTrainer: the piece \"{text}\" cannot have id {id}: both must be its own, and the id in range."));
        }
    }

    private void AddSymbol(string text, SentencePieceKind kind, SentencePieceTrainingOptions options, HashSet<string> seen)
    {
        if (text.Length == 0 || !seen.Add(text))
        {
            throw new TokenizerException(
                $"SentencePieceTrainer: the symbol \"{text}\" is empty, there twice, or the unknown piece.");
        }

        // A symbol may change the kind of a special piece: how SentencePiece makes one that text can have.
        var special = text == options.BeginPiece ? options.BeginId
            : text == options.EndPiece ? options.EndId
            : text == options.PaddingPiece ? options.PaddingId
            : -1;
        if (special >= 0)
        {
            _pieces[special] = _pieces[special] with { Kind = kind };
            return;
        }

        while (_pieces.ContainsKey(_next))
        {
            _next++;
        }

        _pieces.Add(_next, new SentencePieceEntry(text, 0, kind));
    }
}
