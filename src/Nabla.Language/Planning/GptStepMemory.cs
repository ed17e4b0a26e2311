namespace Nabla.Language;

/// <summary>
/// Goes through a step of a <see cref="Gpt"/>'s training and enters in a ledger each large tensor that forward and backward make and
/// give back, in their order: what <see cref="Gpt"/> does, with sizes in place of numbers. Since tensors come back at known points and
/// the pool's rule is known, the memory of a step follows from the sizes alone.
/// </summary>
internal sealed class GptStepMemory
{
    /// <summary>The most logits that the fused head makes at once; see Tensor.LinearCrossEntropy.</summary>
    private const long MaxLogits = 1 << 24;

    // Attention cuts the queries of a head into slices where there are fewer heads than this, each slice of so many queries at least;
    // every slice has gradients of all keys and values, whose rows are of whole vectors.
    private const int WantedItems = 12;
    private const int MinSlice = 256;
    private const int FloatsInVector = 16;

    private readonly MemoryLedger _ledger = new();
    private readonly GptConfig _config;
    private readonly long _rows;
    private readonly long _width;
    private readonly long _statistics;
    private readonly long _logSums;
    private readonly long _attentionParts;

    private GptStepMemory(GptConfig config, long batch)
    {
        _config = config;
        _rows = batch * config.ContextLength;
        _width = _rows * config.Width;
        _statistics = 2 * _rows;
        _logSums = _rows * config.HeadCount;
        long heads = batch * config.HeadCount;
        long slices = Math.Clamp((WantedItems + heads - 1) / heads, 1, Math.Max(config.ContextLength / MinSlice, 1));
        long padded = (config.Width / config.HeadCount + FloatsInVector - 1) / FloatsInVector * FloatsInVector;
        _attentionParts = slices > 1 ? heads * slices * 2 * config.ContextLength * padded : 0;
    }

    /// <summary>Gets the bytes that forward leaves for backward.</summary>
    public long Kept { get; private set; }

    /// <summary>Gets the bytes of the logits that are there at once, and of their gradients where these are others.</summary>
    public long Logits { get; private set; }

    /// <summary>Gets the bytes that a step holds besides the parameters and what belongs to them.</summary>
    public long Held => _ledger.Held;

    private bool HasDropout => _config.Dropout > 0;

    // Of its input backward makes the output again; of its output it does not.
    private bool ActivationIsMadeAgain => _config.Activation != Activation.Relu;

    /// <summary>Goes through a step.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batch">The rows of a batch.</param>
    /// <param name="accumulates">Whether a step has more batches than one.</param>
    public static GptStepMemory Of(GptConfig config, int batch, bool accumulates)
    {
        GptStepMemory step = new(config, batch);

        // Each batch in a scope of its own: the second finds the blocks of the first.
        step.Batch(gradientsExist: false);
        if (accumulates)
        {
            step.Batch(gradientsExist: true);
        }

        return step;
    }

    private void Batch(bool gradientsExist)
    {
        // Nobody gives these back before the scope ends: tokens, targets and the losses of rows.
        Take(_rows);
        Take(_rows);
        Take(_rows);
        Take(_width); // the tokens' vectors
        Take(_width); // and with those of the positions
        Give(_width);
        DropForward();
        for (int layer = 0; layer < _config.LayerCount; layer++)
        {
            BlockForward(isRecorded: !_config.Recompute);
        }

        Take(_statistics);
        Kept = _ledger.Lent;
        Head(gradientsExist);
        NormBackward(isMadeAgain: gradientsExist || _config.HeadBias);
        for (int layer = 0; layer < _config.LayerCount; layer++)
        {
            if (_config.Recompute)
            {
                BlockAgain();
            }
            else
            {
                BlockBackward(ownsOutput: false);
            }
        }

        EmbeddingBackward();
        _ledger.GiveAll();
    }

    // From its input, which is there, a block leaves its output; recorded, also what backward reads.
    private void BlockForward(bool isRecorded)
    {
        Take(_width); // the norm
        Take(_statistics);
        Take(3 * _width); // queries, keys and values
        Take(_width); // what attention gathers
        Take(_logSums);
        GiveUnless(isRecorded, 3 * _width);
        Take(_width); // the projection
        GiveUnless(isRecorded, _width);
        DropForward();
        Give(_width); // the norm, which backward makes again
        Take(_width); // the sum with the input
        Give(_width); // the projection
        Take(_width); // the second norm
        Take(_statistics);
        Take(4 * _width); // the expansion
        Take(4 * _width); // its activation
        GiveUnless(isRecorded && ActivationIsMadeAgain, 4 * _width);
        Take(_width); // the projection
        GiveUnless(isRecorded && !ActivationIsMadeAgain, 4 * _width);
        DropForward();
        Give(_width); // the second norm
        Take(_width); // the output
        Give(_width); // the projection
        GiveUnless(isRecorded, _width); // the sum in the middle
    }

    // Leaves the gradient of the last norm's output, and that output where it was made again.
    private void Head(bool gradientsExist)
    {
        Take(_width); // the last norm
        long logits = _rows * _config.VocabularySize;
        if (_config.HeadBias)
        {
            // Not the fused loss: all logits, and all their gradients.
            Take(logits);
            Give(_width);
            Take(_statistics);
            Take(logits);
            Logits = 2 * logits * sizeof(float);
            Take(_width); // the norm made again
            Take(_width); // its gradient
            Give(logits);
            Give(logits);
            return;
        }

        long blocks = Math.Clamp((logits + MaxLogits - 1) / MaxLogits, 1, _rows);
        logits = (_rows + blocks - 1) / blocks * _config.VocabularySize;
        Logits = logits * sizeof(float);
        if (gradientsExist)
        {
            // There is no place for the head's gradient ahead of backward, which makes the logits again.
            Take(logits);
            Give(logits);
            Give(_width);
            Take(_width);
            Take(_width);
            Take(logits);
            Give(logits);
        }
        else
        {
            Take(_width); // the gradient, along with the loss
            Take(logits);
            Give(logits);
            Give(_width);
        }
    }

    private void NormBackward(bool isMadeAgain)
    {
        Take(_width); // the gradient of the last block's output
        Give(_width); // that of the norm
        GiveUnless(!isMadeAgain, _width); // the norm
    }

    // Turns the gradient of a block's output into that of its input.
    private void BlockBackward(bool ownsOutput)
    {
        Take(_width); // the gradient of the projection; that of the sum in the middle takes over the output's
        GiveUnless(ownsOutput, _width); // the output
        DropBackward();
        if (ActivationIsMadeAgain)
        {
            Take(4 * _width);
        }

        Take(4 * _width); // the activation's gradient
        Give(_width);
        Take(4 * _width); // the expansion's
        Give(4 * _width);
        Give(4 * _width); // the activation
        Take(_width); // the second norm, made again
        Take(_width); // its gradient
        Give(4 * _width);
        GiveUnless(!ActivationIsMadeAgain, 4 * _width); // the expansion
        Give(_width);
        Give(_width);

        Take(_width); // the gradient of attention's projection
        Give(_width); // the sum in the middle
        GiveUnless(!ownsOutput, _width); // its gradient, which the input of a block by itself cannot take over
        DropBackward();
        Take(_width); // the gradient of what attention gathered
        Give(_width);
        Take(3 * _width); // those of queries, keys and values
        Take(_attentionParts);
        Give(_attentionParts);
        Give(_width);
        Give(_width); // what attention gathered
        Take(_width); // the first norm, made again
        Take(_width); // its gradient
        Give(3 * _width);
        Give(3 * _width);
        Give(_width);
        Give(_width);
    }

    // Forward once more, recorded, and backward through that alone.
    private void BlockAgain()
    {
        Take(_width); // the input's gradient
        BlockForward(isRecorded: true);
        Take(_width); // a copy of the output's gradient
        BlockBackward(ownsOutput: true);
        Give(_width); // the output that was made again
        Give(_width); // the output's gradient
        Give(_width); // the output
    }

    private void EmbeddingBackward()
    {
        DropBackward();
        Give(_width); // the sum of the vectors
        Take(_width / _rows * _config.ContextLength); // the gradient of the positions' part
        Give(_width);
    }

    // With dropout there is one tensor more for a moment.
    private void DropForward()
    {
        if (HasDropout)
        {
            Take(_width);
            Give(_width);
        }
    }

    private void DropBackward() => DropForward();

    private void Take(long floats) => _ledger.Take(floats);

    private void Give(long floats) => _ledger.Give(floats);

    private void GiveUnless(bool isNeeded, long floats)
    {
        if (!isNeeded)
        {
            Give(floats);
        }
    }
}
