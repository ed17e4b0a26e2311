using Nabla.Autograd;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Models;

/// <summary>The vocabulary of a trained model grows and shrinks, and nothing else about it changes.</summary>
public class VocabularySurgeryTests
{
    private const int Size = 11;

    public static TheoryData<bool> TiedOrNot => [true, false];

    [Fact]
    [Trait("Number", "L09-004")]
    public void The_vocabulary_enters_a_GPT_in_two_places()
    {
        KeyValuePair<string, Tensor>[] found =
            [.. new Gpt(Lecture(65)).NamedParameters().Where(pair => pair.Value.Rank == 2 && pair.Value.Shape.ToArray().Contains(65))];

        Assert.Equal(["wte.weight", "lm_head.weight"], found.Select(pair => pair.Key));
        Assert.All(found, pair => Assert.Equal(new Shape(65, 384), pair.Value.Shape));
    }

    [Fact]
    [Trait("Number", "L09-125")]
    public void A_vocabulary_of_65_adds_49985_parameters()
    {
        long perToken = new Gpt(Lecture(66)).ParameterCount - new Gpt(Lecture(65)).ParameterCount;

        Assert.Equal(49_985, 65 * perToken);
        Assert.Equal(49_985, VocabularySurgery.PerToken(new Gpt(Lecture(65))).Sum(parameter => parameter.Count));
    }

    [Theory]
    [MemberData(nameof(TiedOrNot))]
    [Trait("Number", "L09-118")]
    public void Growing_adds_rows_and_outputs_and_changes_nothing_else(bool tied)
    {
        Gpt model = Model(tied);

        Gpt grown = VocabularySurgery.Grow(model, 3, new RandomGenerator(5));

        Assert.Equal(Size + 3, grown.Config.VocabularySize);
        foreach (((string name, Tensor old), (_, Tensor parameter)) in model.NamedParameters().Zip(grown.NamedParameters()))
        {
            bool isPerToken = name is "wte.weight" or "lm_head.weight" or "lm_head.bias";
            Assert.Equal(isPerToken ? [Size + 3, .. old.Shape.ToArray()[1..]] : old.Shape.ToArray(), parameter.Shape.ToArray());
            Assert.Equal(old.ToArray(), parameter.Detach()[..old.Shape[0]].ToArray());
            if (isPerToken && old.Rank == 2)
            {
                float[] added = parameter.Detach()[Size..].ToArray();
                Assert.All(added, value => Assert.InRange(Math.Abs(value), 0.00001f, 0.1f));
                Assert.Equal(added.Length, added.Distinct().Count());
            }
        }

        Assert.Equal(model.NamedParameters().Count, grown.NamedParameters().Count);
        using NoGradScope noGrad = Tensor.NoGrad();
        IndexTensor ids = IndexTensor.From([3, 1, 4, 1, 5, 9], 2, 3);
        Tensor logits = grown.Forward(ids);
        Assert.Equal(new Shape(2, 3, Size + 3), logits.Shape);
        Assert.Equal(model.Forward(ids).ToArray(), logits[.., .., ..Size].ToArray());
    }

    [Fact]
    public void The_rows_of_new_tokens_follow_from_the_generator_alone()
    {
        float[] Rows(ulong seed) => VocabularySurgery.PerToken(VocabularySurgery.Grow(Model(true), 2, new RandomGenerator(seed)))[0]
            .Detach()[Size..].ToArray();

        Assert.Equal(Rows(1), Rows(1));
        Assert.NotEqual(Rows(1), Rows(2));
    }

    [Theory]
    [MemberData(nameof(TiedOrNot))]
    public void Shrinking_keeps_the_logits_of_the_tokens_that_are_kept(bool tied)
    {
        Gpt model = Model(tied);
        int[] newIds = [2, -1, 0, -1, -1, 3, -1, -1, 1, -1, -1];

        Gpt shrunk = VocabularySurgery.Shrink(model, newIds);

        using NoGradScope noGrad = Tensor.NoGrad();
        Tensor expected = model.Forward(IndexTensor.From([0, 8, 5, 2], 1, 4)).IndexSelect(2, IndexTensor.From([2, 8, 0, 5]));
        Assert.Equal(expected.ToArray(), shrunk.Forward(IndexTensor.From([2, 1, 3, 0], 1, 4)).ToArray());
    }

    [Fact]
    public void A_model_and_its_tokenizer_shrink_to_the_tokens_of_a_text_together()
    {
        const string Text = "the cat sat on the mat";
        RegexTokenizer tokenizer = RegexTokenizer.Train(string.Concat(Enumerable.Repeat(Text + ", and the dog ran. ", 20)), 290)
            .AddSpecialTokens("<|endoftext|>");
        Gpt model = new(Config(tied: true) with { VocabularySize = tokenizer.VocabularySize, ContextLength = 32 }, new RandomGenerator(1));

        ShrunkTokenizer shrunk = tokenizer.Keep(tokenizer.Encode(Text));
        Gpt small = VocabularySurgery.Shrink(model, shrunk.NewIds.AsSpan());

        Assert.Equal(shrunk.Tokenizer.VocabularySize, small.Config.VocabularySize);
        Assert.True(small.Config.VocabularySize < model.Config.VocabularySize);
        int[] kept = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => shrunk.NewIds[id] >= 0)];
        using NoGradScope noGrad = Tensor.NoGrad();
        Tensor before = model.Forward(IndexTensor.From(tokenizer.Encode(Text), 1, -1)).IndexSelect(2, IndexTensor.From(kept));
        Tensor after = small.Forward(IndexTensor.From(shrunk.Tokenizer.Encode(Text), 1, -1));
        Assert.Equal(before.ToArray(), after.ToArray());
    }

    [Fact]
    public void Shrinking_to_what_there_was_undoes_growing()
    {
        Gpt model = Model(tied: false);
        Gpt grown = VocabularySurgery.Grow(model, 2, new RandomGenerator(1));

        Gpt back = VocabularySurgery.Shrink(grown, [.. Enumerable.Range(0, Size), -1, -1]);

        Assert.Equal(
            model.Parameters().SelectMany(parameter => parameter.ToArray()),
            back.Parameters().SelectMany(parameter => parameter.ToArray()));
    }

    [Theory]
    [InlineData(new[] { 0, 1 }, "has 2 ids and the model 3")]
    [InlineData(new[] { 0, 0, -1 }, "id 1 becomes 0")]
    [InlineData(new[] { 0, 2, -1 }, "id 1 becomes 2")]
    [InlineData(new[] { 0, -2, -1 }, "id 1 becomes -2")]
    [InlineData(new[] { -1, -1, -1 }, "keeps no token")]
    public void A_map_that_is_none_is_refused(int[] newIds, string fault)
    {
        Gpt model = new(Config(tied: true) with { VocabularySize = 3 });

        string message = Assert.Throws<ArgumentException>(() => VocabularySurgery.Shrink(model, newIds)).Message;

        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Nothing_to_add_is_refused()
        => Assert.Contains("at least 1", Assert.Throws<ArgumentException>(
            () => VocabularySurgery.Grow(Model(true), 0, new RandomGenerator(1))).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(TiedOrNot))]
    [Trait("Number", "L09-119")]
    public void Training_the_new_rows_changes_only_these(bool tied)
    {
        Gpt model = VocabularySurgery.Grow(Model(tied), 2, new RandomGenerator(5));
        Dictionary<string, float[]> before = model.NamedParameters().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
        IndexTensor x = IndexTensor.From([3, 11, 4, 12, 5, 9], 2, 3);
        IndexTensor y = IndexTensor.From([11, 4, 12, 5, 9, 2], 2, 3);
        float first = model.Loss(x, y).Item();

        NewTokenTraining training = new(model, Size, learningRate: 0.05f);
        for (int step = 0; step < 10; step++)
        {
            model.Loss(x, y).Backward();
            training.Step();
        }

        Assert.True(model.Loss(x, y).Item() < first);
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            bool isPerToken = name is "wte.weight" or "lm_head.weight" or "lm_head.bias";
            int kept = isPerToken ? Size * parameter.Count / (Size + 2) : parameter.Count;
            float[] after = parameter.ToArray();
            Assert.Equal(before[name][..kept], after[..kept]);
            Assert.All(Enumerable.Range(kept, parameter.Count - kept), place => Assert.NotEqual(before[name][place], after[place]));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Size)]
    public void The_first_new_id_must_be_one_of_the_vocabulary(int id)
        => Assert.Equal($"NewTokenTraining: the first new id {id} is not one of the vocabulary of 11.", Assert.Throws<ArgumentException>(
            () => new NewTokenTraining(Model(true), id)).Message);

    [Fact]
    [Trait("Number", "L09-120")]
    public void Gist_tokens_learn_to_stand_for_a_long_prompt()
    {
        // Teacher: the model after a prompt of six tokens. Student: the same model after two gist tokens in its place.
        const int GistCount = 2;
        Gpt model = VocabularySurgery.Grow(Model(tied: false), GistCount, new RandomGenerator(5));

        // The text stands four places earlier after the gist, which no embedding of a token could make good.
        model.NamedParameters().Single(pair => pair.Key == "wpe.weight").Value.Detach().ZeroInPlace();
        Dictionary<string, float[]> before = model.NamedParameters().ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
        int[] prompt = [3, 1, 4, 1, 5, 9];
        int[] gist = [Size, Size + 1];
        int[][] texts = [[2, 6, 5, 3], [5, 8, 9, 7], [0, 10, 2, 2]];
        Tensor expected;
        using (Tensor.NoGrad())
        {
            expected = After(prompt).Softmax(-1);
        }

        NewTokenTraining training = new(model, Size, learningRate: 0.05f);
        float first = float.NaN;
        float last = float.NaN;
        for (int step = 0; step < 60; step++)
        {
            Tensor loss = (expected * (expected.Log() - After(gist).LogSoftmax(-1))).Sum() / (texts.Length * texts[0].Length);
            (first, last) = (step == 0 ? loss.Item() : first, loss.Item());
            loss.Backward();
            training.Step();
        }

        Assert.True(last < 0.7f * first, $"{first} -> {last}");
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            int kept = name == "wte.weight" ? Size * parameter.Shape[1] : parameter.Count;
            Assert.Equal(before[name][..kept], parameter.ToArray()[..kept]);
            Assert.Equal(name == "wte.weight", !before[name].SequenceEqual(parameter.ToArray()));
        }

        // What the model says of the old tokens, [texts, T, Size], after a beginning that all texts share.
        Tensor After(int[] beginning)
        {
            int[] ids = [.. texts.SelectMany(text => (int[])[.. beginning, .. text])];
            return model.Forward(IndexTensor.From(ids, texts.Length, -1))[.., beginning.Length.., ..Size];
        }
    }

    [Fact]
    [Trait("Number", "L09-124")]
    public void The_embedding_of_a_token_that_the_models_corpus_never_has_gets_no_gradient()
    {
        // The tokenizer learns " SolidGoldMagikarp" from one corpus; the model learns from another, without the name.
        RegexTokenizer tokenizer = RegexTokenizer.Train(
            string.Concat(Enumerable.Repeat("posts by SolidGoldMagikarp, counted. ", 50)), 300, TextSplitter.Gpt2);
        int glitch = Assert.Single(tokenizer.Encode(" SolidGoldMagikarp"));
        int[] ids = tokenizer.Encode("posts by others, counted by hand, and posts of posts of posts");
        Gpt model = new(Config(tied: false) with { VocabularySize = tokenizer.VocabularySize, ContextLength = 64 }, new RandomGenerator(1));

        model.Loss(IndexTensor.From(ids.AsSpan(0, ids.Length - 1), 1, -1), IndexTensor.From(ids.AsSpan(1), 1, -1)).Backward();

        Assert.Equal(0, ids.Count(id => id == glitch));
        Tensor gradient = model.NamedParameters().Single(pair => pair.Key == "wte.weight").Value.Grad!;
        Assert.All(gradient[glitch].ToArray(), value => Assert.Equal(0, value));
        Assert.All(ids[..^1], id => Assert.Contains(gradient[id].ToArray(), value => value != 0));

        // The head's row does get one: being wrong about every token pushes the unseen one down.
        Tensor head = model.NamedParameters().Single(pair => pair.Key == "lm_head.weight").Value.Grad!;
        Assert.Contains(head[glitch].ToArray(), value => value != 0);
    }

    private static Gpt Model(bool tied) => new(Config(tied), new RandomGenerator(1));

    // Weights large enough that tokens differ clearly.
    private static GptConfig Config(bool tied) => new()
    {
        VocabularySize = Size,
        ContextLength = 12,
        LayerCount = 2,
        HeadCount = 2,
        Width = 8,
        TieWeights = tied,
        HeadBias = !tied,
        Initialization = GptInitialization.LayerDefault,
    };

    private static GptConfig Lecture(int vocabularySize)
        => GptConfig.Lecture with { VocabularySize = vocabularySize, ContextLength = 8, LayerCount = 1 };
}
