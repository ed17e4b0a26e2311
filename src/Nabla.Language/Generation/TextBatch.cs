using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>
/// Writes several texts together, so that the weights are read once for a token of each: a text that ends makes room for the
/// next that waits.
/// </summary>
internal sealed class TextBatch(Gpt model, ITokenizer tokenizer, GenerationOptions options, CancellationToken stop)
{
    /// <summary>
    /// The most texts in the making. Products of up to so many rows have the same bits for each row as for one; and from here
    /// on arithmetic takes longer than reading the weights.
    /// </summary>
    public const int MaxTexts = 16;

    // Below this many logits a draw costs less than waking another thread.
    private const int ManyLogits = 1 << 14;

    private readonly KeyValueCache _cache = new(model.Config, batch: 0);
    private readonly List<Text> _running = []; // in the order of the cache's rows
    private readonly float[] _logits = new float[MaxTexts * model.VocabularySize];
    private readonly float[] _promptLogits = new float[model.VocabularySize];
    private KeyValueCache? _prompt;
    private int[] _promptIds = [];

    /// <summary>Yields the text after each prompt, in their order, as soon as it and all before it are complete.</summary>
    public IEnumerable<string> Run(IReadOnlyList<int[]> prompts)
    {
        Text[] texts = [.. prompts.Select((prompt, index) => new Text(prompt, tokenizer, options with { Seed = options.Seed + (ulong)index }))];
        int begun = 0;
        foreach (Text text in texts)
        {
            while (!text.IsComplete)
            {
                while (begun < texts.Length && _running.Count < MaxTexts)
                {
                    Begin(texts[begun++]);
                }

                // The text at hand may have ended with its first token already.
                if (!text.IsComplete)
                {
                    Step();
                }
            }

            yield return text.Written;
        }
    }

    private void Begin(Text text)
    {
        if (stop.IsCancellationRequested || options.MaxTokens == 0)
        {
            text.End();
            return;
        }

        if (text.Ids.Count > model.ContextLength)
        {
            WriteAlone(text);
            return;
        }

        if (_prompt is null || !_promptIds.AsSpan().SequenceEqual(text.Prompt))
        {
            (_prompt, _promptIds) = (new KeyValueCache(model.Config), text.Prompt);
            Generator.NextLogits(model, _promptIds, _prompt, _promptLogits);
        }

        text.Take(_promptLogits.AsSpan(0, tokenizer.VocabularySize));
        if (Continues(text))
        {
            using (Tensor.NoGrad())
            {
                _cache.Add(_prompt);
            }

            _running.Add(text);
        }
    }

    private void Step()
    {
        int vocabulary = model.VocabularySize;
        int count = _running.Count;
        Generator.NextLogits(model, [.. _running.Select(text => text.Ids[^1])], _cache, _logits);
        if (count * vocabulary >= ManyLogits)
        {
            Parallel.For(0, count, Take);
        }
        else
        {
            for (int row = 0; row < count; row++)
            {
                Take(row);
            }
        }

        for (int row = count - 1; row >= 0; row--)
        {
            if (stop.IsCancellationRequested)
            {
                _running[row].End();
            }

            if (!Continues(_running[row]))
            {
                using (Tensor.NoGrad())
                {
                    _cache.RemoveAt(row);
                }

                _running[row] = _running[^1];
                _running.RemoveAt(_running.Count - 1);
            }
        }

        void Take(int row) => _running[row].Take(_logits.AsSpan(row * vocabulary, tokenizer.VocabularySize));
    }

    /// <summary>Returns whether a text goes on in the batch; one that outgrows the context goes on by itself, to its end.</summary>
    private bool Continues(Text text)
    {
        if (!text.IsComplete && text.Ids.Count > model.ContextLength)
        {
            WriteAlone(text);
        }

        return !text.IsComplete;
    }

    private void WriteAlone(Text text)
    {
        float[] logits = new float[model.VocabularySize];
        while (!text.IsComplete)
        {
            Generator.NextLogits(model, [.. text.Ids.TakeLast(model.ContextLength)], cache: null, logits);
            text.Take(logits.AsSpan(0, tokenizer.VocabularySize));
            if (stop.IsCancellationRequested)
            {
                text.End();
            }
        }
    }

    /// <summary>A text in the making.</summary>
    private sealed class Text(int[] prompt, ITokenizer tokenizer, GenerationOptions options)
    {
        private readonly TokenSampler _sampler = new(options);
        private readonly TextStream _stream = new(tokenizer, prompt, options.StopStrings);
        private readonly StringBuilder _written = new();

        public int[] Prompt => prompt;

        public List<int> Ids { get; } = [.. prompt];

        public bool IsComplete { get; private set; }

        public string Written => _written.ToString();

        /// <summary>Draws the next token.</summary>
        public void Take(ReadOnlySpan<float> logits)
        {
            int id = _sampler.Draw(logits);
            if (id == options.StopToken)
            {
                End();
                return;
            }

            Ids.Add(id);
            _written.Append(_stream.Add(id));
            IsComplete = _stream.IsStopped;
            if (!IsComplete && Ids.Count - prompt.Length == options.MaxTokens)
            {
                End();
            }
        }

        public void End()
        {
            if (!IsComplete)
            {
                _written.Append(_stream.Finish());
                IsComplete = true;
            }
        }
    }
}
