namespace Nabla.Language.Tests.Lectures;

/// <summary>The third lecture's examples: contexts of some characters, and what comes next.</summary>
public sealed class MlpDataTests
{
    private static readonly string[] _five = ["emma", "olivia", "ava", "isabella", "sophia"];

    [Fact]
    [Trait("Number", "L03-003")]
    public void The_dot_is_0_e_is_5_and_s_is_19_of_27()
    {
        Assert.Equal(27, NameBigrams.Alphabet.VocabularySize);
        Assert.Equal([0, 5, 19], NameBigrams.Alphabet.Encode("\nes"));
        Assert.Equal((0, 5, 19), (NameBigrams.Id('.'), NameBigrams.Id('e'), NameBigrams.Id('s')));
    }

    [Fact]
    [Trait("Number", "L03-004")]
    public void The_first_eight_names()
        => Assert.Equal(["emma", "olivia", "ava", "isabella", "sophia", "charlotte", "mia", "amelia"], NameBigrams.Words[..8]);

    [Fact]
    [Trait("Number", "L03-005")]
    [Trait("Number", "L03-013")]
    public void The_first_five_names_are_32_examples()
    {
        NameContexts.Examples examples = NameContexts.Of(_five);

        Assert.Equal(new Shape(32, 3), examples.Contexts.Shape);
        Assert.Equal(new Shape(32), examples.Labels.Shape);
        Assert.Equal([0, 0, 1], examples.Contexts[13].ToArray());
        Assert.Equal(22, examples.Labels[13].Item());
    }

    [Fact]
    [Trait("Number", "L03-006")]
    public void Emma_is_five_examples()
        => Assert.Equal(["... > e", "..e > m", ".em > m", "emm > a", "mma > ."], Lines(NameContexts.Of(["emma"])));

    [Theory]
    [Trait("Number", "L03-007")]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    public void A_longer_context_makes_wider_examples_and_not_more(int contextLength)
    {
        NameContexts.Examples examples = NameContexts.Of(_five, contextLength);

        Assert.Equal(new Shape(32, contextLength), examples.Contexts.Shape);
        Assert.Equal(new int[contextLength], examples.Contexts[0].ToArray());
        Assert.Equal(NameContexts.Of(_five).Labels.ToArray(), examples.Labels.ToArray());
    }

    [Fact]
    [Trait("Number", "L03-012")]
    public void A_table_is_looked_up_by_all_contexts_at_once()
    {
        Tensor table = Tensor.Randn(new RandomGenerator(NameBigrams.Seed), 27, 2);
        IndexTensor contexts = NameContexts.Of(_five).Contexts;

        Assert.Equal(new Shape(32, 3, 2), table[contexts].Shape);
        Assert.Equal(1, contexts[13, 2].Item());
        Assert.Equal(table[1].ToArray(), table[contexts][13, 2].ToArray());
    }

    [Fact]
    [Trait("Number", "L03-040")]
    public void All_names_are_228146_examples() => Assert.Equal(new Shape(228_146, 3), NameContexts.All.Contexts.Shape);

    [Fact]
    [Trait("Number", "L03-041")]
    public void A_minibatch_takes_32_contexts_and_their_labels()
    {
        NameContexts.Examples examples = NameContexts.Of(_five);
        IndexTensor drawn = IndexTensor.Randint(new RandomGenerator(1), 0, examples.Count, 32);

        Assert.Equal(new Shape(32), drawn.Shape);
        Assert.All(drawn.ToArray(), id => Assert.InRange(id, 0, examples.Count - 1));
        Assert.Equal(new Shape(32, 3), examples[drawn].Contexts.Shape);
        Assert.Equal(new Shape(32), examples[drawn].Labels.Shape);
        string[] lines = Lines(examples);
        Assert.Equal(drawn.ToArray().Select(id => lines[id]), Lines(examples[drawn]));
    }

    [Fact]
    [Trait("Number", "L03-053")]
    public void The_names_are_cut_at_25626_and_at_28829()
    {
        (string[] train, string[] dev, string[] test) = NameContexts.Words();

        Assert.Equal((25_626, 3203, 3204), (train.Length, dev.Length, test.Length));
        Assert.Equal(28_829, train.Length + dev.Length);
        Assert.Equal((182_625, 22_655, 22_866),
            (NameContexts.Split.Train.Count, NameContexts.Split.Dev.Count, NameContexts.Split.Test.Count));
        string[] all = [.. train, .. dev, .. test];
        Assert.Equal(NameBigrams.Words.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
    }

    private static string[] Lines(NameContexts.Examples examples)
        =>
        [
            .. Enumerable.Range(0, examples.Count).Select(i =>
                $"{string.Concat(examples.Contexts[i].ToArray().Select(NameBigrams.Character))} > "
                + NameBigrams.Character(examples.Labels[i].Item())),
        ];
}
