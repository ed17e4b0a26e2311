using System.Collections.Immutable;
using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>
/// The tokens of a byte-pair tokenizer and the order in which pairs of them merge: everything that turns one chunk of bytes
/// into ids. Immutable.
/// </summary>
public sealed class BytePairVocabulary
{
    /// <summary>The number of different bytes, each of which is a token.</summary>
    internal const int ByteCount = 256;

    private readonly TokenStore _tokens;
    private readonly Lazy<ImmutableArray<BytePair>> _merges;
    private readonly Lazy<SortedTokens> _sorted;
    private readonly int[] _byteIds = new int[ByteCount];

    private BytePairVocabulary(
        TokenStore tokens, Func<BytePairVocabulary, ImmutableArray<BytePair>> merges, bool mergesByRank, bool matchesWholeChunks)
    {
        _tokens = tokens;
        MergesByRank = mergesByRank;
        MatchesWholeChunks = matchesWholeChunks;
        for (var value = 0; value < ByteCount; value++)
        {
            _byteIds[value] = Find([(byte)value]);
        }

        _merges = new Lazy<ImmutableArray<BytePair>>(() => merges(this));
        _sorted = new Lazy<SortedTokens>(() => new SortedTokens(this));
    }

    /// <summary>The 256 bytes without a merge, ids 0 to 255: where training starts.</summary>
    public static BytePairVocabulary Bytes { get; } = FromMerges([]);

    /// <summary>One more than the highest id.</summary>
    public int Size => _tokens.Size;

    /// <summary>The id of each of the 256 bytes, or -1 where the byte is no token: the byte order of the vocabulary.</summary>
    public ReadOnlySpan<int> ByteIds => _byteIds;

    /// <summary>
    /// Whether any two neighbours merge whose joined bytes are a token, the lowest id first, as in tiktoken; else only the
    /// pairs listed in <see cref="Merges"/> do, the first first.
    /// </summary>
    public bool MergesByRank { get; }

    /// <summary>
    /// Whether a chunk that is a token is that token at once, whatever its bytes would merge to: tiktoken's way, and that of
    /// Hugging Face's <c>ignore_merges</c>. It matters only for tokens that merging does not reach.
    /// </summary>
    public bool MatchesWholeChunks { get; }

    /// <summary>
    /// The merges in their order of precedence. For a vocabulary of ranks they are recovered at the first use; see
    /// <see cref="MergeRecovery"/>.
    /// </summary>
    public ImmutableArray<BytePair> Merges => _merges.Value;

    /// <summary>The tokens in the order of their bytes; sorted at the first use.</summary>
    internal SortedTokens Sorted => _sorted.Value;

    /// <summary>The vocabulary of a training: ids 0 to 255 are the bytes, and merge n makes id 256 + n.</summary>
    /// <exception cref="TokenizerException">A merge names an id that does not exist before it.</exception>
    public static BytePairVocabulary FromMerges(IReadOnlyList<BytePair> merges)
    {
        ArgumentNullException.ThrowIfNull(merges);
        var tokens = new TokenStoreBuilder(ByteCount + merges.Count);
        for (var value = 0; value < ByteCount; value++)
        {
            tokens.Add(value, [(byte)value]);
        }

        for (var index = 0; index < merges.Count; index++)
        {
            var id = ByteCount + index;
            (int left, int right) = merges[index];
            if ((uint)left >= (uint)id || (uint)right >= (uint)id)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"merge {merges[index]} makes token {id}, so it can only join ids below {id}."));
            }

            tokens.Add(id, tokens[left], tokens[right]);
        }

        ImmutableArray<BytePair> list = [.. merges];
        return new BytePairVocabulary(tokens.Build(), _ => list, mergesByRank: false, matchesWholeChunks: false);
    }

    /// <summary>The vocabulary of a list of ranks, as tiktoken has them: a token's id says when it merges.</summary>
    /// <param name="tokens">The bytes of each id; null where an id stands for nothing.</param>
    /// <exception cref="TokenizerException">Two ids have the same bytes, or a single byte has none.</exception>
    public static BytePairVocabulary FromRanks(IReadOnlyList<byte[]?> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return FromRanks(Store(tokens));
    }

    /// <summary>A vocabulary with ids and merges of its own, as GPT-2's and Hugging Face's files have them.</summary>
    /// <param name="tokens">The bytes of each id; null where an id stands for nothing.</param>
    /// <param name="merges">The merges in their order of precedence; the join of each must be a token.</param>
    /// <param name="matchesWholeChunks">See <see cref="MatchesWholeChunks"/>.</param>
    /// <exception cref="TokenizerException">Two ids have the same bytes, or a merge names or makes no token.</exception>
    public static BytePairVocabulary Create(
        IReadOnlyList<byte[]?> tokens, IReadOnlyList<BytePair> merges, bool matchesWholeChunks = false)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(merges);
        return Create(Store(tokens), [.. merges], matchesWholeChunks);
    }

    /// <summary>The bytes of a token; empty where the id stands for nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is below 0 or not below <see cref="Size"/>.</exception>
    public ReadOnlySpan<byte> TokenBytes(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Size);
        return _tokens[id];
    }

    /// <summary>The id of a token's bytes, or -1.</summary>
    public int Find(ReadOnlySpan<byte> token) => _tokens.Find(token);

    /// <summary>The id of the token that a pair joins to, or -1.</summary>
    public int MergedId(BytePair pair)
    {
        ReadOnlySpan<byte> left = (uint)pair.Left < (uint)Size ? _tokens[pair.Left] : [];
        ReadOnlySpan<byte> right = (uint)pair.Right < (uint)Size ? _tokens[pair.Right] : [];
        if (left.IsEmpty || right.IsEmpty)
        {
            return -1;
        }

        var length = left.Length + right.Length;
        Span<byte> joined = length <= 256 ? stackalloc byte[length] : new byte[length];
        left.CopyTo(joined);
        right.CopyTo(joined[left.Length..]);
        return Find(joined);
    }

    internal static BytePairVocabulary FromRanks(TokenStore tokens)
    {
        var vocabulary = new BytePairVocabulary(tokens, MergeRecovery.RecoverAny, mergesByRank: true, matchesWholeChunks: true);
        var missing = vocabulary.ByteIds.IndexOf(-1);
        return missing < 0 ? vocabulary : throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
            $"byte 0x{missing:X2} is no token: a list of ranks must hold all 256 bytes."));
    }

    internal static BytePairVocabulary Create(TokenStore tokens, ImmutableArray<BytePair> merges, bool matchesWholeChunks = false)
    {
        var vocabulary = new BytePairVocabulary(tokens, _ => merges, mergesByRank: false, matchesWholeChunks);
        for (var index = 0; index < merges.Length; index++)
        {
            if (vocabulary.MergedId(merges[index]) < 0)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"merge {index}, {merges[index]}, joins to no token of the vocabulary."));
            }
        }

        return vocabulary;
    }

    private static TokenStore Store(IReadOnlyList<byte[]?> tokens)
    {
        var store = new TokenStoreBuilder(tokens.Count);
        for (var id = 0; id < tokens.Count; id++)
        {
            if (tokens[id] is { Length: > 0 } token)
            {
                store.Add(id, token);
            }
        }

        return store.Build();
    }
}
