using System.Globalization;

namespace Nabla.Language;

/// <summary>Asks a model questions with several endings: how likely is each ending after its context?</summary>
/// <remarks>
/// <para>A <see cref="Gpt"/> reads the context of a question once, whatever the number of its endings: these go on from a copy of
/// the cached keys and values. Questions of nearly equal length are asked together. The losses equal those of each row by itself
/// but for rounding, some 1e-6 of them, so that only an exact tie may be decided otherwise.</para>
/// <para>A context that does not fit into the model's beside the longest ending loses its beginning.</para>
/// </remarks>
/// <param name="model">The model; it is put into evaluation mode for the while.</param>
public sealed class ChoiceScorer(LanguageModel model)
{
    // Enough tokens at once to keep all threads busy, few enough that the cached keys and values of a large model stay small.
    private const int TokensAtOnce = 2048;

    // What a context is longer than the shortest of its group is read again for each ending.
    private const int MostUneven = 8;

    private readonly Gpt? _gpt = model as Gpt;

    /// <summary>Returns the losses of the endings of each question, in the order of the questions.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="progress">Told the score so far; questions are asked in the order of their lengths.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="ArgumentException">
    /// A question has an empty part, an unknown token, or an ending longer than the model's context.
    /// </exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public IReadOnlyList<ChoiceLosses> Score(IReadOnlyList<ChoiceQuestion> questions, IProgress<ChoiceScore>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(questions);
        Asked[] all =
            [.. questions.Select(Ask).OrderBy(asked => asked.Context.Length).ThenBy(asked => asked.Question.LongestEnding)];
        ChoiceLosses[] losses = new ChoiceLosses[questions.Count];
        ChoiceScore score = default;
        for (int start = 0; start < all.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<Asked> group = Group(all.AsSpan(start));
            ScoreGroup(group, losses);
            foreach (Asked asked in group)
            {
                score += ChoiceScore.Of(asked.Question, losses[asked.Index]);
            }

            progress?.Report(score);
            start += group.Length;
        }

        return losses;
    }

    /// <summary>Throws unless the model can be asked all of the questions.</summary>
    /// <exception cref="ArgumentException">
    /// A question has an empty part, an unknown token, or an ending longer than the model's context.
    /// </exception>
    public void Check(IReadOnlyList<ChoiceQuestion> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        for (int i = 0; i < questions.Count; i++)
        {
            Ask(questions[i], i);
        }
    }

    /// <summary>Returns whether a question's context loses its beginning, for want of room in the model's.</summary>
    public bool IsCut(ChoiceQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question.Context.Length > Room(question);
    }

    // The last token of a row is only predicted, not read.
    private int Room(ChoiceQuestion question) => model.LongestRow - question.LongestEnding + 1;

    private Asked Ask(ChoiceQuestion question, int index)
    {
        if (question.Context.Length == 0 || question.Endings.Count == 0 || question.Endings.Any(ending => ending.Length == 0))
        {
            throw new ArgumentException($"{question.Name}: a question needs a context, and endings, of at least one token each.");
        }

        foreach (int[] ids in (IEnumerable<int[]>)[question.Context, .. question.Endings])
        {
            int wrong = ids.AsSpan().IndexOfAnyExceptInRange(0, model.VocabularySize - 1);
            if (wrong >= 0)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{question.Name}: token {ids[wrong]} is none of the model's, which are 0 to {model.VocabularySize - 1}: "
                    + $"take the model's own tokenizer."));
            }
        }

        int room = Room(question);
        return room >= 1
            ? new Asked(question, index, question.Context.AsMemory(Math.Max(question.Context.Length - room, 0)))
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{question.Name}: an ending has {question.LongestEnding} tokens, and the model sees {model.ContextLength} at once: "
                + $"take a model with a longer context."));
    }

    // As many of the next questions as are worth asking together; they come in the order of their contexts' lengths.
    private static ReadOnlySpan<Asked> Group(ReadOnlySpan<Asked> waiting)
    {
        int shortest = waiting[0].Context.Length;
        (int count, int rows, int longest) = (0, 0, 0);
        foreach (Asked asked in waiting)
        {
            rows += asked.Question.Endings.Count;
            longest = Math.Max(longest, asked.Context.Length - shortest + asked.Question.LongestEnding);
            bool fits = ((count + 1) * shortest) + (rows * longest) <= TokensAtOnce;
            if (count > 0 && (!fits || asked.Context.Length - shortest > MostUneven))
            {
                break;
            }

            count++;
        }

        return waiting[..count];
    }

    private void ScoreGroup(ReadOnlySpan<Asked> group, ChoiceLosses[] losses)
    {
        // The last token that all contexts have in their place is read with the endings: what follows it is theirs to predict.
        int shared = _gpt is null ? 0 : group[0].Context.Length - 1;
        ChoiceRows rows = new(group, shared);
        using Inference asking = Inference.Begin(model);
        float[] tokenLosses = (_gpt is not null && shared > 0
            ? _gpt.TargetLosses(rows.Ids, rows.Places, rows.Targets, Cache(_gpt, group, shared, rows))
            : model.TargetLosses(rows.Ids, rows.Places, rows.Targets)).ToArray();
        int next = 0;
        foreach (Asked asked in group)
        {
            int[] tokens = [.. asked.Question.Endings.Select(ending => ending.Length)];
            double[] sums = new double[tokens.Length];
            for (int ending = 0; ending < sums.Length; ending++)
            {
                foreach (float loss in tokenLosses.AsSpan(next, tokens[ending]))
                {
                    sums[ending] += loss;
                }

                next += tokens[ending];
            }

            losses[asked.Index] = new ChoiceLosses(sums, tokens);
        }
    }

    // What the contexts share in length is read once, then copied for every ending.
    private static KeyValueCache Cache(Gpt gpt, ReadOnlySpan<Asked> group, int shared, ChoiceRows rows)
    {
        int[] ids = new int[group.Length * shared];
        for (int i = 0; i < group.Length; i++)
        {
            group[i].Context.Span[..shared].CopyTo(ids.AsSpan(i * shared));
        }

        KeyValueCache contexts = new(gpt.Config, group.Length);
        gpt.Read(IndexTensor.From(ids, group.Length, shared), contexts);
        return contexts.Select(rows.Questions, rows.Ids.Shape[1]);
    }

    /// <summary>A question, its place among all, and as much of its context as fits.</summary>
    private sealed record Asked(ChoiceQuestion Question, int Index, ReadOnlyMemory<int> Context);

    /// <summary>The rows of a group: for each ending what is read after the shared beginning, and what is to be predicted.</summary>
    private sealed class ChoiceRows
    {
        public ChoiceRows(ReadOnlySpan<Asked> group, int shared)
        {
            (int count, int length) = (0, 0);
            foreach (Asked asked in group)
            {
                count += asked.Question.Endings.Count;
                length = Math.Max(length, asked.Context.Length - shared + asked.Question.LongestEnding - 1);
            }

            int[] ids = new int[count * length];
            List<int> places = [];
            List<int> targets = [];
            List<int> questions = [];
            for (int i = 0; i < group.Length; i++)
            {
                ReadOnlySpan<int> context = group[i].Context.Span[shared..];
                foreach (int[] ending in group[i].Question.Endings)
                {
                    int row = questions.Count * length;
                    int first = row + context.Length;
                    context.CopyTo(ids.AsSpan(row));
                    ending.AsSpan(..^1).CopyTo(ids.AsSpan(first));
                    places.AddRange(Enumerable.Range(first - 1, ending.Length));
                    targets.AddRange(ending);
                    questions.Add(i);
                }
            }

            Ids = IndexTensor.From(ids, count, length);
            Places = IndexTensor.From([.. places]);
            Targets = IndexTensor.From([.. targets]);
            Questions = [.. questions];
        }

        /// <summary>Gets what is read, [rows, T], with zeros behind what is shorter.</summary>
        public IndexTensor Ids { get; }

        /// <summary>Gets the places whose next token belongs to an ending.</summary>
        public IndexTensor Places { get; }

        /// <summary>Gets the tokens of all endings, one after the other.</summary>
        public IndexTensor Targets { get; }

        /// <summary>Gets for each row which question of the group it is of.</summary>
        public int[] Questions { get; }
    }
}
