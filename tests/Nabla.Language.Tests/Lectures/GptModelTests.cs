using Nabla.Nn;

namespace Nabla.Language.Tests.Lectures;

/// <summary>The GPT lecture's modules, stage by stage, before any training.</summary>
public sealed class GptModelTests
{
    private readonly RandomGenerator _random = new(1337);

    [Fact]
    [Trait("Number", "L07-051")]
    [Trait("Number", "L07-055")]
    public void Every_stage_has_the_lectures_number_of_parameters()
    {
        Assert.Equal(
            [4225, 4225, 4481, 7553, 7553, 8609, 16865, 41921, 42305, 42369, 10788929],
            new[]
            {
                GptStages.Bigram(_random), GptStages.Embedding(_random), GptStages.Positions(_random), GptStages.OneHead(_random),
                GptStages.FourHeads(_random), GptStages.FeedForward(_random), GptStages.Blocks(_random), GptStages.Residual(_random),
                GptStages.Norms(_random), GptStages.LastNorm(_random), GptStages.Final(384, 6, 6, 256, _random),
            }.Select(model => model.ParameterCount));
    }

    [Fact]
    [Trait("Number", "L07-046")]
    public void The_mask_is_a_buffer_and_shorter_sequences_use_a_part_of_it()
    {
        LectureHead head = new(32, 16, 8, _random);
        Assert.Equal(3, head.Parameters().Count);
        Assert.Equal("future", Assert.Single(head.NamedBuffers()).Key);
        Assert.Contains(head.StateDict(), pair => pair.Key == "future");

        Tensor x = Tensor.Randn(_random, 2, 8, 32);
        Assert.True(head.Forward(x)[.., ..3].AllClose(head.Forward(x[.., ..3]), atol: 1e-6f));
    }

    [Fact]
    [Trait("Number", "L07-052")]
    [Trait("Number", "L07-053")]
    [Trait("Number", "L07-065")]
    [Trait("Number", "ON-012")]
    [Trait("Number", "ON-018")]
    public void Positions_add_to_every_row_and_heads_join_to_the_width()
    {
        Tensor x = new Embedding(65, 32, _random).Forward(IndexTensor.Zeros(4, 8));
        Tensor positions = new Embedding(8, 32, _random).Forward(IndexTensor.Arange(8));
        Assert.Equal(new Shape(8, 32), positions.Shape);
        Assert.Equal(new Shape(4, 8, 32), (x + positions).Shape);

        LectureMultiHead heads = new(32, 4, 8, _random, project: false);
        Assert.Equal(new Shape(4, 8, 32), heads.Forward(x).Shape);
        Assert.Equal(3072, heads.ParameterCount);
        Assert.All(heads.Parameters(), weight => Assert.Equal(8, weight.Shape[0]));
        Assert.All(new LectureMultiHead(384, 6, 8, _random, project: false).Parameters(), weight => Assert.Equal(64, weight.Shape[0]));
    }

    [Theory]
    [InlineData((int)BlockForm.Plain, false)]
    [InlineData((int)BlockForm.Residual, true)]
    [InlineData((int)BlockForm.Normalised, true)]
    [Trait("Number", "L07-066")]
    [Trait("Number", "ON-013")]
    public void A_block_whose_branches_end_in_zero_is_the_identity_if_it_has_residuals(int form, bool identity)
    {
        LectureBlock block = new(32, 4, 8, (BlockForm)form, _random);
        using (Tensor.NoGrad())
        {
            foreach ((string name, Tensor parameter) in block.NamedParameters())
            {
                if (name.Contains("projection", StringComparison.Ordinal) || name.Contains("down", StringComparison.Ordinal))
                {
                    parameter.ZeroInPlace();
                }
            }
        }

        Tensor x = Tensor.Randn(_random, 4, 8, 32);
        Assert.Equal(identity, block.Forward(x).AllClose(x));
    }

    [Fact]
    [Trait("Number", "ON-015")]
    public void A_head_is_asked_with_its_input_only()
    {
        Layer head = new LectureHead(32, 16, 8, _random);
        Assert.Equal(new Shape(4, 8, 16), head.Forward(Tensor.Randn(_random, 4, 8, 32)).Shape);
        Assert.Single(typeof(Layer).GetMethod(nameof(Layer.Forward))!.GetParameters());
    }

    [Fact]
    [Trait("Number", "ON-007")]
    public void The_head_of_the_notes_begins_at_their_losses()
    {
        LectureGpt model = GptStages.OneHead(_random);
        Assert.Equal(4.2000f, GptText.Estimate(model, GptText.Shakespeare.Training, 32, _random), 2e-4f);
        Assert.Equal(4.2047f, GptText.Estimate(model, GptText.Shakespeare.Validation, 32, _random), 2e-4f);
    }

    [Fact]
    [Trait("Number", "L07-096")]
    public void In_an_encoder_and_decoder_all_of_the_source_is_seen_and_nothing_of_the_future()
    {
        LectureHead source = new(32, 32, 8, _random);
        LectureHead self = new(32, 32, 8, _random);
        LectureHead cross = new(32, 32, 8, _random);
        Tensor Translate(Tensor read, Tensor written)
        {
            Tensor top = read + source.Forward(read, read, masked: false);
            Tensor x = written + self.Forward(written);
            return x + cross.Forward(x, top, masked: false);
        }

        (Tensor read, Tensor written) = (Tensor.Randn(_random, 1, 5, 32), Tensor.Randn(_random, 1, 8, 32));
        using var noGrad = Tensor.NoGrad();
        Tensor before = Translate(read, written);
        for (int place = 0; place < 8; place++)
        {
            Tensor after = Translate(read, Changed(written, place));
            Assert.True(before[.., ..place].AllClose(after[.., ..place], 1e-6f, 1e-6f));
            Assert.False(before[.., place].AllClose(after[.., place], 1e-2f, 1e-2f));
        }

        for (int place = 0; place < 5; place++)
        {
            Tensor difference = (Translate(Changed(read, place), written) - before).Abs().Max(2).Values;
            Assert.All(difference.ToArray(), one => Assert.True(one > 1e-4f));
        }
    }

    private Tensor Changed(Tensor x, int place)
    {
        Tensor changed = x.Clone();
        changed[.., place].CopyInPlace(Tensor.Randn(_random, 1, 32));
        return changed;
    }
}
