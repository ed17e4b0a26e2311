using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>Writes text with a model, one token at a time.</summary>
/// <remarks>
/// A text longer than the context goes on from its last ContextLength tokens, as in the lecture. Their positions then change with
/// every token, so from there on nothing can be kept in a cache and each token costs a whole window. Only a <see cref="Gpt"/> has a
/// cache; other models see their whole window for every token.
/// </remarks>
public sealed class Generator
{
    private readonly LanguageModel _model;
    private readonly ITokenizer _tokenizer;

    /// <summary>Creates a generator.</summary>
    /// <exception cref="ArgumentException">The tokenizer has another vocabulary size than the model.</exception>
    public Generator(LanguageModel model, ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.VocabularySize > model.VocabularySize)
        {
            throw new ArgumentException(
                $"The tokenizer has {tokenizer.VocabularySize} tokens and the model {model.VocabularySize}: they do not belong together.");
        }

        (_model, _tokenizer) = (model, tokenizer);
    }

    /// <summary>
    /// Returns the token to begin running text from nothing with: a line break, else the first token. Documents begin with the
    /// boundary between them instead, see <see cref="Data.TextDataset.BoundaryId"/>.
    /// </summary>
    public static int StartToken(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer is CharacterTokenizer { BoundaryId: null } characters && !characters.Characters.Contains(new Rune('\n')))
        {
            return 0;
        }

        // The last, since some tokenizers put a space first; none, where a line break is normalised away.
        return tokenizer.Encode("\n") is [.., int last] ? last : 0;
    }

    /// <summary>Returns the text that follows a prompt, without the prompt.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the text early.</param>
    /// <exception cref="ArgumentException">The prompt is empty, or an option is out of its range.</exception>
    public string Generate(ReadOnlySpan<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        StringBuilder text = new();
        foreach (string piece in Stream(prompt, options, cancellationToken))
        {
            text.Append(piece);
        }

        return text.ToString();
    }

    /// <summary>Returns the text that follows a prompt piece by piece, as it is drawn.</summary>
    /// <inheritdoc cref="Generate"/>
    public IEnumerable<string> Stream(ReadOnlySpan<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GenerationOptions();
        return Pieces(StreamIds(prompt, options, cancellationToken), new TextStream(_tokenizer, prompt, options.StopStrings));
    }

    /// <summary>Returns the tokens that follow a prompt one by one, as they are drawn; stop strings are not looked for.</summary>
    /// <inheritdoc cref="Generate"/>
    public IEnumerable<int> StreamIds(ReadOnlySpan<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GenerationOptions();
        options.Validate();
        CheckPrompt(prompt);
        return Ids([.. prompt], options, cancellationToken);
    }

    /// <summary>
    /// Returns the text that follows each of several prompts, in their order; each is what <see cref="Generate"/> writes with its
    /// own seed, <see cref="GenerationOptions.Seed"/> for the first and one more for each next.
    /// </summary>
    /// <remarks>
    /// A <see cref="Gpt"/> with its cache writes up to 16 texts at once, since its weights are then read once for a token of each;
    /// a prompt that several texts on end begin with is read once. Each text has the logits that it has alone, to the last bit.
    /// </remarks>
    /// <param name="prompts">The prompts, each of at least one token.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the texts early.</param>
    /// <exception cref="ArgumentException">A prompt is empty, or an option is out of its range.</exception>
    public IEnumerable<string> GenerateMany(
        IReadOnlyList<int[]> prompts, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        options ??= new GenerationOptions();
        options.Validate();
        foreach (int[] prompt in prompts)
        {
            CheckPrompt(prompt);
        }

        return _model is Gpt gpt && options.UseCache
            ? new TextBatch(gpt, _tokenizer, options, cancellationToken).Run(prompts)
            : prompts.Select((prompt, index) => Generate(prompt, options with { Seed = options.Seed + (ulong)index }, cancellationToken));
    }

    /// <summary>Computes the logits [B, V] of the token after the last of each row.</summary>
    /// <param name="model">The model, which is in evaluation mode for the while.</param>
    /// <param name="ids">The tokens of the rows, [B, T], B being the cache's batch, or 1 without one.</param>
    /// <param name="cache">The tokens before these, if they are kept; these are added.</param>
    /// <param name="logits">Where they are put.</param>
    internal static void NextLogits(LanguageModel model, int[] ids, KeyValueCache? cache, Span<float> logits)
    {
        bool wasTraining = model.IsTraining;
        if (wasTraining)
        {
            model.Eval();
        }

        using (Tensor.NoGrad())
        using (MemoryScope.Begin())
        {
            IndexTensor rows = IndexTensor.From(ids, cache?.Batch ?? 1, -1);
            Tensor next = cache is null ? model.NextLogits(rows) : ((Gpt)model).NextLogits(rows, cache);
            next.CopyTo(logits);
        }

        if (wasTraining)
        {
            model.Train();
        }
    }

    private static IEnumerable<string> Pieces(IEnumerable<int> ids, TextStream text)
    {
        foreach (int id in ids)
        {
            if (text.Add(id) is { Length: > 0 } piece)
            {
                yield return piece;
            }

            if (text.IsStopped)
            {
                yield break;
            }
        }

        if (text.Finish() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    private static void CheckPrompt(ReadOnlySpan<int> prompt)
    {
        if (prompt.IsEmpty)
        {
            throw new ArgumentException("The prompt is empty: give at least one token to go on from.");
        }
    }

    private IEnumerable<int> Ids(List<int> ids, GenerationOptions options, CancellationToken cancellationToken)
    {
        TokenSampler sampler = new(options);
        float[] logits = new float[_model.VocabularySize];
        KeyValueCache? cache = options.UseCache && _model is Gpt gpt ? new KeyValueCache(gpt.Config) : null;
        for (int count = 0; count < options.MaxTokens && !cancellationToken.IsCancellationRequested; count++)
        {
            int begin = Math.Max(0, ids.Count - _model.ContextLength);
            cache = begin > 0 ? null : cache;
            NextLogits(_model, [.. ids[(cache?.Length ?? begin)..]], cache, logits);
            int id = sampler.Draw(logits.AsSpan(0, _tokenizer.VocabularySize));
            if (id == options.StopToken)
            {
                yield break;
            }

            ids.Add(id);
            yield return id;
        }
    }
}
