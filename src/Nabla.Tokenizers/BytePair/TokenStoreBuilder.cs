using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Collects tokens in any order of their ids.</summary>
internal sealed class TokenStoreBuilder
{
    private byte[] _bytes;
    private int _used;
    private TokenPlace[] _places;

    public TokenStoreBuilder(int expectedTokens = 1024)
    {
        _bytes = new byte[expectedTokens * 8L < VocabularyLimits.MaxTokenBytes ? expectedTokens * 8 : VocabularyLimits.MaxTokenBytes];
        _places = new TokenPlace[expectedTokens];
    }

    /// <summary>One more than the highest id so far.</summary>
    public int Size { get; private set; }

    /// <summary>The bytes of an id, empty where it stands for nothing.</summary>
    public ReadOnlySpan<byte> this[int id] =>
        (uint)id < (uint)Size ? _bytes.AsSpan(_places[id].Start, _places[id].Length) : [];

    /// <summary>Adds a token of at least one byte; false if the id is taken.</summary>
    /// <exception cref="TokenizerException">The id or the vocabulary grows beyond all bounds.</exception>
    public bool Add(int id, ReadOnlySpan<byte> token) => Add(id, token, []);

    /// <summary>Adds a token that two pieces join to, which may be tokens of this builder.</summary>
    /// <inheritdoc cref="Add(int, ReadOnlySpan{byte})"/>
    public bool Add(int id, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if ((uint)id > VocabularyLimits.MaxId)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"id {id} is out of bounds: ids run from 0 to {VocabularyLimits.MaxId}."));
        }

        if (left.Length + (long)right.Length > VocabularyLimits.MaxTokenBytes - _used)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"the tokens up to {id} have more than {VocabularyLimits.MaxTokenBytes >> 20} MiB: no vocabulary is that large."));
        }

        if (id >= _places.Length)
        {
            Array.Resize(ref _places, (int)Math.Min(VocabularyLimits.MaxId + 1L, Math.Max(id + 1L, _places.Length * 2L)));
        }

        if (_places[id].Length > 0)
        {
            return false;
        }

        var length = left.Length + right.Length;
        byte[] target = _used + length > _bytes.Length
            ? new byte[(int)Math.Min(VocabularyLimits.MaxTokenBytes, Math.Max(_used + (long)length, _bytes.Length * 2L))]
            : _bytes;
        // The pieces may lie in the old block, so it is kept until they are copied.
        if (target != _bytes)
        {
            _bytes.AsSpan(0, _used).CopyTo(target);
        }

        left.CopyTo(target.AsSpan(_used));
        right.CopyTo(target.AsSpan(_used + left.Length));
        _bytes = target;
        _places[id] = new TokenPlace(_used, length);
        _used += length;
        Size = Math.Max(Size, id + 1);
        return true;
    }

    /// <summary>The store, which takes over the memory: the builder is done.</summary>
    /// <exception cref="TokenizerException">Two ids have the same bytes.</exception>
    public TokenStore Build()
    {
        Array.Resize(ref _places, Size);
        return new TokenStore(_bytes, _places);
    }
}
