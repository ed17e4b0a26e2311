namespace Nabla.Language;

/// <summary>Draws a token from logits: temperature, then top-k, then top-p, then one draw from what is left.</summary>
internal sealed class TokenSampler(GenerationOptions options)
{
    private readonly RandomGenerator _random = new(options.Seed);
    private float[] _weights = [];
    private int[] _order = [];

    /// <summary>Returns the id of the drawn token.</summary>
    /// <param name="logits">One logit for each token of the vocabulary.</param>
    public int Draw(ReadOnlySpan<float> logits)
    {
        int likeliest = Likeliest(logits);
        if (options.Temperature == 0 || options.TopK == 1)
        {
            return likeliest;
        }

        if (_weights.Length != logits.Length)
        {
            (_weights, _order) = (new float[logits.Length], new int[logits.Length]);
        }

        // A draw needs weights only up to a factor, so the softmax is left undivided.
        for (int id = 0; id < logits.Length; id++)
        {
            _weights[id] = MathF.Exp((logits[id] - logits[likeliest]) / options.Temperature);
        }

        if ((options.TopK > 0 && options.TopK < logits.Length) || options.TopP < 1)
        {
            DropTheUnlikely();
        }

        return _random.MultinomialWithReplacement(_weights);
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int id = 1; id < logits.Length; id++)
        {
            best = logits[id] > logits[best] ? id : best;
        }

        return best;
    }

    private void DropTheUnlikely()
    {
        for (int id = 0; id < _order.Length; id++)
        {
            _order[id] = id;
        }

        // Ties go to the lower id, so that the choice does not depend on how the sort treats equals.
        Array.Sort(_order, (left, right) =>
            _weights[right].CompareTo(_weights[left]) is int byWeight and not 0 ? byWeight : left.CompareTo(right));
        int kept = options.TopK > 0 ? Math.Min(options.TopK, _order.Length) : _order.Length;
        if (options.TopP < 1)
        {
            double total = 0;
            for (int rank = 0; rank < kept; rank++)
            {
                total += _weights[_order[rank]];
            }

            double reached = 0;
            int enough = 0;
            while (enough < kept && reached < options.TopP * total)
            {
                reached += _weights[_order[enough++]];
            }

            kept = enough;
        }

        for (int rank = kept; rank < _order.Length; rank++)
        {
            _weights[_order[rank]] = 0;
        }
    }
}
