using Nabla.Autograd;
using Nabla.Nn;
using Nabla.Optim;

namespace Nabla.Language.Tests.Models;

/// <summary>What holds for every model.</summary>
public sealed class LanguageModelTests
{
    private static readonly int[] _row = [3, 1, 4, 1, 5, 6];

    public static TheoryData<string> Models => SmallModels.Names;

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_place_of_every_row_has_logits_and_the_last_are_those_of_the_next_token(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        model.Eval();
        IndexTensor ids = IndexTensor.From([.. _row, 6, 5, 1, 4, 1, 3], 2, 6);

        Tensor logits = model.Forward(ids);

        Assert.Equal(new Shape(2, 6, 7), logits.Shape);
        Assert.True(model.NextLogits(ids).AllClose(logits[.., ^1], 1e-5f, 1e-6f));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_later_token_does_not_change_an_earlier_output(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        model.Eval();
        foreach (Tensor parameter in model.Parameters())
        {
            // So that no table of zeros hides a change.
            Initialization.Normal(parameter, 0, 0.5, new RandomGenerator((ulong)parameter.Count));
        }

        for (int place = 0; place < _row.Length; place++)
        {
            int[] changed = [.. _row];
            changed[place] = 2;
            Tensor before = model.Forward(IndexTensor.From(_row, 1, 6));
            Tensor after = model.Forward(IndexTensor.From(changed, 1, 6));

            Assert.Equal(before[.., ..place].ToArray(), after[.., ..place].ToArray());
            Assert.NotEqual(before[.., place].ToArray(), after[.., place].ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_of_the_batch_does_not_change_another_in_evaluation(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        model.Eval();
        Tensor before = model.Forward(IndexTensor.From([.. _row, 1, 2, 3, 4, 5, 6], 2, 6));
        Tensor after = model.Forward(IndexTensor.From([.. _row, 6, 5, 4, 3, 2, 1], 2, 6));

        Assert.True(before[0].AllClose(after[0], 1e-6f, 1e-7f));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_gradient_reaches_every_parameter(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        (IndexTensor x, IndexTensor y) = Batch(rows: 16);
        for (int step = 0; step < 3; step++)
        {
            // A table of zeros and a small head hide others on the first step.
            model.ZeroGrad();
            model.Loss(x, y).Backward();
            Descend(model, 0.1f);
        }

        float largest = model.Parameters().Max(parameter => parameter.Grad!.Abs().Max().Item());
        foreach ((string path, Tensor parameter) in model.NamedParameters())
        {
            float size = parameter.Grad!.Abs().Max().Item();
            Assert.True(size > 1e-6f * largest, $"{path}: {size} of {largest}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_small_batch_is_learned_by_heart(string name)
    {
        // Every token has one that follows it, so that even a bigram can learn them.
        int[] rows = [1, 2, 3, 4, 5, 6];
        IndexTensor x = IndexTensor.From([.. rows, .. rows, .. rows, .. rows], 4, 6);
        int[] next = [2, 3, 4, 5, 6, 1];
        IndexTensor y = IndexTensor.From([.. next, .. next, .. next, .. next], 4, 6);
        LanguageModel model = SmallModels.Create(name);
        AdamW optimizer = new(model.Parameters(), learningRate: 0.03f, weightDecay: 0);
        float loss = 0;
        for (int step = 0; step < 200; step++)
        {
            Tensor current = model.Loss(x, y);
            current.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            loss = current.Item();
        }

        Assert.InRange(loss, 0, 0.05);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_first_guess_of_a_batch_is_no_far_worse_than_an_even_one(string name)
    {
        (IndexTensor x, IndexTensor y) = Batch(rows: 64);

        Assert.InRange(SmallModels.Create(name).Loss(x, y).Item(), 1.5, Math.Log(SmallModels.Vocabulary) + 1);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_configuration_reads_back_from_JSON_equal(string name)
    {
        RunConfig config = new()
        {
            Data = new RunData { Source = "x", Kind = Language.Data.TextKind.WordList, Sha256 = "0" },
            Model = SmallModels.Config(name, boundary: 3),
            Training = new TrainingOptions(),
        };

        RunConfig read = RunConfig.FromJson(config.ToJson());

        Assert.Equal(config, read);
        Assert.IsType(config.Model.GetType(), read.Model);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Ids_that_are_no_rows_are_refused_with_their_shape(string name)
        => Assert.Contains(
            "ids [6]", Assert.Throws<ShapeException>(() => SmallModels.Create(name).Forward(IndexTensor.From(_row, 6))).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Models))]
    public void A_configuration_with_an_empty_vocabulary_is_refused(string name)
        => Assert.Contains(
            "vocabulary size must be at least 1, not 0",
            Assert.Throws<ArgumentException>(() => (SmallModels.Config(name) with { VocabularySize = 0 }).Create()).Message,
            StringComparison.Ordinal);

    private static (IndexTensor X, IndexTensor Y) Batch(int rows)
    {
        int[] ids = new int[rows * 7];
        new RandomGenerator(5).Integers(ids, 0, SmallModels.Vocabulary);
        IndexTensor all = IndexTensor.From(ids, rows, 7);
        return (all[.., ..6], all[.., 1..]);
    }

    private static void Descend(LanguageModel model, float rate)
    {
        using NoGradScope noGrad = Tensor.NoGrad();
        foreach (Tensor parameter in model.Parameters())
        {
            parameter.CopyInPlace(parameter - (parameter.Grad! * rate));
        }
    }
}
