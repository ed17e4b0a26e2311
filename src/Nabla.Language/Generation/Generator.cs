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
        if (prompt.IsEmpty)
        {
            throw new ArgumentException("The prompt is empty: give at least one token to go on from.");
        }

        return Ids([.. prompt], options, cancellationToken);
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

    private IEnumerable<int> Ids(List<int> ids, GenerationOptions options, CancellationToken cancellationToken)
    {
        TokenSampler sampler = new(options);
        KeyValueCache? cache = options.UseCache && _model is Gpt gpt ? new KeyValueCache(gpt.Config) : null;
        float[] logits = new float[_model.VocabularySize];
        int seen = 0;
        for (int count = 0; count < options.MaxTokens && !cancellationToken.IsCancellationRequested; count++)
        {
            seen = NextLogits(ids, seen, cache, logits);
            int id = sampler.Draw(logits.AsSpan(0, _tokenizer.VocabularySize));
            if (id == options.StopToken)
            {
                yield break;
            }

            ids.Add(id);
            yield return id;
        }
    }

    // Returns how many of the ids the cache holds afterwards.
    private int NextLogits(List<int> ids, int seen, KeyValueCache? cache, Span<float> logits)
    {
        int context = _model.ContextLength;
        bool useCache = cache is not null && ids.Count <= context;
        List<int> window = ids[(useCache ? seen : Math.Max(0, ids.Count - context))..];
        bool wasTraining = _model.IsTraining;
        _model.Eval();
        using (Tensor.NoGrad())
        using (MemoryScope.Begin())
        {
            IndexTensor rows = IndexTensor.From([.. window], 1, window.Count);
            Tensor next = useCache ? ((Gpt)_model).NextLogits(rows, cache) : _model.NextLogits(rows);
            next.CopyTo(logits);
        }

        _model.Train(wasTraining);
        return useCache ? ids.Count : seen;
    }
}
