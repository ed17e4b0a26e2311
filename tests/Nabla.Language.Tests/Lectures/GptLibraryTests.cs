using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Optim;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>What the GPT lecture builds, or says of nanoGPT, in the library's own model, trainer and generator.</summary>
public sealed class GptLibraryTests
{
    private static readonly GptConfig _lecture = GptConfig.SmallLecture with { ContextLength = 8, LayerCount = 3, Width = 32 };

    private static readonly TextDataset _cats = RunningText.Create(
        string.Concat(Enumerable.Repeat("the cat sat on the mat. a dog ran by. ", 40)), "cats");

    [Fact]
    [Trait("Number", "L07-086")]
    public void Heads_computed_together_equal_the_lectures_list_of_heads()
    {
        LectureGpt lecture = GptStages.LastNorm(new RandomGenerator(1337));
        Gpt model = new(_lecture);
        CopyLecture(lecture, model);

        IndexTensor ids = IndexTensor.Randint(new RandomGenerator(1), 0, 65, 4, 8);
        IndexTensor targets = IndexTensor.Randint(new RandomGenerator(2), 0, 65, 4, 8);
        Assert.True(model.Forward(ids).AllClose(lecture.Logits(ids), 1e-5f, 1e-5f));

        model.Loss(ids, targets).Backward();
        lecture.Loss(ids, targets).Backward();
        Tensor ours = model.NamedParameters().First(pair => pair.Key == "wpe.weight").Value.Grad!;
        Assert.True(ours.AllClose(lecture.NamedParameters().First(pair => pair.Key == "positions.weight").Value.Grad!, 1e-4f, 1e-6f));
    }

    [Fact]
    [Trait("Number", "L07-066")]
    [Trait("Number", "ON-013")]
    public void Blocks_whose_projections_are_zero_pass_on_what_they_get()
    {
        Gpt model = new(_lecture, new RandomGenerator(1));
        Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
        using var noGrad = Tensor.NoGrad();
        foreach (string name in parameters.Keys.Where(name => name.Contains("c_proj", StringComparison.Ordinal)))
        {
            parameters[name].ZeroInPlace();
        }

        IndexTensor ids = IndexTensor.From([3, 1, 4, 1, 5], 1, 5);
        Tensor embedded = parameters["wte.weight"][ids] + parameters["wpe.weight"][..5];
        Tensor expected = embedded.LayerNorm(parameters["ln_f.weight"], parameters["ln_f.bias"])
            .Linear(parameters["lm_head.weight"], parameters["lm_head.bias"]);
        Assert.True(model.Forward(ids).AllClose(expected));
    }

    [Fact]
    [Trait("Number", "ON-017")]
    public void A_forward_pass_looks_ids_up_in_fixed_tables()
    {
        Gpt model = new(_lecture, new RandomGenerator(1));
        float[][] before = [.. model.Parameters().Select(parameter => parameter.ToArray())];
        IndexTensor ids = IndexTensor.From([7, 7, 7, 7], 1, 4);
        Tensor logits = model.Forward(ids);
        Assert.Equal(before, model.Parameters().Select(parameter => parameter.ToArray()));
        Assert.False(logits.AllClose(model.Forward(IndexTensor.From([8, 8, 8, 8], 1, 4)), 1e-2f, 1e-2f));
        Assert.False(logits[.., 0].AllClose(logits[.., 1], 1e-2f, 1e-2f)); // the same token, in another position
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Number", "L07-073")]
    public void Dropout_is_drawn_three_times_in_every_block_and_once_on_the_embeddings(int layers)
    {
        RandomGenerator dropout = new(5);
        Gpt model = new(_lecture with { LayerCount = layers, Dropout = 0.2f }, new RandomGenerator(1), dropout);
        model.Forward(IndexTensor.From([3, 1, 4], 1, 3));

        // Every use takes one seed of its mask from the generator.
        RandomGenerator counted = new(5);
        int uses = 0;
        while (!counted.GetState().ToBytes().AsSpan().SequenceEqual(dropout.GetState().ToBytes()) && uses < 100)
        {
            counted.NextUInt64();
            uses++;
        }

        Assert.Equal(1 + (3 * layers), uses);
    }

    [Fact]
    [Trait("Number", "L07-032")]
    [Trait("Number", "ON-022")]
    public void An_estimate_is_the_mean_over_its_windows_without_dropout_or_graph_and_leaves_the_mode()
    {
        Gpt model = new(_lecture with { Dropout = 0.5f }, new RandomGenerator(1), new RandomGenerator(2));
        int[] ids = [.. IndexTensor.Randint(new RandomGenerator(3), 0, 65, 500).ToArray()];
        float estimate = Evaluation.Estimate(model, ids, rows: 3, batchSize: 2);
        Assert.True(model.IsTraining);
        Assert.All(model.Parameters(), parameter => Assert.Null(parameter.Grad));

        model.Eval();
        float mean = new[] { 0, (500 - 9) / 2, 500 - 9 }.Average(start => model.Loss(
            IndexTensor.From(ids.AsSpan(start, 8), 1, 8), IndexTensor.From(ids.AsSpan(start + 1, 8), 1, 8)).Item());
        Assert.Equal(mean, estimate, 1e-5f);
        Evaluation.Estimate(model, ids, rows: 3, batchSize: 2);
        Assert.False(model.IsTraining);
    }

    [Fact]
    [Trait("Number", "ON-021")]
    [Trait("Number", "L07-089")]
    public void The_optimiser_has_the_configured_rate_and_decays_matrices_and_embeddings_only()
    {
        TrainingOptions options = new()
        {
            Steps = 2,
            BatchSize = 2,
            LearningRate = 1e-2f,
            WarmupSteps = 0,
            Schedule = RateSchedule.Constant,
            EvaluationInterval = 0,
        };
        Trainer trainer = new(_lecture with { VocabularySize = _cats.Tokenizer.VocabularySize }, _cats, options);
        trainer.Run();
        IReadOnlyList<ParameterGroup> groups = trainer.Optimizer.Groups;
        Assert.All(groups, group => Assert.Equal(0.01f, group.LearningRate));

        HashSet<Tensor> decayed = [.. groups.Where(group => group.WeightDecay > 0).SelectMany(group => group.Parameters)];
        HashSet<Tensor> kept = [.. groups.Where(group => group.WeightDecay == 0).SelectMany(group => group.Parameters)];
        Assert.Equal(trainer.Model.Parameters().Count, groups.Sum(group => group.Parameters.Count));
        foreach ((string name, Tensor parameter) in trainer.Model.NamedParameters())
        {
            bool gainOrBias = name.EndsWith("bias", StringComparison.Ordinal) || name.Contains("ln_", StringComparison.Ordinal);
            Assert.Contains(parameter, gainOrBias ? kept : decayed);
            Assert.DoesNotContain(parameter, gainOrBias ? decayed : kept);
        }
    }

    [Fact]
    [Trait("Number", "L07-091")]
    public void What_nanoGPT_adds_is_there()
    {
        GptConfig config = new() { VocabularySize = 65, ContextLength = 16, LayerCount = 8, HeadCount = 4, Width = 64 };
        Gpt model = new(config, new RandomGenerator(1));
        Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
        float Deviation(string name) => parameters[name].Detach().Std().Item();
        Assert.Equal(1 / MathF.Sqrt(2 * 8), Deviation("h.0.mlp.c_proj.weight") / Deviation("h.0.mlp.c_fc.weight"), 0.02f);
        Assert.Equal(1 / MathF.Sqrt(2 * 8), Deviation("h.0.attn.c_proj.weight") / Deviation("h.0.attn.c_attn.weight"), 0.02f);

        // One tensor for tokens in and out.
        Assert.DoesNotContain("lm_head.weight", parameters.Keys);
        IndexTensor ids = IndexTensor.Randint(new RandomGenerator(1), 0, 65, 2, 8);
        using var noGrad = Tensor.NoGrad();
        float[] before = model.Forward(ids)[.., .., 64].ToArray();
        parameters["wte.weight"][64].AddInPlace(Tensor.Ones(64));
        Assert.NotEqual(before, model.Forward(ids)[.., .., 64].ToArray());

        // Logits of the last place only.
        Assert.True(model.NextLogits(ids).AllClose(model.Forward(ids)[.., ^1], 1e-5f, 1e-5f));

        // A model of half the context, its positions the first half of these.
        Gpt cropped = new(config with { ContextLength = 8 }, new RandomGenerator(2));
        foreach ((string name, Tensor parameter) in cropped.NamedParameters())
        {
            parameter.CopyInPlace(name == "wpe.weight" ? parameters[name][..8] : parameters[name]);
        }

        Assert.True(cropped.Forward(ids).AllClose(model.Forward(ids), 1e-5f, 1e-5f));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(10_000)]
    [Trait("Number", "L07-034")]
    [Trait("Number", "L07-079")]
    [Trait("Number", "ON-023")]
    public void Text_of_any_length_is_written_without_dropout(int length)
    {
        CharacterTokenizer tokenizer = (CharacterTokenizer)_cats.Tokenizer;
        GptConfig config = _lecture with { VocabularySize = tokenizer.VocabularySize, LayerCount = 1, Width = 8 };
        Gpt model = new(config with { Dropout = 0.5f }, new RandomGenerator(1), new RandomGenerator(2));
        GenerationOptions options = new() { MaxTokens = length };
        Assert.Equal(500, new GenerationOptions().MaxTokens);

        string text = new Generator(model, tokenizer).Generate([0], options);
        Assert.True(model.IsTraining);
        Assert.Equal(length, text.Length);
        Generator calm = new(new Gpt(config, new RandomGenerator(1)), tokenizer);
        Assert.Equal(calm.Generate([0], options with { MaxTokens = 500 }), text[..500]);

        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "more.txt");
        File.WriteAllText(path, text);
        Assert.Equal(length, File.ReadAllText(path).Length);
    }

    /// <summary>The library keeps queries, keys and values of all heads of a block in one matrix.</summary>
    private static void CopyLecture(LectureGpt lecture, Gpt model)
    {
        Dictionary<string, Tensor> from = lecture.NamedParameters().ToDictionary();
        using var noGrad = Tensor.NoGrad();
        foreach ((string name, Tensor parameter) in model.NamedParameters())
        {
            string ours = name
                .Replace("wte.", "tokens.", StringComparison.Ordinal).Replace("wpe.", "positions.", StringComparison.Ordinal)
                .Replace("lm_head.", "head.", StringComparison.Ordinal).Replace("ln_f.", "body.1.", StringComparison.Ordinal)
                .Replace("ln_1.", "norm1.", StringComparison.Ordinal).Replace("ln_2.", "norm2.", StringComparison.Ordinal)
                .Replace("attn.c_proj.", "attention.projection.", StringComparison.Ordinal)
                .Replace("mlp.c_fc.", "feedForward.up.", StringComparison.Ordinal)
                .Replace("mlp.c_proj.", "feedForward.down.", StringComparison.Ordinal);
            ours = ours.StartsWith("h.", StringComparison.Ordinal) ? "body.0." + ours[2..] : ours;
            string heads = ours.Replace("attn.c_attn.weight", "attention.heads.", StringComparison.Ordinal);
            parameter.CopyInPlace(heads == ours
                ? from[ours]
                : Tensor.Cat([.. Heads(heads)]));
        }

        IEnumerable<Tensor> Heads(string heads) => new[] { "query", "key", "value" }
            .SelectMany(layer => Enumerable.Range(0, 4).Select(head => from[$"{heads}{head}.{layer}.weight"]));
    }
}
