using System.Runtime.InteropServices;

namespace Nabla.Language;

/// <summary>
/// The keys and values of the tokens that a <see cref="Gpt"/> has seen, so that the next token costs one row of work instead of
/// all rows again. For generation under <see cref="Tensor.NoGrad"/>; the logits equal those without a cache. Its rows may hold
/// different numbers of tokens, as texts that are written together do; it grows as they come.
/// </summary>
public sealed class KeyValueCache
{
    // Grown by doubling, a cache copies each token about once in all.
    private const int LeastCapacity = 64;

    private readonly GptConfig _config;
    private readonly Tensor?[] _keys; // each [rows, H, places, D], of which the first Batch rows are in use
    private readonly Tensor?[] _values;
    private readonly List<int> _lengths;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="config">The configuration of the model it is for.</param>
    /// <param name="batch">The number of rows that are generated together; <see cref="Add"/> makes more.</param>
    public KeyValueCache(GptConfig config, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        (_config, _lengths) = (config, [.. new int[batch]]);
        (_keys, _values) = (new Tensor[config.LayerCount], new Tensor[config.LayerCount]);
    }

    /// <summary>Gets the number of rows.</summary>
    public int Batch => _lengths.Count;

    /// <summary>Gets the number of tokens in it, of the longest row where they differ.</summary>
    public int Length => _lengths.Count == 0 ? 0 : _lengths.Max();

    /// <summary>Gets the number of tokens of each row.</summary>
    public ReadOnlySpan<int> Lengths => CollectionsMarshal.AsSpan(_lengths);

    /// <summary>Gets whether all rows hold equally many tokens.</summary>
    internal bool IsEven => !Lengths.ContainsAnyExcept(Length);

    /// <summary>Forgets all tokens; the rows stay.</summary>
    public void Clear()
    {
        for (int row = 0; row < Batch; row++)
        {
            _lengths[row] = 0;
        }
    }

    /// <summary>Adds a row with the tokens of another cache's only row, such as a prompt that several texts go on from.</summary>
    /// <exception cref="ArgumentException">The other has not exactly one row, or is for another model.</exception>
    public void Add(KeyValueCache prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (prompt.Batch != 1 || prompt._config != _config)
        {
            throw new ArgumentException($"KeyValueCache: a row is added from a cache of one row of the same model, not of {prompt.Batch}.");
        }

        int length = prompt.Length;
        _lengths.Add(length);
        for (int layer = 0; layer < _keys.Length && length > 0; layer++)
        {
            Reserve(layer, length);
            _keys[layer]![Batch - 1, .., ..length] = prompt._keys[layer]![0, .., ..length];
            _values[layer]![Batch - 1, .., ..length] = prompt._values[layer]![0, .., ..length];
        }
    }

    /// <summary>Returns a cache with some of the rows, each as often as it is named: beginnings that several texts share.</summary>
    /// <param name="rows">The rows, in the order of those to be.</param>
    /// <param name="room">The tokens that are to come, if that is known: memory is then taken for these, and no more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public KeyValueCache Select(ReadOnlySpan<int> rows, int room = 0)
    {
        KeyValueCache selected = new(_config, rows.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(rows[row], nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows[row], Batch, nameof(rows));
            selected._lengths[row] = _lengths[rows[row]];
        }

        int length = selected.Length;
        for (int layer = 0; layer < _keys.Length && length > 0; layer++)
        {
            selected.Reserve(layer, length + room);
            selected._keys[layer]![.., .., ..length] = _keys[layer]![..Batch, .., ..length][IndexTensor.From(rows)];
            selected._values[layer]![.., .., ..length] = _values[layer]![..Batch, .., ..length][IndexTensor.From(rows)];
        }

        return selected;
    }

    /// <summary>Removes a row, whose place the last one takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void RemoveAt(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Batch);
        int last = Batch - 1;
        int length = _lengths[last];
        for (int layer = 0; layer < _keys.Length && row < last && length > 0; layer++)
        {
            _keys[layer]![row, .., ..length] = _keys[layer]![last, .., ..length];
            _values[layer]![row, .., ..length] = _values[layer]![last, .., ..length];
        }

        _lengths[row] = length;
        _lengths.RemoveAt(last);
    }

    /// <summary>Throws unless tokens of this shape can be appended.</summary>
    /// <exception cref="ShapeException">The rows are not those of the cache, or differ and several tokens come at once.</exception>
    internal void Check(in Shape ids)
    {
        if (ids[0] != Batch)
        {
            throw new ShapeException($"KeyValueCache: ids {ids} for a cache of {Batch} rows: give [{Batch}, T].");
        }

        if (ids[1] != 1 && !IsEven)
        {
            throw new ShapeException($"KeyValueCache: ids {ids} for rows of different lengths: give these one token at a time, [{Batch}, 1].");
        }
    }

    /// <summary>Stores the keys and values [B, H, T, D] of new tokens of a layer.</summary>
    internal void Append(int layer, Tensor keys, Tensor values)
    {
        int end = Length + keys.Shape[2];
        Reserve(layer, end);
        (Tensor allKeys, Tensor allValues) = (_keys[layer]!, _values[layer]!);
        if (IsEven)
        {
            allKeys[..Batch, .., Length..end] = keys;
            allValues[..Batch, .., Length..end] = values;
            return;
        }

        for (int row = 0; row < Batch; row++)
        {
            int place = _lengths[row];
            allKeys[row, .., place] = keys[row, .., 0];
            allValues[row, .., place] = values[row, .., 0];
        }
    }

    /// <summary>Attends with the queries [B, H, T, D] of tokens just appended to all up to their own; returns [B, H, T, D].</summary>
    internal Tensor Attend(int layer, Tensor queries)
    {
        int count = queries.Shape[2];
        (Tensor keys, Tensor values) = (_keys[layer]![..Batch], _values[layer]![..Batch]);
        if (count == 1)
        {
            int[] seen = [.. _lengths.Select(length => length + 1)];
            return queries.CachedAttention(keys, values, seen);
        }

        Range all = ..(Length + count);
        return queries.ScaledDotProductAttention(keys[.., .., all], values[.., .., all], causal: true);
    }

    /// <summary>Counts tokens whose keys and values every layer has stored.</summary>
    internal void Advance(int tokens)
    {
        for (int row = 0; row < Batch; row++)
        {
            _lengths[row] += tokens;
        }
    }

    private static Tensor Grown(Tensor? old, in Shape shape)
    {
        Tensor grown = Tensor.Zeros(shape[0], shape[1], shape[2], shape[3]).Keep();
        if (old is not null)
        {
            grown[..old.Shape[0], .., ..old.Shape[2]] = old;
        }

        return grown;
    }

    private void Reserve(int layer, int length)
    {
        (int rows, int places) = _keys[layer] is Tensor keys ? (keys.Shape[0], keys.Shape[2]) : (0, 0);
        if (Batch <= rows && length <= places)
        {
            return;
        }

        rows = Batch <= rows ? rows : Math.Max(Batch, 2 * rows);
        places = length <= places ? places : Math.Min(_config.ContextLength, Math.Max(LeastCapacity, Math.Max(length, 2 * places)));
        Shape shape = new(rows, _config.HeadCount, places, _config.Width / _config.HeadCount);
        _keys[layer] = Grown(_keys[layer], shape);
        _values[layer] = Grown(_values[layer], shape);
    }
}
