using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Generation;

public class GeneratorTests
{
    private static readonly CharacterTokenizer _tokenizer = CharacterTokenizer.FromText("abcdefgh\n");

    private static readonly Gpt _model = Random(contextLength: 8);

    [Theory]
    [InlineData(0f, 0, 1f)]
    [InlineData(1f, 0, 1f)]
    [InlineData(0.7f, 3, 1f)]
    [InlineData(1.3f, 0, 0.6f)]
    public void The_cache_changes_nothing_also_past_the_window(float temperature, int topK, float topP)
    {
        GenerationOptions options = new() { MaxTokens = 30, Temperature = temperature, TopK = topK, TopP = topP, Seed = 3 };
        Generator generator = new(_model, _tokenizer);
        string cached = generator.Generate([1, 2], options);
        Assert.Equal(30, cached.Length);
        Assert.Equal(cached, generator.Generate([1, 2], options with { UseCache = false }));
    }

    [Fact]
    [Trait("Number", "L07-074")]
    public void The_same_seed_gives_the_same_text_and_dropout_is_off()
    {
        Generator generator = new(new Gpt(_model.Config with { Dropout = 0.5f }, new RandomGenerator(1)), _tokenizer);
        GenerationOptions options = new() { MaxTokens = 40, Seed = 5 };
        string text = generator.Generate([0], options);
        Assert.Equal(text, generator.Generate([0], options));
        Assert.NotEqual(text, generator.Generate([0], options with { Seed = 6 }));
        Assert.Equal(text, new Generator(Random(8), _tokenizer).Generate([0], options));
    }

    [Fact]
    public void Several_texts_never_draw_what_the_tokenizer_has_not()
    {
        Gpt padded = new(_model.Config with { VocabularySize = 16 }, new RandomGenerator(1));
        Dictionary<string, Tensor> weights = padded.NamedParameters().ToDictionary();
        using (Tensor.NoGrad())
        {
            // By far the likeliest tokens are those that nothing stands for.
            weights["ln_f.bias"].FillInPlace(1);
            weights["wte.weight"][_tokenizer.VocabularySize..].FillInPlace(100);
        }

        // Long enough to outgrow the context, where each text goes on by itself.
        GenerationOptions options = new() { MaxTokens = 20, Seed = 3 };
        Generator generator = new(padded, _tokenizer);
        string[] texts = [.. generator.GenerateMany([[1, 2], [1, 2], [3]], options)];

        Assert.Equal([generator.Generate([1, 2], options), generator.Generate([1, 2], options with { Seed = 4 }),
            generator.Generate([3], options with { Seed = 5 })], texts);
        Assert.All(texts, text => Assert.Equal(20, text.Length));
    }

    [Fact]
    public void Greedy_takes_the_likeliest_token_and_top_1_is_greedy()
    {
        Generator generator = new(_model, _tokenizer);
        int first = generator.StreamIds([3], new GenerationOptions { Temperature = 0, MaxTokens = 1 }).Single();
        using (Tensor.NoGrad())
        {
            Assert.Equal(_model.NextLogits(IndexTensor.From([3], 1, 1)).ArgMax().Item(), first);
        }

        Assert.Equal(
            generator.Generate([3], new GenerationOptions { Temperature = 0, MaxTokens = 20 }),
            generator.Generate([3], new GenerationOptions { TopK = 1, MaxTokens = 20 }));
    }

    [Fact]
    public void Top_k_and_top_p_never_draw_what_they_exclude()
    {
        float[] logits = [0, 3, 1, 2, -1];
        HashSet<int> byCount = Draw(logits, new GenerationOptions { TopK = 2 });
        Assert.Equal([1, 3], byCount.Order());

        // Probabilities 0.03, 0.64, 0.09, 0.24, 0.01: the first two reach 0.8, and 0.6 needs but one.
        Assert.Equal([1, 3], Draw(logits, new GenerationOptions { TopP = 0.8f }).Order());
        Assert.Equal([1], Draw(logits, new GenerationOptions { TopP = 0.6f }));
        Assert.Equal([0, 1, 2, 3, 4], Draw(logits, new GenerationOptions { Temperature = 2 }).Order());
    }

    [Fact]
    public void Draws_follow_the_softmax_at_the_temperature()
    {
        float[] logits = [0, 1, 2];
        TokenSampler sampler = new(new GenerationOptions { Temperature = 0.5f, Seed = 11 });
        int[] counts = new int[3];
        for (int i = 0; i < 20_000; i++)
        {
            counts[sampler.Draw(logits)]++;
        }

        double[] weights = [1, Math.Exp(2), Math.Exp(4)];
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(weights[i] / weights.Sum(), counts[i] / 20_000.0, 0.01));
    }

    [Fact]
    public void A_stop_token_ends_the_text_and_is_not_part_of_it()
    {
        Generator generator = new(_model, _tokenizer);
        GenerationOptions options = new() { MaxTokens = 200, Seed = 2 };
        int[] all = [.. generator.StreamIds([1], options)];
        int stop = all[50];
        int[] stopped = [.. generator.StreamIds([1], options with { StopToken = stop })];
        Assert.Equal(all[..Array.IndexOf(all, stop)], stopped);
    }

    [Fact]
    public void A_stop_string_that_spans_tokens_ends_the_text_before_it()
    {
        Generator generator = new(_model, _tokenizer);
        GenerationOptions options = new() { MaxTokens = 100, Seed = 2 };
        string whole = generator.Generate([1], options);
        string stop = whole[40..43];
        string text = string.Concat(generator.Stream([1], options with { StopStrings = ["no such", stop] }));
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], text);
    }

    [Fact]
    public void Held_back_text_comes_at_the_end()
    {
        Generator generator = new(_model, _tokenizer);
        GenerationOptions options = new() { MaxTokens = 10, Seed = 2 };
        string whole = generator.Generate([1], options);
        Assert.Equal(whole, generator.Generate([1], options with { StopStrings = [whole[^2..] + "abc"] }));
    }

    // More texts than are written at once; some end early, some outgrow the context, one begins beyond it.
    [Theory]
    [InlineData(40, true)]
    [InlineData(4, true)]
    [InlineData(0, true)]
    [InlineData(6, false)]
    public void Texts_written_together_are_those_written_alone(int maxTokens, bool useCache)
    {
        Generator generator = new(_model, _tokenizer);
        GenerationOptions options = new()
        {
            MaxTokens = maxTokens,
            Seed = 20,
            StopToken = 8,
            StopStrings = ["ab"],
            UseCache = useCache,
            TopP = 0.95f,
        };
        int[][] prompts = [.. Enumerable.Range(0, 40).Select(i => i % 7 < 4 ? new[] { 1, 2 } : [.. Enumerable.Range(0, 1 + (i % 11))])];
        string[] expected = [.. prompts.Select((prompt, i) => generator.Generate([.. prompt.Select(id => id % 8)], Seeded(i)))];
        Assert.Equal(expected, generator.GenerateMany([.. prompts.Select(prompt => prompt.Select(id => id % 8).ToArray())], options));
        GenerationOptions Seeded(int i) => options with { Seed = 20 + (ulong)i };
    }

    [Fact]
    public void Texts_written_together_end_where_they_are_cancelled()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Equal(["", ""], new Generator(_model, _tokenizer).GenerateMany([[1], [2]], null, source.Token));
        Assert.Throws<ArgumentException>(() => new Generator(_model, _tokenizer).GenerateMany([[1], []]));
    }

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(5, 1f)]
    [InlineData(400, 1f)]
    [InlineData(5000, 1f)]
    [InlineData(0, 0.3f)]
    [InlineData(0, 0.999f)]
    [InlineData(300, 0.5f)]
    [InlineData(0, 1e-6f)]
    public void The_likeliest_tokens_are_those_that_sorting_finds(int topK, float topP)
    {
        // Some weights are equal, some almost, and some nothing.
        RandomGenerator random = new(4);
        float[] weights = [.. Enumerable.Range(0, 3000).Select(i => i % 5 == 0 ? 0.25f : i % 7 == 0 ? 0 : MathF.Exp(-8 * random.NextSingle()))];
        weights[1234] = 1;
        IEnumerable<int> order = Enumerable.Range(0, weights.Length).OrderByDescending(id => weights[id]);
        int[] first = [.. order.Take(topK > 0 ? topK : weights.Length)];
        double enough = topP < 1 ? topP * first.Sum(id => (double)weights[id]) : double.PositiveInfinity;
        double reached = 0;
        int[] expected = [.. first.TakeWhile(id => (reached += weights[id]) - weights[id] < enough).Order()];
        LikeliestTokens likeliest = new(topK, topP);
        likeliest.Choose(weights);
        Assert.Equal(expected, likeliest.Ids.ToArray());
        Assert.Equal(expected.Select(id => weights[id]), likeliest.Weights.ToArray());
    }

    [Fact]
    public void A_cancelled_stream_ends()
    {
        using CancellationTokenSource source = new();
        int count = 0;
        foreach (int id in new Generator(_model, _tokenizer).StreamIds([1], null, source.Token))
        {
            if (++count == 5)
            {
                source.Cancel();
            }
        }

        Assert.Equal(5, count);
    }

    [Fact]
    public void Wrong_options_and_an_empty_prompt_are_refused()
    {
        Generator generator = new(_model, _tokenizer);
        Assert.Throws<ArgumentException>(() => generator.Generate([]));
        Assert.Contains("temperature", Refused(new GenerationOptions { Temperature = -1 }), StringComparison.Ordinal);
        Assert.Contains("Top-p", Refused(new GenerationOptions { TopP = 0 }), StringComparison.Ordinal);
        Assert.Contains("Top-k", Refused(new GenerationOptions { TopK = -1 }), StringComparison.Ordinal);
        Assert.Contains("stop string", Refused(new GenerationOptions { StopStrings = [string.Empty] }), StringComparison.Ordinal);
        string Refused(GenerationOptions options) => Assert.Throws<ArgumentException>(() => generator.Generate([1], options)).Message;
    }

    private static HashSet<int> Draw(float[] logits, GenerationOptions options)
    {
        TokenSampler sampler = new(options with { Seed = 7 });
        return [.. Enumerable.Range(0, 2000).Select(_ => sampler.Draw(logits))];
    }

    // Weights large enough that the logits differ clearly.
    private static Gpt Random(int contextLength)
    {
        GptConfig config = new()
        {
            VocabularySize = _tokenizer.VocabularySize,
            ContextLength = contextLength,
            LayerCount = 2,
            HeadCount = 2,
            Width = 16,
            Initialization = GptInitialization.LayerDefault,
        };
        return new Gpt(config, new RandomGenerator(1));
    }
}
