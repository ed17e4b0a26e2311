namespace Nabla.Language;

/// <summary>How well a model predicts a text. The losses of parts add up to that of all.</summary>
/// <param name="Tokens">The number of tokens predicted: all of a text but its first.</param>
/// <param name="Nats">Their losses together, in nats.</param>
/// <param name="Bytes">The bytes of text that they stand for.</param>
public readonly record struct TextLoss(long Tokens, double Nats, long Bytes)
{
    /// <summary>Gets the mean loss, in nats per token.</summary>
    public double NatsPerToken => Nats / Tokens;

    /// <summary>Gets among how many equally likely tokens a guess would be as hard: e to the power of the mean loss.</summary>
    public double Perplexity => Math.Exp(NatsPerToken);

    /// <summary>
    /// Gets the loss in bits per byte of text, which compares models of different tokenizers: a token of five bytes is harder to
    /// predict than one of one.
    /// </summary>
    public double BitsPerByte => Nats / (Bytes * Math.Log(2));

    /// <summary>Adds the losses of two parts.</summary>
    public static TextLoss operator +(TextLoss left, TextLoss right) => left.Add(right);

    /// <summary>Adds the loss of another part.</summary>
    public TextLoss Add(TextLoss other) => new(Tokens + other.Tokens, Nats + other.Nats, Bytes + other.Bytes);
}
