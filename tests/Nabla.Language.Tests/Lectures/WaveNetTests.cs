using Nabla.Nn;
using Examples = Nabla.Language.Tests.Lectures.NameContexts.Examples;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The sixth lecture's data and networks: what they look like, and what goes wrong in the wrong mode.</summary>
public sealed class WaveNetTests
{
    private const string Word = "deandre"; // seven letters, as the lecture's

    [Fact]
    [Trait("Number", "L06-001")]
    public void Eight_tenths_of_the_names_are_182625_examples()
        => Assert.Equal(new Shape(182_625, 3), WaveNetData.Split(3).Train.Contexts.Shape);

    [Fact]
    [Trait("Number", "L06-002")]
    [Trait("Number", "L06-004")]
    public void Five_more_characters_are_ten_thousand_more_parameters()
    {
        Assert.Equal(12_097, WaveNetNetwork.Flat(3).ParameterCount);
        Assert.Equal(12_297, WaveNetNetwork.Flat(3, bias: true).ParameterCount);
        Assert.Equal(22_097, WaveNetNetwork.Flat(8).ParameterCount);
        Assert.Equal(22_297, WaveNetNetwork.Flat(8, bias: true).ParameterCount);
        Assert.Equal(10_000, WaveNetNetwork.Flat(8).ParameterCount - WaveNetNetwork.Flat(3).ParameterCount);
    }

    [Fact]
    public void The_trees_have_the_parameters_of_the_lecture_with_the_mistake_and_without()
    {
        Assert.Equal(22_397, WaveNetNetwork.Tree().ParameterCount);
        Assert.Equal(22_397, WaveNetNetwork.Tree(norm: channels => new PositionNorm(channels)).ParameterCount);
        Assert.Equal(76_579, WaveNetNetwork.Tree(embeddingWidth: 24, width: 128).ParameterCount);
    }

    [Fact]
    [Trait("Number", "L06-013")]
    public void An_untrained_network_is_sure_of_nothing()
    {
        Examples some = WaveNetData.Split(8).Train[..4096];
        Assert.Equal(MathF.Log(27), WaveNetNetwork.Flat(8).Loss(some), 0.1f);
        Assert.Equal(MathF.Log(27), WaveNetNetwork.Tree().Loss(some), 0.1f);
    }

    [Fact]
    [Trait("Number", "L06-015")]
    public void One_seed_gives_one_network()
    {
        Examples train = WaveNetData.Split(8).Train;
        (WaveNetNetwork first, WaveNetNetwork second) = (WaveNetNetwork.Tree(), WaveNetNetwork.Tree());

        Assert.Equal(first.Train(train, 30), second.Train(train, 30));
        Assert.Equal(Numbers(first), Numbers(second));
        Assert.NotEqual(Numbers(first), Numbers(WaveNetNetwork.Tree(seed: 43)));
    }

    [Fact]
    [Trait("Number", "L06-025")]
    public void In_training_mode_the_loss_is_wrong_and_nothing_says_so()
    {
        WaveNetNetwork model = WaveNetNetwork.Tree();
        model.Train(WaveNetData.Split(8).Train, 200);
        Examples some = WaveNetData.Split(8).Dev[..512];
        model.Eval();
        float right = model.Loss(some);
        Assert.Equal(right, model.Loss(some, partSize: 32), 1e-4f); // whoever sits beside it, an example costs the same

        model.Train();
        float wrong = model.Loss(some, partSize: 32);
        Assert.True(float.IsFinite(wrong));
        Assert.True(MathF.Abs(wrong - right) > 0.005f, $"{wrong} in training mode, {right} in evaluation");
        model.Eval();
        Assert.NotEqual(right, model.Loss(some)); // and the running statistics have moved
    }

    [Fact]
    [Trait("Number", "L06-027")]
    public void The_eighth_context_is_the_first_of_the_second_word()
    {
        IndexTensor contexts = WaveNetData.Split(8).Train.Contexts;

        Assert.Equal("diondre", NameContexts.Words().Train[1]);
        Assert.Equal(new Shape(8), contexts[7].Shape);
        Assert.Equal(new Shape(1, 8), contexts[IndexTensor.From([7])].Shape);
        Assert.Equal(new int[8], contexts[7].ToArray());
    }

    [Fact]
    [Trait("Number", "L06-028")]
    public void A_word_of_seven_letters_is_eight_examples()
    {
        Examples examples = NameContexts.Of(["diondre"], contextLength: 8);
        string[] contexts = [.. Enumerable.Range(0, examples.Count).Select(i => string.Concat(examples.Contexts[i].ToArray().Select(NameBigrams.Character)))];

        Assert.Equal(["........", ".......d", "......di", ".....dio", "....dion", "...diond", "..diondr", ".diondre"], contexts);
        Assert.Equal("diondre.", string.Concat(examples.Labels.ToArray().Select(NameBigrams.Character)));
    }

    [Fact]
    [Trait("Number", "L06-029")]
    [Trait("Number", "L06-030")]
    public void A_word_is_read_at_its_eight_places_one_by_one()
    {
        WaveNetNetwork model = WaveNetNetwork.Tree();
        model.Eval();
        IndexTensor contexts = NameContexts.Of([Word], contextLength: 8).Contexts;
        Tensor logits = Tensor.Zeros(8, 27);
        for (int i = 0; i < 8; i++)
        {
            Assert.Throws<ShapeException>(() => model.Logits(contexts[i]));
            using var noGrad = Tensor.NoGrad();
            logits[i].CopyInPlace(model.Logits(contexts[i].View(1, 8))[0]);
        }

        Assert.Equal(0, (logits - model.Logits(contexts).Detach()).Abs().Max().Item(), 1e-6f); // and as a batch of eight
    }

    [Fact]
    [Trait("Number", "L06-048")]
    public void A_name_is_drawn_from_probabilities_that_sum_to_one()
    {
        WaveNetNetwork model = WaveNetNetwork.Tree();
        Assert.Throws<ShapeException>(() => model.Logits(IndexTensor.Zeros(1, 8))); // a batch of one has no variance

        model.Eval();
        Tensor logits = model.Logits(IndexTensor.Zeros(1, 8));
        Tensor probabilities = logits.Softmax(1);
        Assert.Equal(new Shape(1, 27), logits.Shape);
        Assert.Equal(1, probabilities.Sum().Item(), 1e-6f);
        Assert.InRange(probabilities.Multinomial(1, new RandomGenerator(1), replacement: true).Item(), 0, 26);
    }

    [Fact]
    [Trait("Number", "L06-043")]
    [Trait("Number", "L06-044")]
    public void The_mistaken_batch_norm_runs_and_keeps_statistics_for_each_place()
    {
        Tensor x = Tensor.Randn(new RandomGenerator(1), 32, 4, 68);
        PositionNorm mistaken = new(68);
        BatchNorm1d right = new(68);

        Assert.Equal(new Shape(32, 4, 68), mistaken.Forward(x).Shape);
        Assert.Equal(new Shape(1, 4, 68), mistaken.RunningMean.Shape);
        Assert.Equal(new Shape(32, 4, 68), right.Forward(x).Shape);
        Assert.Equal(new Shape(68), right.RunningMean.Shape);
        Assert.Equal(128, x.Count / right.RunningMean.Count);
    }

    private static float[] Numbers(WaveNetNetwork model) => [.. model.Parameters().SelectMany(parameter => parameter.ToArray())];
}
