using Nabla.Language.Tests.Scoring;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>How the GPT-2 lecture measures its model: the loss of a guess, and HellaSwag.</summary>
public sealed class Gpt2EvaluationTests
{
    private static readonly Lazy<ITokenizer> _tokenizer = new(() => TokenizerFile.Load(TestFiles.Data("vocab.bpe")));

    private static readonly Lazy<IReadOnlyList<HellaSwagQuestion>> _questions =
        new(() => HellaSwagFile.Read(TestFiles.Data("hellaswag_val_subset1000.jsonl")));

    private static readonly Lazy<ChoiceQuestion[]> _encoded =
        new(() => [.. _questions.Value.Select(question => question.Encode(_tokenizer.Value))]);

    // The scene of which the lecture shows the four rows.
    private static readonly HellaSwagQuestion _bath = new(
        1,
        "A woman is outside with a bucket and a dog. The dog is running around trying to avoid a bath. She",
        [
            "rinses the bucket off with soap and blow dry the dog's head.",
            "uses a hose to keep it from getting soapy.",
            "gets the dog wet, then it runs away again.",
            "gets into a bath tub with the dog.",
        ],
        2);

    [Theory]
    [Trait("Number", "L10-032")]
    [InlineData(50257, 10.8249)]
    [InlineData(50304, 10.8258)]
    public void A_model_that_knows_nothing_loses_the_logarithm_of_its_vocabulary(int vocabulary, double expected)
    {
        Gpt model = Small(vocabulary, contextLength: 8);
        using (Tensor.NoGrad())
        {
            model.NamedParameters().First(pair => pair.Key == "wte.weight").Value.ZeroInPlace();
        }

        TextLoss loss = new TextScorer(model, CharacterTokenizer.FromText("ab")).ScoreText("abababababababab");

        Assert.Equal(expected, loss.NatsPerToken, 1e-4);
        Assert.Equal(-Math.Log(1.0 / vocabulary), loss.NatsPerToken, 1e-5);
        Assert.Equal(vocabulary, loss.Perplexity, 1);
    }

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    [Trait("Number", "L10-116")]
    public void A_new_model_of_124_million_parameters_knows_nothing()
    {
        Gpt model = new(new GptConfig(), new RandomGenerator(42));
        int[] ids = _tokenizer.Value.Encode(File.ReadAllText(TestFiles.Data("tinyshakespeare.txt")).AsSpan(0, 1000));
        using var noGrad = Tensor.NoGrad();
        Tensor logarithms = model.Forward(IndexTensor.From(ids.AsSpan(0, 128), 4, 32)).LogSoftmax(-1);

        float entropy = -(logarithms.Exp() * logarithms).Sum(-1).Mean().Item();

        Assert.InRange(entropy, 10.5f, MathF.Log(50257));
    }

    [Fact]
    [Trait("Number", "L10-117")]
    [Trait("Number", "L10-119")]
    public void The_question_that_the_lecture_shows_becomes_its_rows()
    {
        ChoiceQuestion question = _bath.Encode(_tokenizer.Value);
        (IndexTensor tokens, IndexTensor mask) = question.ToRows();

        Assert.Equal(23, question.Context.Length);
        Assert.Equal([16, 11, 11, 9], question.Endings.Select(ending => ending.Length));
        Assert.Equal((39, 2), (question.Length, question.Answer));
        Assert.Equal(new Shape(4, 39), tokens.Shape);
        Assert.Equal(new Shape(4, 39), mask.Shape);
        for (int row = 0; row < 4; row++)
        {
            int ending = question.Endings[row].Length;
            int[] marked = [.. Enumerable.Repeat(0, 23), .. Enumerable.Repeat(1, ending), .. Enumerable.Repeat(0, 16 - ending)];
            Assert.Equal(marked, mask[row].ToArray());
            Assert.Equal(
                $"{_bath.Context} {_bath.Endings[row]}", _tokenizer.Value.Decode(tokens[row].ToArray().AsSpan(0, 23 + ending)));
            Assert.All(tokens[row].ToArray()[(23 + ending)..], id => Assert.Equal(0, id));
        }
    }

    [Theory]
    [Trait("Number", "L10-118")]
    [InlineData(1, 22, new[] { 7, 7, 7, 17 }, 39, 3)]
    [InlineData(2, 25, new[] { 6, 9, 8, 6 }, 34, 2)]
    public void The_first_questions_of_the_file_become_rows(int line, int context, int[] endings, int length, int label)
    {
        ChoiceQuestion question = _encoded.Value[line - 1];
        int[] sums = [.. Enumerable.Range(0, 4).Select(row => question.ToRows().Mask[row].ToArray().Sum())];

        Assert.Equal((line, context, length, label), (_questions.Value[line - 1].Line, question.Context.Length, question.Length, question.Answer));
        Assert.Equal(endings, sums);
    }

    [Fact]
    [Trait("Number", "L10-120")]
    public void The_choice_is_by_the_mean_not_by_the_sum()
    {
        ChoiceLosses losses = new([2 * 1.0, 10 * 0.9], [2, 10]);

        Assert.Equal(1, losses.ByMean);
        Assert.Equal(0, losses.BySum);
    }

    [Fact]
    [Trait("Number", "L10-121")]
    public void Eight_processes_share_the_questions()
    {
        int[] shares = [.. Enumerable.Range(0, 8).Select(rank => HellaSwagFile.Share([.. Enumerable.Range(0, 10_042)], rank, 8).Count)];
        int[][] ofSubset = [.. Enumerable.Range(0, 8).Select(rank => HellaSwagFile.Share([.. Enumerable.Range(0, 1000)], rank, 8).ToArray())];

        Assert.Equal([1256, 1256, 1255, 1255, 1255, 1255, 1255, 1255], shares);
        Assert.All(ofSubset, share => Assert.Equal(125, share.Length));
        Assert.Equal(Enumerable.Range(0, 1000), ofSubset.SelectMany(share => share).Order());
        Assert.All(ofSubset.Index(), share => Assert.All(share.Item, index => Assert.Equal(share.Index, index % 8)));
    }

    [Fact]
    [Trait("Number", "L10-122")]
    public void The_thousand_questions_are_what_they_are()
    {
        Assert.Equal(1000, _encoded.Value.Length);
        Assert.All(_encoded.Value, question => Assert.Equal(4, question.Endings.Count));
        Assert.Equal([267, 228, 266, 239], Enumerable.Range(0, 4).Select(label => _encoded.Value.Count(question => question.Answer == label)));
        Assert.Equal(135, _encoded.Value.Max(question => question.Length));
    }

    [Fact]
    [Trait("Number", "L10-123")]
    public void A_new_model_guesses()
    {
        ChoiceScore score = Score(Small(50257, contextLength: 256), _encoded.Value);

        Assert.Equal(1000, score.Questions);
        Assert.Equal(0.25, score.AccuracyByMean, 0.055);
        Assert.Equal(0.25, score.AccuracyBySum, 0.055);
        Assert.Equal(0.0137, score.ErrorByMean, 0.001);
    }

    [Fact]
    public void A_model_that_has_learnt_the_right_endings_by_heart_finds_all()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText(File.ReadAllText(TestFiles.Data("hellaswag_val_subset1000.jsonl")));
        ChoiceQuestion[] questions = [.. _questions.Value.Select(question => question.Encode(tokenizer))];
        ByHeart model = new(tokenizer.VocabularySize, questions.Select(question => (int[])[.. question.Context, .. question.Endings[question.Answer]]));

        Assert.Equal(new ChoiceScore(1000, 1000, 1000), Score(model, questions));
    }

    [Fact]
    public void The_choices_are_those_of_a_scorer_of_one_row_at_a_time()
    {
        Gpt model = Small(50257, contextLength: 192);
        ChoiceQuestion[] questions = _encoded.Value[..24];

        IReadOnlyList<ChoiceLosses> losses = new ChoiceScorer(model).Score(questions);

        for (int i = 0; i < questions.Length; i++)
        {
            double[] plain = PlainScorer.Sums(model, questions[i]);
            Assert.All(plain.Zip(losses[i].Sums), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * pair.First));
            Assert.Equal(Array.IndexOf(plain, plain.Min()), losses[i].BySum);
            double[] means = [.. plain.Zip(questions[i].Endings, (sum, ending) => sum / ending.Length)];
            Assert.Equal(Array.IndexOf(means, means.Min()), losses[i].ByMean);
        }
    }

    [Fact]
    public void The_scores_of_shares_add_up()
    {
        Gpt model = Small(50257, contextLength: 64);
        ChoiceQuestion[] questions = _encoded.Value[..40];

        ChoiceScore sum = Enumerable.Range(0, 3).Select(rank => Score(model, HellaSwagFile.Share(questions, rank, 3))).Aggregate((a, b) => a + b);

        Assert.Equal(Score(model, questions), sum);
    }

    private static ChoiceScore Score(LanguageModel model, IReadOnlyList<ChoiceQuestion> questions)
        => questions.Zip(new ChoiceScorer(model).Score(questions), ChoiceScore.Of).Aggregate((left, right) => left + right);

    private static Gpt Small(int vocabulary, int contextLength) => new(
        new GptConfig { VocabularySize = vocabulary, ContextLength = contextLength, LayerCount = 1, HeadCount = 2, Width = 8 },
        new RandomGenerator(1337));

    /// <summary>Knows texts by heart, and is sure of what comes next as long as one of them goes on as the row does.</summary>
    private sealed class ByHeart : LanguageModel
    {
        private readonly Node _root = new();

        public ByHeart(int vocabulary, IEnumerable<int[]> texts)
        {
            Config = new BigramConfig { VocabularySize = vocabulary, ContextLength = 4096 };
            foreach (int[] text in texts)
            {
                Node node = _root;
                foreach (int id in text)
                {
                    node = node.Next.TryGetValue(id, out Node? next) ? next : node.Next[id] = new Node();
                }
            }
        }

        public override LanguageModelConfig Config { get; }

        public override Tensor Forward(IndexTensor ids)
        {
            (int batch, int length) = (ids.Shape[0], ids.Shape[1]);
            float[] logits = new float[batch * length * VocabularySize];
            int[] rows = ids.ToArray();
            for (int row = 0; row < batch; row++)
            {
                Node? node = _root;
                for (int place = row * length; place < (row + 1) * length && node is not null; place++)
                {
                    node = node.Next.GetValueOrDefault(rows[place]);
                    foreach (int next in node?.Next.Keys ?? Enumerable.Empty<int>())
                    {
                        logits[(place * VocabularySize) + next] = 10;
                    }
                }
            }

            return Tensor.From(logits, batch, length, VocabularySize);
        }

        private sealed class Node
        {
            public Dictionary<int, Node> Next { get; } = [];
        }
    }
}
