using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Training;

public sealed class FineTuningTests : IDisposable
{
    private const string Old = "the cat sat on the mat. ";

    private static readonly CharacterTokenizer _known = CharacterTokenizer.FromText(Old);

    // Of the old tokens and five more, which come after them.
    private static readonly CharacterTokenizer _extended = _known.WithCharactersOf("a big dog!");

    private static readonly TextDataset _data = RunningText.Create(
        string.Concat(Enumerable.Repeat("the big dog sat on the cat! ", 30)), "dogs", _extended);

    private static readonly GptConfig _config = new()
    {
        VocabularySize = _known.VocabularySize,
        ContextLength = 16,
        LayerCount = 2,
        HeadCount = 2,
        Width = 8,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void New_characters_come_after_the_old_ones()
    {
        Assert.Equal([.. _known.Characters, .. "!bdgi".EnumerateRunes()], _extended.Characters);
        Assert.Equal(5, FineTuning.AddedTokens(_known, _extended));
        Assert.Same(_known, _known.WithCharactersOf("cats"));
        CharacterTokenizer words = CharacterTokenizer.FromText("ab\nc", boundary: true);
        Assert.Equal([0, 4, 1], words.WithCharactersOf("d\na").Encode("\nda"));
    }

    [Fact]
    public void A_tokenizer_that_does_not_begin_with_the_models_is_refused()
    {
        string message = Assert.Throws<ArgumentException>(
            () => FineTuning.AddedTokens(_known, CharacterTokenizer.FromText(Old + "!"))).Message;

        Assert.StartsWith("Token 1 of the model's tokenizer is not that of the text's", message, StringComparison.Ordinal);
        Assert.Contains($"Token {_known.VocabularySize}", Assert.Throws<ArgumentException>(
            () => FineTuning.AddedTokens(_extended, _known)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_special_to_one_and_text_to_the_other_is_not_the_same()
    {
        RegexTokenizer text = RegexTokenizer.Train("aaaa", 257);
        RegexTokenizer special = RegexTokenizer.Train("aaaa", 256).WithSpecialTokens([new("aa", 256)]);
        Assert.Equal(text.TokenBytes(256), special.TokenBytes(256));

        Assert.StartsWith(
            "Token 256 of the model's", Assert.Throws<ArgumentException>(() => FineTuning.AddedTokens(text, special)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_model_with_more_tokens_and_a_shorter_context_says_the_same_of_what_it_knows(bool tied)
    {
        Gpt old = new(_config with { TieWeights = tied, HeadBias = !tied }, new RandomGenerator(1));
        LanguageModelConfig resized = FineTuning.Resize(old.Config, vocabularySize: 20, contextLength: 8);
        LanguageModel model = resized.Create(new RandomGenerator(2));

        FineTuning.CopyWeights(old, model, new RandomGenerator(3));

        IndexTensor ids = IndexTensor.From([1, 5, 3, 8, 2, 0, 7, 4], 1, 8);
        Assert.Equal(old.Forward(ids).ToArray(), model.Forward(ids)[.., .., .._config.VocabularySize].ToArray());
        Assert.Equal(new Shape(8, 8), Parameter(model, "wpe.weight").Shape);
        float[] added = Parameter(model, "wte.weight")[_config.VocabularySize..].ToArray();
        Assert.Equal(0.02, Math.Sqrt(added.Average(value => (double)value * value)), 0.01);
    }

    [Fact]
    public void Sizes_that_the_weights_do_not_have_are_refused()
    {
        Assert.Contains("longer than the 16", Refusal(_config, 11, 17), StringComparison.Ordinal);
        BigramConfig bigram = new() { VocabularySize = 11, ContextLength = 4 };
        Assert.Contains("Only a GPT's", Refusal(bigram, 12, 4), StringComparison.Ordinal);
        Assert.Contains("Only a GPT's", Refusal(bigram, 11, 3), StringComparison.Ordinal);
        Assert.Equal(bigram, FineTuning.Resize(bigram, 9, 4));
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => FineTuning.CopyWeights(new Gpt(_config), new Gpt(_config with { Width = 16 }), new RandomGenerator(1)));
        Assert.Contains("do not fit", error.Message, StringComparison.Ordinal);

        static string Refusal(LanguageModelConfig config, int vocabularySize, int contextLength)
            => Assert.Throws<ArgumentException>(() => FineTuning.Resize(config, vocabularySize, contextLength)).Message;
    }

    [Fact]
    public void A_run_that_began_with_weights_is_resumed_from_them_and_to_the_same_bits()
    {
        Gpt old = new(_config, new RandomGenerator(1));
        string whole = Begin("whole", old, frozen: 0);
        Resume(whole);

        string young = Begin("young", old, frozen: 0);
        using (RunDirectory run = RunDirectory.Open(young))
        {
            Trainer trainer = run.LoadTrainer(_data);
            Assert.Equal(0, trainer.Step);
            Assert.Equal(Parameter(old, "h.1.mlp.c_fc.weight").ToArray(), Parameter(trainer.Model, "h.1.mlp.c_fc.weight").ToArray());
        }

        Resume(young);
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "metrics.jsonl")), File.ReadAllText(Path.Combine(young, "metrics.jsonl")));
    }

    [Fact]
    public void The_first_loss_of_a_trained_model_is_not_measured_by_a_guess()
    {
        // Vectors of tokens as long as these make a loss far above it.
        string path = Begin("far", new Gpt(_config with { Initialization = GptInitialization.LayerDefault }, new RandomGenerator(1)), frozen: 0);
        using RunDirectory run = RunDirectory.Open(path);
        List<TrainingProgress> reports = [];
        run.Resume(_data).Run(new Reports(reports), run);

        Assert.True(Math.Abs(reports[0].Loss - Math.Log(_data.Tokenizer.VocabularySize)) > 1, $"{reports[0].Loss}");
        Assert.Empty(reports[0].Warnings);
    }

    [Fact]
    public void A_run_that_began_with_weights_and_lost_them_is_not_begun_with_others()
    {
        string path = Begin("lost", new Gpt(_config), frozen: 0);
        using RunDirectory run = RunDirectory.Open(path);
        Assert.Contains("began with the weights of old", Refusal(fromStart: true), StringComparison.Ordinal);
        File.Delete(Path.Combine(path, "checkpoint.safetensors"));
        Assert.Contains("began with the weights of old", Refusal(fromStart: false), StringComparison.Ordinal);

        string Refusal(bool fromStart) => Assert.Throws<InvalidRunException>(() => run.LoadTrainer(_data, fromStart)).Message;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frozen_only_the_rows_of_added_tokens_learn(bool tied)
    {
        Gpt old = new(_config with { TieWeights = tied, HeadBias = !tied }, new RandomGenerator(1));
        string path = Begin("run", old, frozen: _known.VocabularySize);
        Dictionary<string, float[]> before = Parameters(path);

        Resume(path);

        foreach ((string name, float[] after) in Parameters(path))
        {
            bool isPerToken = name is "wte.weight" or "lm_head.weight" or "lm_head.bias";
            int kept = isPerToken ? after.Length / _data.Tokenizer.VocabularySize * _known.VocabularySize : after.Length;
            Assert.Equal(before[name][..kept], after[..kept]);
            Assert.All(Enumerable.Range(kept, after.Length - kept), place => Assert.NotEqual(before[name][place], after[place]));
        }

        using RunDirectory run = RunDirectory.Open(path);
        IReadOnlyList<StepMetrics> steps = run.ReadMetrics();
        Assert.True(steps[^1].ValidationLoss < steps[0].ValidationLoss, $"{steps[0].ValidationLoss} -> {steps[^1].ValidationLoss}");
    }

    [Fact]
    public void Only_a_gpts_tokens_are_frozen_and_not_all_of_them()
    {
        TrainingOptions options = new() { FrozenTokens = 30 };

        Assert.Contains("is not one of the vocabulary of", Assert.Throws<ArgumentException>(
            () => new Trainer(Resized(_config), _data, options)).Message, StringComparison.Ordinal);
        Assert.Contains("Only a GPT's", Assert.Throws<ArgumentException>(
            () => new Trainer(new BigramConfig { VocabularySize = 30 }, _data, options)).Message, StringComparison.Ordinal);
    }

    private static LanguageModelConfig Resized(GptConfig config) => FineTuning.Resize(config, _data.Tokenizer.VocabularySize, 8);

    private static Tensor Parameter(LanguageModel model, string name) => model.NamedParameters().Single(pair => pair.Key == name).Value;

    private static Dictionary<string, float[]> Parameters(string path)
    {
        using RunDirectory run = RunDirectory.Open(path);
        return run.LoadModel().NamedParameters().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    private static void Resume(string path)
    {
        using RunDirectory run = RunDirectory.Open(path);
        run.Resume(_data).Run(null, run);
    }

    private sealed class Reports(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }

    private string Begin(string name, Gpt old, int frozen)
    {
        string path = Path.Combine(_folder, name);
        RunConfig config = new()
        {
            Data = new RunData { Source = "dogs", Kind = TextKind.RunningText, Sha256 = _data.SourceHash },
            From = "old",
            Model = Resized(old.Config),
            Training = new TrainingOptions
            {
                Steps = 20,
                BatchSize = 2,
                AccumulationSteps = 2,
                LearningRate = 1e-2f,
                WarmupSteps = 2,
                EvaluationInterval = 1,
                FrozenTokens = frozen,
            },
        };
        using RunDirectory run = RunDirectory.Create(path, config, _data.Tokenizer);
        run.BeginFrom(_data, old);
        return path;
    }
}
