namespace Nabla.Language;

/// <summary>
/// The keys and values of the tokens that a <see cref="Gpt"/> has seen, so that the next token costs one row of work instead of
/// all rows again. For generation under <see cref="Tensor.NoGrad"/>; the logits equal those without a cache.
/// </summary>
public sealed class KeyValueCache
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="config">The configuration of the model it is for.</param>
    /// <param name="batch">The number of rows that are generated together.</param>
    public KeyValueCache(GptConfig config, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(config);
        Shape shape = new(batch, config.HeadCount, config.ContextLength, config.Width / config.HeadCount);
        _keys = [.. Enumerable.Range(0, config.LayerCount).Select(_ => Tensor.Zeros(shape).Keep())];
        _values = [.. Enumerable.Range(0, config.LayerCount).Select(_ => Tensor.Zeros(shape).Keep())];
    }

    /// <summary>Gets the number of tokens in it.</summary>
    public int Length { get; private set; }

    /// <summary>Forgets all tokens.</summary>
    public void Clear() => Length = 0;

    /// <summary>Stores new keys and values [B, H, T, D] of a layer; returns those of all tokens, [B, H, Length + T, D].</summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        int end = Length + keys.Shape[2];
        _keys[layer][.., .., Length..end] = keys;
        _values[layer][.., .., Length..end] = values;
        return (_keys[layer][.., .., ..end], _values[layer][.., .., ..end]);
    }

    /// <summary>Counts tokens whose keys and values every layer has stored.</summary>
    internal void Advance(int tokens) => Length += tokens;
}
