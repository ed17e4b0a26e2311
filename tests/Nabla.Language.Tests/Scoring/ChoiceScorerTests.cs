using Nabla.Language.Tests.Models;

namespace Nabla.Language.Tests.Scoring;

public sealed class ChoiceScorerTests
{
    private const int Vocabulary = 40;

    private static readonly GptConfig _config = new()
    {
        VocabularySize = Vocabulary,
        ContextLength = 48,
        LayerCount = 2,
        HeadCount = 2,
        Width = 16,
        Dropout = 0.5f,
    };

    // Random weights of GPT-2's size hardly tell tokens apart.
    private static readonly Gpt _gpt = new(_config with { Initialization = GptInitialization.LayerDefault }, new RandomGenerator(3));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(120)]
    public void The_losses_are_those_of_each_row_by_itself(int count)
    {
        ChoiceQuestion[] questions = [.. Questions(count, longestContext: 30, longestEnding: 12)];

        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(_gpt).Score(questions);

        Assert.Equal(count, losses.Count);
        for (int i = 0; i < count; i++)
        {
            AssertClose(PlainScorer.Sums(_gpt, questions[i]), losses[i].Sums);
            Assert.Equal(questions[i].Endings.Select(ending => ending.Length), losses[i].Tokens);
        }
    }

    [Theory]
    [MemberData(nameof(SmallModels.Names), MemberType = typeof(SmallModels))]
    public void Any_model_can_be_asked(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        ChoiceQuestion[] questions = [.. Questions(9, longestContext: 3, longestEnding: 2, SmallModels.Vocabulary)];

        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(model).Score(questions);

        Assert.All(questions.Zip(losses), pair => AssertClose(PlainScorer.Sums(model, pair.First), pair.Second.Sums));
    }

    [Fact]
    public void Contexts_of_one_token_and_questions_of_other_numbers_of_endings_are_asked_together()
    {
        ChoiceQuestion[] questions =
        [
            new("a", [5], [[1], [2, 3]], 0),
            new("b", [5, 6], [[1], [2, 3], [4, 4, 4, 4, 4]], 0),
            new("c", [6], [[7, 8, 9]], 0),
        ];

        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(_gpt).Score(questions);

        Assert.All(questions.Zip(losses), pair => AssertClose(PlainScorer.Sums(_gpt, pair.First), pair.Second.Sums));
    }

    [Fact]
    public void A_context_that_does_not_fit_loses_its_beginning()
    {
        int[] context = [.. Enumerable.Range(0, 60).Select(i => i % Vocabulary)];
        ChoiceQuestion question = new("long", context, [[1, 2, 3], [4]], 0);
        ChoiceQuestion fitting = question with { Context = context[^46..] }; // 46 + 3 tokens, of which the last is not read
        ChoiceScorer scorer = new(_gpt);

        Assert.True(scorer.IsCut(question));
        Assert.False(scorer.IsCut(fitting));
        Assert.True(scorer.IsCut(question with { Context = context[^47..] }));
        Assert.Equal(scorer.Score([fitting])[0].Sums, scorer.Score([question])[0].Sums);
        AssertClose(PlainScorer.Sums(_gpt, fitting), scorer.Score([question])[0].Sums);
    }

    [Fact]
    public void The_model_stays_in_its_mode_and_drops_nothing()
    {
        Gpt model = new(_config, new RandomGenerator(3), new RandomGenerator(4));
        ChoiceQuestion[] questions = [.. Questions(4, longestContext: 10, longestEnding: 5)];
        model.Train();

        double[] first = [.. new ChoiceScorer(model).Score(questions).SelectMany(losses => losses.Sums)];

        Assert.True(model.IsTraining);
        Assert.Equal(first, new ChoiceScorer(model).Score(questions).SelectMany(losses => losses.Sums));
    }

    [Fact]
    public void The_score_is_told_as_it_grows()
    {
        ChoiceQuestion[] questions = [.. Questions(120, longestContext: 30, longestEnding: 12)];
        List<ChoiceScore> told = [];

        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(_gpt).Score(questions, new Listener<ChoiceScore>(told));

        ChoiceScore all = questions.Zip(losses, ChoiceScore.Of).Aggregate((left, right) => left + right);
        Assert.True(told.Count > 2);
        Assert.Equal(told.Order(Comparer<ChoiceScore>.Create((a, b) => a.Questions - b.Questions)), told);
        Assert.Equal(all, told[^1]);
        Assert.Equal(120, all.Questions);
        Assert.InRange(all.RightByMean, 1, 119);
    }

    [Fact]
    public void A_stop_is_heard()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => new ChoiceScorer(_gpt).Score([.. Questions(2, 5, 5)], cancellationToken: stop.Token));
    }

    [Fact]
    public void A_question_without_tokens_is_refused()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Ask(new("Line 7", [], [[1], [2]], 0)));

        Assert.Equal("Line 7: a question needs a context, and endings, of at least one token each.", fault.Message);
        Assert.Throws<ArgumentException>(() => Ask(new("Line 7", [1], [[1], []], 0)));
        Assert.Throws<ArgumentException>(() => Ask(new("Line 7", [1], [], 0)));
    }

    [Fact]
    public void A_token_that_the_model_has_not_is_refused()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Ask(new("Line 7", [1], [[1], [2, 40]], 0)));

        Assert.Equal("Line 7: token 40 is none of the model's, which are 0 to 39: take the model's own tokenizer.", fault.Message);
        Assert.Throws<ArgumentException>(() => Ask(new("Line 7", [-1], [[1], [2]], 0)));
    }

    [Fact]
    public void An_ending_that_the_model_cannot_see_whole_is_refused()
    {
        Ask(new("Line 7", [1], [new int[48], [2]], 0));

        ArgumentException fault = Assert.Throws<ArgumentException>(() => Ask(new("Line 7", [1], [new int[49], [2]], 0)));

        Assert.Equal(
            "Line 7: an ending has 49 tokens, and the model sees 48 at once: take a model with a longer context.", fault.Message);
    }

    [Fact]
    public void Of_equal_endings_the_first_is_chosen()
    {
        ChoiceLosses losses = new([2, 1, 1, 2], [2, 1, 1, 2]);

        Assert.Equal(1, losses.BySum);
        Assert.Equal(0, losses.ByMean);
    }

    [Fact]
    public void The_standard_error_is_that_of_independent_answers()
    {
        ChoiceScore score = new(400, 100, 200);

        Assert.Equal(0.25, score.AccuracyBySum);
        Assert.Equal(Math.Sqrt(0.25 * 0.75 / 400), score.ErrorBySum, 1e-12);
        Assert.Equal(0.5, score.AccuracyByMean);
        Assert.Equal(0.025, score.ErrorByMean, 1e-12);
    }

    [Fact]
    public void Scores_add_up()
        => Assert.Equal(new ChoiceScore(11, 5, 9), new ChoiceScore(4, 3, 2) + new ChoiceScore(7, 2, 7));

    private static void Ask(ChoiceQuestion question) => new ChoiceScorer(_gpt).Score([question]);

    private static IEnumerable<ChoiceQuestion> Questions(int count, int longestContext, int longestEnding, int vocabulary = Vocabulary)
    {
        RandomGenerator random = new(11);
        for (int i = 0; i < count; i++)
        {
            yield return new ChoiceQuestion($"Line {i + 1}", Text(longestContext), [.. Enumerable.Range(0, 4).Select(_ => Text(longestEnding))], i % 4);
        }

        int[] Text(int longest)
        {
            int length = IndexTensor.Randint(random, 1, longest + 1, 1).Item();
            return IndexTensor.Randint(random, 0, vocabulary, length).ToArray();
        }
    }

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
    }
}
