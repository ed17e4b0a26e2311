using System.Numerics.Tensors;

namespace Nabla.Language;

/// <summary>Draws a token from logits: temperature, then top-k, then top-p, then one draw from what is left.</summary>
internal sealed class TokenSampler(GenerationOptions options)
{
    private readonly RandomGenerator _random = new(options.Seed);
    private readonly LikeliestTokens? _likeliest = options.TopK > 0 || options.TopP < 1 ? new(options.TopK, options.TopP) : null;
    private float[] _weights = [];

    /// <summary>Returns the id of the drawn token.</summary>
    /// <param name="logits">One logit for each token of the vocabulary.</param>
    public int Draw(ReadOnlySpan<float> logits)
    {
        int best = TensorPrimitives.IndexOfMax(logits);
        if (options.Temperature == 0 || options.TopK == 1)
        {
            return best;
        }

        if (_weights.Length != logits.Length)
        {
            _weights = new float[logits.Length];
        }

        // A draw needs weights only up to a factor, so the softmax is left undivided.
        TensorPrimitives.Subtract(logits, logits[best], _weights);
        TensorPrimitives.Divide(_weights, options.Temperature, _weights);
        TensorPrimitives.Exp(_weights, _weights);
        if (_likeliest is null || !float.IsFinite(logits[best]))
        {
            return _random.MultinomialWithReplacement(_weights);
        }

        _likeliest.Choose(_weights);
        return _likeliest.Ids[_random.MultinomialWithReplacement(_likeliest.Weights)];
    }
}
