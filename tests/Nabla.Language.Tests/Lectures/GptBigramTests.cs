using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The GPT lecture up to attention: the text, batches, and the bigram table with its loss, text and training.</summary>
public sealed class GptBigramTests
{
    private static readonly Lazy<TrainedBigram> _trained = new(TrainedBigram.Create);

    [Fact]
    [Trait("Number", "ON-001")]
    public void The_first_thousand_ids_are_those_that_the_notes_print()
    {
        int[] ids = GptText.Shakespeare.Data[..1000];
        Assert.Equal([18, 47, 56, 57, 58, 1, 15, 47, 58, 47, 64, 43, 52, 10, 0], ids[..15]);
        Assert.Equal((0, 64, 38196), (ids.Min(), ids.Max(), ids.Sum()));
    }

    [Fact]
    [Trait("Number", "L07-013")]
    public void A_batch_of_4_by_8_holds_32_examples()
    {
        (IndexTensor x, IndexTensor y) = GptText.Batch(GptText.Shakespeare.Training, 4, 8, new RandomGenerator(1337));
        Assert.Equal((new Shape(4, 8), new Shape(4, 8), 32), (x.Shape, y.Shape, y.Count));
        Assert.Equal(x[.., 1..].ToArray(), y[.., ..^1].ToArray());
        Assert.Equal([24, 43, 58], x[0, ..3].ToArray());
        Assert.Equal([43, 58, 5], y[0, ..3].ToArray());
        Assert.Equal([52, 58, 1], x[2, ..3].ToArray());
        Assert.Equal(58, y[2, 2].Item());
    }

    [Fact]
    [Trait("Number", "L07-006")]
    public void Gpt2_writes_hii_there_in_three_tokens()
    {
        RegexTokenizer tokenizer = Gpt2();
        Assert.Equal([71, 4178, 612], tokenizer.Encode("hii there"));
        Assert.Equal(50257, tokenizer.VocabularySize);
    }

    [Fact]
    [Trait("Number", "L07-093")]
    public void In_tokens_of_Gpt2_the_text_is_a_third_as_long()
    {
        string text = File.ReadAllText(TestFiles.Data("tinyshakespeare.txt"));
        int training = (int)(0.9 * text.Length);
        RegexTokenizer tokenizer = Gpt2();
        Assert.Equal((338025, 301966, 36059),
            (tokenizer.Encode(text).Length, tokenizer.Encode(text.AsSpan(..training)).Length, tokenizer.Encode(text.AsSpan(training..)).Length));
    }

    [Fact]
    [Trait("Number", "L07-016")]
    [Trait("Number", "L07-018")]
    [Trait("Number", "ON-011")]
    public void Without_targets_there_is_no_loss_and_with_them_logits_are_rows()
    {
        LectureGpt model = GptStages.Bigram(new RandomGenerator(1337));
        Assert.Equal(4225, model.ParameterCount);
        IndexTensor x = IndexTensor.Randint(new RandomGenerator(1), 0, 65, 4, 8);

        (Tensor logits, Tensor? loss) = model.Forward(x);
        Assert.Equal(new Shape(4, 8, 65), logits.Shape);
        Assert.Null(loss);

        (logits, loss) = model.Forward(x, x);
        Assert.Equal(new Shape(32, 65), logits.Shape);
        Assert.Equal(1, loss!.Count);
        Assert.Equal(new Shape(256, 65), model.Forward(IndexTensor.Zeros(32, 8), IndexTensor.Zeros(32, 8)).Logits.Shape);
    }

    /// <remarks>Where PyTorch wants the classes second, and so refuses [B, T, C], Nabla wants them last.</remarks>
    [Fact]
    public void Classes_come_last_so_that_flattening_is_not_needed_and_PyTorchs_layout_is_refused()
    {
        Tensor logits = Tensor.Randn(new RandomGenerator(1), 4, 8, 65);
        IndexTensor targets = IndexTensor.Randint(new RandomGenerator(2), 0, 65, 4, 8);
        Assert.Equal(logits.View(32, -1).CrossEntropy(targets.View(-1)).Item(), logits.CrossEntropy(targets).Item());
        Assert.Contains("CrossEntropy", Assert.Throws<ShapeException>(() => logits.Transpose(1, 2).CrossEntropy(targets)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L07-019")]
    [Trait("Number", "L07-020")]
    public void The_untrained_table_is_worse_than_a_guess()
    {
        Assert.Equal(4.17438727, Tensor.Zeros(1, 65).CrossEntropy(IndexTensor.Zeros(1)).Item(), 1e-6);
        (IndexTensor x, IndexTensor y) = GptText.Batch(GptText.Shakespeare.Training, 4, 8, new RandomGenerator(1337));
        Assert.Equal(4.8786, GptStages.Bigram(new RandomGenerator(1337)).Loss(x, y).Item(), 1e-4);
    }

    [Fact]
    [Trait("Number", "L07-021")]
    [Trait("Number", "L07-022")]
    public void Random_logits_begin_at_ln_65_and_a_half_and_a_head_with_its_linear_layer_near_4_2()
    {
        RandomGenerator random = new(1);
        Assert.Equal(4.67, Tensor.Randn(random, 20_000, 65).CrossEntropy(IndexTensor.Randint(random, 0, 65, 20_000)).Item(), 0.1);
        float[] losses = [.. Enumerable.Range(0, 10).Select(seed =>
        {
            RandomGenerator random = new((ulong)seed);
            LectureGpt model = GptStages.OneHead(random);
            (IndexTensor x, IndexTensor y) = GptText.Batch(GptText.Shakespeare.Training, 32, 8, random);
            return model.Loss(x, y).Item();
        })];
        Assert.Equal(4.2f, losses.Average(), 0.1f);
    }

    [Fact]
    [Trait("Number", "L07-023")]
    [Trait("Number", "L07-025")]
    public void Generating_appends_to_every_row()
    {
        RandomGenerator random = new(1337);
        LectureGpt model = GptStages.Bigram(random);
        Assert.Equal(new Shape(3, 9), model.Generate(IndexTensor.Zeros(3, 4), 5, random).Shape);
        IndexTensor ids = model.Generate(IndexTensor.Zeros(1, 1), 100, random);
        Assert.Equal(new Shape(1, 101), ids.Shape);
        Assert.Equal(101, GptText.Shakespeare.Decode(ids.ToArray()).Length);
    }

    [Fact]
    [Trait("Number", "L07-024")]
    public void The_untrained_table_writes_the_lectures_garbage()
        => Assert.Equal(
            "\nSKIcLT;AcELMoTbvZv C?nq-QE33:CJqkOKH-q;:la!oiywkHjgChzbQ?u!3bLIgwevmyFJGUGp\nwnYWmnxKWWev-tDqXErVKLgJ",
            _trained.Value.Garbage);

    [Fact]
    [Trait("Number", "L07-027")]
    [Trait("Number", "L07-028")]
    [Trait("Number", "L07-029")]
    [Trait("Number", "L07-030")]
    [Trait("Number", "ON-010")]
    public void Ten_thousand_steps_end_in_the_lectures_last_loss()
    {
        List<float> losses = _trained.Value.Losses;
        Assert.Equal(4.7f, losses[0], 0.1f);
        Assert.Equal(4.6f, losses[99], 0.1f);
        float[] means = [.. losses.Chunk(100).Select(some => some.Average())];
        int[] passed = [.. new[] { 4.5f, 3.6f, 3 }.Select(bound => Array.FindIndex(means, mean => mean < bound))];
        Assert.True(passed[0] >= 0 && passed[0] < passed[1] && passed[1] < passed[2]);
        Assert.True(means[0] > 4.5f);
        Assert.Equal(2.5f, means[^1], 0.1f);
        Assert.Equal(2.3824f, losses[^1], 1e-3f);
        Assert.Equal(2.486f, losses[^1], 0.2f);
    }

    [Fact]
    [Trait("Number", "L07-031")]
    [Trait("Number", "L07-056")]
    public void At_ten_times_the_rate_3000_steps_bring_both_losses_to_2_5()
    {
        RandomGenerator random = new(1337);
        LectureGpt model = GptStages.Bigram(random);
        GptText.Shakespeare.Train(model, 3000, 1e-2f, 32, random);
        Assert.Equal(2.5f, GptText.Estimate(model, GptText.Shakespeare.Training, 32, random), 0.05f);
        Assert.Equal(2.5f, GptText.Estimate(model, GptText.Shakespeare.Validation, 32, random), 0.05f);
    }

    [Fact]
    [Trait("Number", "L07-033")]
    public void The_mean_of_200_batches_varies_far_less_than_one()
    {
        RandomGenerator random = new(1337);
        LectureGpt model = GptStages.Bigram(random);
        int[] split = GptText.Shakespeare.Training;
        float averaged = Deviation(20, () => GptText.Estimate(model, split, 32, random));
        float single = Deviation(200, () => GptText.Estimate(model, split, 32, random, batches: 1));
        Assert.True(averaged <= 0.2f * single, $"{averaged} of {single}");
    }

    [Fact]
    [Trait("Number", "L07-095")]
    public void Another_text_brings_its_own_characters_and_is_learnt_as_well()
    {
        GptText text = new(File.ReadAllText(TestFiles.Data("taylorswift.txt")));
        Assert.NotEqual(65, text.Characters.Length);
        RandomGenerator random = new(1337);
        LectureGpt model = new(random, text.Characters.Length);
        float before = GptText.Estimate(model, text.Validation, 32, random);
        text.Train(model, 1000, 1e-2f, 32, random);
        Assert.True(GptText.Estimate(model, text.Validation, 32, random) < before - 1);
    }

    private static RegexTokenizer Gpt2() => NamedEncoding.Gpt2.Load(TestFiles.Data("vocab.bpe"), TestFiles.Data("encoder.json"));

    private static float Deviation(int count, Func<float> measure)
        => Tensor.From([.. Enumerable.Range(0, count).Select(_ => measure())]).Std().Item();

    /// <summary>The lecture's session: a batch, the table from the same seed, a hundred characters, ten thousand steps.</summary>
    private sealed record TrainedBigram(string Garbage, List<float> Losses)
    {
        public static TrainedBigram Create()
        {
            RandomGenerator random = new(1337);
            LectureGpt model = GptStages.Bigram(random);
            string garbage = GptText.Shakespeare.Decode(model.Generate(IndexTensor.Zeros(1, 1), 100, random).ToArray());
            return new(garbage, GptText.Shakespeare.Train(model, 10_000, 1e-3f, 32, random));
        }
    }
}
