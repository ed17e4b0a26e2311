using System.Buffers;
using System.Collections.Concurrent;

namespace Nabla.Tokenizers;

/// <summary>
/// Byte-pair encoding on characters: any two neighbours merge whose joined text is a piece, the highest score first, of equal
/// ones the leftmost.
/// </summary>
/// <remarks>
/// A symbol is a piece, by its id, or a character that occurs in pieces without being one, by a number above them; any other
/// character is -1. Where no piece has a space after another character, nothing merges across the beginning of a row of
/// spaces, so that the text falls into words, and each word is merged once and then remembered.
/// </remarks>
internal sealed class BpePieceEncoder : IPieceEncoder
{
    private readonly PieceTable _pieces;
    private readonly MergeTable _merges = new();
    private readonly CharacterSymbols _characters = new();
    private readonly List<int> _lengths;
    private readonly DoubleArray? _userSymbols;
    private readonly WordCutter _cutter;

    // One for each thread that encodes at the same time: they are too large to be made for each call.
    private readonly ConcurrentBag<WordCache> _caches = [];

    public BpePieceEncoder(PieceTable pieces)
    {
        _pieces = pieces;
        _userSymbols = PieceTries.OfUserSymbols(pieces, normalized: true);
        _lengths = new PieceSymbols(pieces).AddTo(_merges, _characters);
        // A user's symbols are taken out before the text is cut, so they may hold what they like.
        _cutter = new WordCutter(pieces, id => pieces.KindOf(id) != SentencePieceKind.UserDefined);
    }

    public void Encode(ReadOnlySpan<byte> text, ref PieceSink sink)
    {
        WordCache cache = _caches.TryTake(out WordCache? kept) ? kept : new WordCache();
        ReadOnlySpan<byte> rest = text;
        while (!rest.IsEmpty)
        {
            var end = NextUserSymbol(rest, out (int Length, int Number) symbol);
            EncodeWords(rest[..end], cache, ref sink);
            if (symbol.Length > 0)
            {
                sink.Add(symbol.Number, rest.Slice(end, symbol.Length));
            }

            rest = rest[(end + symbol.Length)..];
        }

        _caches.Add(cache);
        if (sink.HasUnused)
        {
            sink.Clear();
            new UnusedPieceSplitter(_pieces, _userSymbols).Encode(text, ref sink);
        }
    }

    // Where the next symbol of the user's begins, at the end of the text if there is none, and which it is.
    private int NextUserSymbol(ReadOnlySpan<byte> text, out (int Length, int Number) symbol)
    {
        symbol = (0, -1);
        if (_userSymbols is null)
        {
            return text.Length;
        }

        var position = 0;
        while (position < text.Length && (symbol = _userSymbols.LongestPrefix(text[position..])).Length == 0)
        {
            position = Math.Min(text.Length, position + Utf8Character.Length(text[position]));
        }

        return position;
    }

    private void EncodeWords(ReadOnlySpan<byte> text, WordCache cache, ref PieceSink sink)
    {
        while (!text.IsEmpty)
        {
            var end = _cutter.WordLength(text);
            ReadOnlySpan<byte> word = text[..end];
            if (sink.NeedsStretches)
            {
                EncodeWord(word, ref sink);
            }
            else if (WordCache.TryKey(text, end, out WordKey key))
            {
                ReadOnlySpan<int> ids = cache.Find(key);
                if (ids.IsEmpty)
                {
                    EncodeAndRemember(word, key, cache, ref sink);
                }
                else
                {
                    sink.Repeat(ids);
                }
            }
            else
            {
                EncodeWord(word, ref sink);
            }

            text = text[end..];
        }
    }

    private void EncodeAndRemember(ReadOnlySpan<byte> word, WordKey key, WordCache cache, ref PieceSink sink)
    {
        var alone = new PieceSink(_pieces, stackalloc int[WordCache.MaxLength], stretches: null);
        EncodeWord(word, ref alone);
        if (alone.HasUnused)
        {
            EncodeWord(word, ref sink);
        }
        else
        {
            sink.Repeat(alone.Ids);
            cache.Add(key, alone.Ids);
        }

        alone.Dispose();
    }

    private void EncodeWord(ReadOnlySpan<byte> word, ref PieceSink sink)
    {
        int[]? rented = null;
        Span<int> symbols = word.Length <= 256 ? stackalloc int[256] : (rented = ArrayPool<int>.Shared.Rent(word.Length));
        var count = 0;
        for (var position = 0; position < word.Length; count++)
        {
            symbols[count] = _characters.Find(word[position..], out var length);
            position += length;
        }

        var merged = ChunkMerger.Merge(symbols[..count], _merges);
        foreach (var symbol in symbols[..merged])
        {
            var length = symbol < 0 ? Math.Min(word.Length, Utf8Character.Length(word[0])) : _lengths[symbol];
            sink.Add((uint)symbol < (uint)_pieces.Count ? symbol : _pieces.UnknownId, word[..length]);
            word = word[length..];
        }

        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }
}
