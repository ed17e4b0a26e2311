using Nabla.Optim;

namespace Nabla.Language.Tests.Lectures;

/// <summary>GPT-2 as the lecture takes it apart: its sizes, its names, and how its parts behave before any training.</summary>
public sealed class Gpt2ModelTests
{
    private static readonly GptConfig _small = new() { VocabularySize = 60, ContextLength = 16, LayerCount = 2, HeadCount = 4, Width = 32 };

    private readonly RandomGenerator _random = new(1337);

    // Drawing 124 million numbers takes seconds, so the tests that only look share one model.
    private static Gpt Gpt2 => LazyModel.Value;

    private static Lazy<Gpt> LazyModel { get; } = new(() => new Gpt(new GptConfig(), new RandomGenerator(1337)));

    [Fact]
    [Trait("Number", "L10-001")]
    [Trait("Number", "L10-003")]
    public void The_defaults_are_the_lectures_and_training_changes_the_vocabulary_only()
    {
        GptConfig config = new();

        Assert.Equal((1024, 50257, 12, 12, 768),
            (config.ContextLength, config.VocabularySize, config.LayerCount, config.HeadCount, config.Width));
        GptConfig padded = config with { VocabularySize = 50304 };
        Assert.Equal((50304, config), (padded.VocabularySize, padded with { VocabularySize = 50257 }));
    }

    [Fact]
    [Trait("Number", "L10-004")]
    [Trait("Number", "L10-005")]
    [Trait("Number", "L10-021")]
    public void The_weights_have_the_published_names_and_the_shapes_of_linear_layers()
    {
        Dictionary<string, Shape> shapes = Gpt2.StateDict().ToDictionary(pair => pair.Key, pair => pair.Value.Shape);

        Assert.Equal(new Shape(50257, 768), shapes["wte.weight"]);
        Assert.Equal(new Shape(1024, 768), shapes["wpe.weight"]);
        for (int layer = 0; layer < 12; layer++)
        {
            Assert.Equal(new Shape(2304, 768), shapes[$"h.{layer}.attn.c_attn.weight"]);
            Assert.Equal(new Shape(2304), shapes[$"h.{layer}.attn.c_attn.bias"]);
            Assert.Equal(new Shape(768, 768), shapes[$"h.{layer}.attn.c_proj.weight"]);
            Assert.Equal(new Shape(3072, 768), shapes[$"h.{layer}.mlp.c_fc.weight"]);
            Assert.Equal(new Shape(768, 3072), shapes[$"h.{layer}.mlp.c_proj.weight"]);
            Assert.Equal(new Shape(768), shapes[$"h.{layer}.ln_1.weight"]);
            Assert.Equal(new Shape(768), shapes[$"h.{layer}.ln_2.bias"]);
        }

        Assert.Equal(new Shape(768), shapes["ln_f.weight"]);

        // PyTorch counts the head under a name of its own: 149. Ours is the token embedding, saved once; there is no mask among them.
        Assert.Equal(149 - 1, shapes.Count);
        Assert.DoesNotContain(shapes.Keys, name => name.StartsWith("lm_head", StringComparison.Ordinal) || name.EndsWith(".attn.bias", StringComparison.Ordinal));
        Assert.DoesNotContain("h.12.ln_1.weight", shapes.Keys);
        Assert.Empty(Gpt2.NamedBuffers());
        Nn.Linear head = (Nn.Linear)Gpt2.Children.Single(child => child.Key == "lm_head").Value;
        Assert.Equal((new Shape(50257, 768), null), (head.Weight.Shape, head.Bias));
    }

    [Theory]
    [InlineData(12, 12, 768, 124_439_808)]
    [InlineData(24, 16, 1024, 354_823_168)]
    [InlineData(36, 20, 1280, 774_030_080)]
    [InlineData(48, 25, 1600, 1_557_611_200)]
    [Trait("Number", "L10-007")]
    public void The_four_sizes_have_their_number_of_parameters(int layers, int heads, int width, long expected)
    {
        GptConfig config = new() { LayerCount = layers, HeadCount = heads, Width = width };

        Assert.Equal(expected, Gpt2Layout.All(config).Sum(tensor => (long)tensor.Shape.Count));
        config.Validate();
    }

    [Fact]
    [Trait("Number", "L10-006")]
    [Trait("Number", "L10-008")]
    [Trait("Number", "L10-090")]
    public void Tying_saves_a_third_and_padding_costs_little()
    {
        static long Count(GptConfig config) => Gpt2Layout.All(config).Sum(tensor => (long)tensor.Shape.Count);
        GptConfig config = new();
        long tied = Count(config);
        long untied = Count(config with { TieWeights = false });

        Assert.Equal(Gpt2.ParameterCount, tied);
        Assert.Equal((124_439_808, 163_037_184, 38_597_376), (tied, untied, untied - tied));
        Assert.Equal(0.3102, (untied - tied) / (double)tied, 1e-4);
        long padded = Count(config with { VocabularySize = 50304 });
        Assert.Equal((124_475_904, 36_096, 47), (padded, padded - tied, 50304 - 50257));
        Assert.Equal((393, 0), (50304 / 128, 50304 % 128));
        Assert.All((int[])[8, 16, 32, 64, 128], divisor => Assert.Equal(0, 50304 % divisor));
    }

    [Fact]
    [Trait("Number", "L10-009")]
    public void The_head_and_the_embedding_are_one_tensor_and_the_optimiser_holds_it_once()
    {
        Gpt model = new(_small, _random);
        Nn.Embedding tokens = (Nn.Embedding)model.Children.Single(child => child.Key == "wte").Value;
        Nn.Linear head = (Nn.Linear)model.Children.Single(child => child.Key == "lm_head").Value;
        using (Tensor.NoGrad())
        {
            tokens.Weight.FillInPlace(3);
        }

        Assert.All(head.Weight.ToArray(), value => Assert.Equal(3, value));
        Assert.Same(tokens.Weight, head.Weight);
        Assert.Single(model.Parameters(), parameter => ReferenceEquals(parameter, head.Weight));
        Assert.Throws<ArgumentException>(() => new AdamW([.. model.Parameters(), head.Weight], 1e-3f));
    }

    [Fact]
    [Trait("Number", "L10-010")]
    public void The_gradient_of_the_tied_tensor_is_the_sum_of_both_uses()
    {
        Gpt tied = new(_small, _random);
        Gpt untied = new(_small with { TieWeights = false });
        Dictionary<string, Tensor> weights = tied.NamedParameters().ToDictionary();
        using (Tensor.NoGrad())
        {
            foreach ((string name, Tensor parameter) in untied.NamedParameters())
            {
                parameter.CopyInPlace(weights[name == Gpt2Layout.Head ? "wte.weight" : name]);
            }
        }

        (IndexTensor ids, IndexTensor targets) = Batch();
        tied.Loss(ids, targets).Backward();
        untied.Loss(ids, targets).Backward();

        Dictionary<string, Tensor> apart = untied.NamedParameters().ToDictionary();
        float[] sum = [.. apart["wte.weight"].Grad!.ToArray().Zip(apart[Gpt2Layout.Head].Grad!.ToArray(), (a, b) => a + b)];
        Assert.Equal(sum, weights["wte.weight"].Grad!.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-6f);
        Assert.True(sum.Max() > 1e-3f);
    }

    [Fact]
    [Trait("Number", "L10-011")]
    [Trait("Number", "L10-012")]
    public void A_block_adds_to_the_stream_and_the_last_norm_evens_it()
    {
        Gpt model = new(_small, _random);
        using (Tensor.NoGrad())
        {
            foreach ((string name, Tensor parameter) in model.NamedParameters())
            {
                if (name.Contains("c_proj", StringComparison.Ordinal))
                {
                    parameter.ZeroInPlace();
                }
            }
        }

        // With nothing added by any block, the head sees the norm of the embeddings themselves.
        Dictionary<string, Tensor> weights = model.NamedParameters().ToDictionary();
        (IndexTensor ids, _) = Batch();
        Tensor stream = weights["wte.weight"][ids] + weights["wpe.weight"];
        Tensor even = stream.LayerNorm(weights["ln_f.weight"], weights["ln_f.bias"]);
        Assert.Equal(even.Linear(weights["wte.weight"]).ToArray(), model.Forward(ids).ToArray());

        foreach (float[] row in even.View(-1, 32).ToArray().Chunk(32))
        {
            Assert.Equal(0, row.Average(), 0.05);
            Assert.Equal(1, row.Average(value => value * value), 0.05);
        }
    }

    [Fact]
    [Trait("Number", "L10-013")]
    [Trait("Number", "L10-093")]
    public void Heads_are_64_wide_and_the_MLP_four_times_the_stream()
    {
        GptConfig config = new();
        Dictionary<string, Shape> block = Gpt2Layout.Block(config, 0).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);

        Assert.Equal((3072, 2304), (block["h.0.mlp.c_fc.weight"][0], block["h.0.attn.c_attn.weight"][0]));
        Assert.Equal(64, config.Width / config.HeadCount);
        Assert.Equal(64, 1600 / 25);

        // The scale is the kernel's: one key, twice as long as the query is wide, tells it.
        Tensor joint = Tensor.Zeros(1, 2, 192);
        joint[0, 1, ..128].FillInPlace(1);
        joint[0, 0, 64..128].FillInPlace(1);
        joint[0, 1, 64..128].FillInPlace(1.5f);
        joint[0, 1, 128..].FillInPlace(1);
        double odds = Math.Exp(0.125 * 64 * (1.5 - 1)); // of the second key against the first
        Assert.Equal(odds / (1 + odds), joint.CausalSelfAttention(1)[0, 1, 0].Item(), 1e-5);
    }

    [Fact]
    [Trait("Number", "L10-014")]
    [Trait("Number", "L10-015")]
    [Trait("Number", "L10-016")]
    public void The_two_forms_of_GELU_have_their_values_and_hardly_differ()
    {
        Tensor x = Tensor.From([-3, -1, -0.5f, 0.5f, 1, 2]);
        AssertClose([-0.003637392, -0.158808009, -0.154285990, 0.345714010, 0.841191991, 1.954597694], x.Gelu().ToArray(), 1e-6);
        AssertClose([-0.004049694, -0.158655254, -0.154268769, 0.345731231, 0.841344746, 1.954499736], x.GeluExact().ToArray(), 1e-6);

        float[] places = [.. Enumerable.Range(-6000, 12001).Select(i => i / 1000f)];
        float[] differences = [.. Tensor.From(places).Gelu().ToArray().Zip(Tensor.From(places).GeluExact().ToArray(), (a, b) => Math.Abs(a - b))];
        Assert.Equal(0.000473236, differences.Max(), 1e-6);
        Assert.Equal(2.699, Math.Abs(places[Array.IndexOf(differences, differences.Max())]), 0.02);
    }

    [Fact]
    [Trait("Number", "L10-017")]
    [Trait("Number", "L10-018")]
    [Trait("Number", "L10-084")]
    public void GELU_of_single_operations_is_the_same_and_its_slope_below_zero_lives()
    {
        Tensor x = Tensor.From([.. Enumerable.Range(-600, 1201).Select(i => i / 100f)]);
        Tensor inner = (x + (x * x * x * 0.044715f)) * MathF.Sqrt(2 / MathF.PI);
        AssertClose([.. ((x * 0.5f) * (inner.Tanh() + 1)).ToArray().Select(value => (double)value)], x.Gelu().ToArray(), 1e-6);

        Assert.Equal(-0.0833, Slope(at => at.GeluExact()), 1e-4);
        Assert.Equal(0, Slope(at => at.Relu()));
    }

    [Fact]
    [Trait("Number", "L10-019")]
    public void Heads_at_once_are_the_heads_one_by_one_forward_and_backward()
    {
        Tensor together = Tensor.Randn(_random, 2, 9, 3 * 32);
        Tensor apart = together.Clone();
        together.RequiresGrad = apart.RequiresGrad = true;
        Tensor upstream = Tensor.Randn(_random, 2, 9, 32);

        Tensor joint = together.CausalSelfAttention(4);
        Tensor single = Tensor.Cat([.. Enumerable.Range(0, 4).Select(head => OneHead(apart, 8 * head, 8))], -1);
        (joint * upstream).Sum().Backward();
        (single * upstream).Sum().Backward();

        AssertClose([.. single.ToArray().Select(value => (double)value)], joint.ToArray(), 1e-5);
        AssertClose([.. apart.Grad!.ToArray().Select(value => (double)value)], together.Grad!.ToArray(), 1e-5);
    }

    [Fact]
    [Trait("Number", "L10-020")]
    public void A_token_changes_no_logit_before_it_and_every_row_attends_in_whole()
    {
        Gpt model = new(_small, _random);
        int[] ids = [.. Enumerable.Range(0, 16)];
        float[] before = model.Forward(IndexTensor.From(ids, 1, 16))[.., ..7].ToArray();
        ids[7] = 55;

        Tensor after = model.Forward(IndexTensor.From(ids, 1, 16));

        Assert.Equal(before, after[.., ..7].ToArray());
        Assert.NotEqual(before[^1], after[0, 7, ^1].Item());

        // Values of one everywhere come out as the sum of the row's weights.
        Tensor joint = Tensor.Randn(_random, 1, 12, 96);
        joint[.., .., 64..].FillInPlace(1);
        Assert.All(joint.CausalSelfAttention(4).ToArray(), sum => Assert.Equal(1, sum, 1e-6f));
    }

    [Fact]
    [Trait("Number", "L10-022")]
    public void The_whole_model_gives_a_logit_for_every_token_of_every_place()
    {
        IndexTensor ids = IndexTensor.From([.. Enumerable.Range(0, 128).Select(i => i * 391)], 4, 32);
        using (Tensor.NoGrad())
        {
            Assert.Equal(new Shape(4, 32, 50257), Gpt2.Forward(ids).Shape);
            Assert.Equal(new Shape(), Gpt2.Loss(ids, ids).Shape);
        }
    }

    [Fact]
    [Trait("Number", "L10-023")]
    public void The_context_is_the_most_that_it_sees()
    {
        Gpt model = new(_small with { ContextLength = 1024, Width = 4, LayerCount = 1 }, _random);

        Assert.Equal(new Shape(1, 1, 60), model.Forward(IndexTensor.Zeros(1, 1)).Shape);
        Assert.Equal(new Shape(1, 1024, 60), model.Forward(IndexTensor.Zeros(1, 1024)).Shape);
        Assert.Contains("with at most 1024 tokens", Assert.Throws<ShapeException>(
            () => model.Forward(IndexTensor.Zeros(1, 1025))).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L10-024")]
    public void The_loss_is_the_mean_of_the_targets_negative_log_probabilities()
    {
        Gpt model = new(_small, _random);
        (IndexTensor ids, IndexTensor targets) = Batch();

        float[] logs = model.Forward(ids).View(-1, 60).LogSoftmax(-1).ToArray();
        double sum = targets.ToArray().Select((target, row) => -(double)logs[(60 * row) + target]).Average();

        Assert.Equal(sum, model.Loss(ids, targets).Item(), 1e-5);
    }

    [Fact]
    [Trait("Number", "L10-108")]
    public void Evaluation_mode_changes_nothing_since_nothing_is_dropped()
    {
        Gpt model = new(_small, _random);
        (IndexTensor ids, _) = Batch();
        float[] training = model.Forward(ids).ToArray();

        model.Eval();

        Assert.Equal(training, model.Forward(ids).ToArray());
    }

    private static Tensor OneHead(Tensor joint, int start, int width)
    {
        Tensor[] parts = [.. Enumerable.Range(0, 3).Select(part => joint[.., .., ((32 * part) + start)..((32 * part) + start + width)])];
        Tensor future = Tensor.From([.. Enumerable.Range(0, 81).Select(i => i % 9 > i / 9 ? -1e30f : 0)], 9, 9);
        Tensor scores = (parts[0].MatMul(parts[1].Transpose(1, 2)) * (1 / MathF.Sqrt(width))) + future;
        return scores.Softmax(-1).MatMul(parts[2]);
    }

    private static double Slope(Func<Tensor, Tensor> function)
    {
        Tensor x = Tensor.From([-1]);
        x.RequiresGrad = true;
        function(x).Sum().Backward();
        return x.Grad!.ToArray()[0];
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static (IndexTensor Ids, IndexTensor Targets) Batch() => (
        IndexTensor.From([.. Enumerable.Range(0, 32).Select(i => (i * 7) % 60)], 2, 16),
        IndexTensor.From([.. Enumerable.Range(0, 32).Select(i => (i * 11) % 60)], 2, 16));
}
