namespace Nabla.Tests.Tensors;

/// <summary>What the third lecture shows of tensors by themselves: look-ups, views, joins, softmax.</summary>
public sealed class MlpLectureTests
{
    private const ulong Seed = 2147483647;

    [Theory]
    [Trait("Number", "L03-001")]
    [InlineData(1, 27)]
    [InlineData(2, 729)]
    [InlineData(3, 19_683)]
    public void A_table_of_counts_grows_exponentially_with_its_context(int context, int rows)
    {
        int[] sizes = [.. Enumerable.Repeat(27, context)];

        Assert.Equal(rows, Tensor.Zeros(sizes).Count);
    }

    [Fact]
    [Trait("Number", "L03-002")]
    public void The_papers_first_layer_sees_90_numbers_from_a_table_of_510_000()
    {
        Tensor table = Tensor.Zeros(17_000, 30);

        Assert.Equal(510_000, table.Count);
        Assert.Equal(new Shape(90), table[IndexTensor.From([0, 1, 16_999])].View(-1).Shape);
    }

    [Fact]
    [Trait("Number", "L03-008")]
    public void A_one_hot_row_times_a_table_is_a_row_of_the_table()
    {
        Tensor table = Table();
        Tensor encoded = Tensor.OneHot(IndexTensor.Scalar(5), 27);

        Assert.Equal(new Shape(27), encoded.Shape);
        Assert.Equal(1, encoded[5].Item());
        Assert.Equal(1, encoded.Sum().Item());
        Assert.Equal(table[5].ToArray(), encoded.MatMul(table).ToArray());
    }

    /// <remarks>PyTorch finds out when the call is run; here the compiler does, since a number is no tensor.</remarks>
    [Fact]
    [Trait("Number", "L03-009")]
    public void One_hot_takes_no_bare_number()
    {
        var methods = typeof(Tensor).GetMethods().Where(method => method.Name == nameof(Tensor.OneHot));

        Assert.All(methods, method => Assert.Equal(typeof(IndexTensor), method.GetParameters()[0].ParameterType));
        Assert.DoesNotContain(typeof(IndexTensor).GetMethods(), method => method.Name is "op_Implicit");
    }

    /// <remarks>
    /// PyTorch's one_hot gives whole numbers, to be cast before a product with floats. Whole numbers are another type here,
    /// which has no product; the cast is ToTensor, and OneHot gives floats at once.
    /// </remarks>
    [Fact]
    [Trait("Number", "L03-010")]
    public void Whole_numbers_meet_no_floats_before_they_are_cast()
    {
        IndexTensor whole = IndexTensor.From([0, 0, 1], 1, 3);
        var products = typeof(Tensor).GetMethods().Where(method => method.Name == nameof(Tensor.MatMul));

        Assert.All(products, method => Assert.Equal(typeof(Tensor), method.GetParameters()[0].ParameterType));
        Assert.DoesNotContain(typeof(IndexTensor).GetMethods(), method => method.Name is nameof(Tensor.MatMul) or "op_Implicit");
        Assert.Equal(Table()[2].ToArray(), whole.ToTensor().MatMul(Table()[..3]).ToArray());
    }

    [Fact]
    [Trait("Number", "L03-011")]
    public void Rows_are_looked_up_by_a_list_in_which_one_may_come_again()
    {
        Tensor table = Table();
        Assert.Equal(new Shape(3, 2), table[IndexTensor.From([5, 6, 7])].Shape);

        Tensor rows = table[IndexTensor.From([5, 6, 7, 7, 7, 7])];

        Assert.Equal(new Shape(6, 2), rows.Shape);
        Assert.All(Enumerable.Range(2, 4), row => Assert.Equal(table[7].ToArray(), rows[row].ToArray()));
    }

    [Fact]
    [Trait("Number", "L03-014")]
    public void Three_slices_are_joined_by_hand()
    {
        Tensor embedded = Embedded(3);

        Tensor joined = Tensor.Cat([embedded[.., 0, ..], embedded[.., 1, ..], embedded[.., 2, ..]], dim: 1);

        Assert.Equal(new Shape(32, 6), joined.Shape);
        RandomGenerator random = new(Seed);
        Tensor weights = Tensor.Randn(random, 6, 100);
        Tensor bias = Tensor.Randn(random, 100);
        Assert.Equal(new Shape(32, 100), (joined.MatMul(weights) + bias).Shape);
    }

    [Fact]
    [Trait("Number", "L03-015")]
    public void Three_embeddings_of_two_do_not_meet_weights_of_six()
    {
        string message = Assert.Throws<ShapeException>(() => Embedded(3).MatMul(Tensor.Ones(6, 100))).Message;

        Assert.Contains("[32, 3, 2]", message, StringComparison.Ordinal);
        Assert.Contains("[6, 100]", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L03-016")]
    public void Unbind_takes_a_dimension_apart_whatever_its_size()
    {
        Tensor[] parts = Embedded(3).Unbind(1);
        Assert.Equal(3, parts.Length);
        Assert.All(parts, part => Assert.Equal(new Shape(32, 2), part.Shape));

        Assert.Equal(new Shape(32, 10), Tensor.Cat(Embedded(5).Unbind(1), dim: 1).Shape);
    }

    [Fact]
    [Trait("Number", "L03-017")]
    public void Views_of_18_numbers_differ_in_their_strides_and_share_the_numbers()
    {
        Tensor numbers = Tensor.Arange(18);
        Tensor[] views = [numbers.View(2, 9), numbers.View(9, 2), numbers.View(3, 3, 2)];
        int[][] strides = [.. views.Select(view => Enumerable.Range(0, view.Rank).Select(view.Stride).ToArray())];
        Assert.Equal([[9, 1], [2, 1], [6, 2, 1]], strides);

        views[2][1, 2, 1] = Tensor.Scalar(-1);

        Assert.Equal(-1, numbers[11].Item());
        Assert.Equal(-1, views[0][1, 2].Item());
        Assert.Equal(-1, views[1][5, 1].Item());
    }

    [Fact]
    public void An_element_lies_where_offset_and_strides_say()
    {
        Tensor numbers = Tensor.Arange(18);
        Tensor part = numbers.View(3, 6)[1.., 2..5].Transpose(0, 1);

        Assert.Equal(8, part.StorageOffset);
        Assert.Equal((1, 6), (part.Stride(0), part.Stride(-1)));
        Assert.Equal(part.StorageOffset + (2 * part.Stride(0)) + part.Stride(1), part[2, 1].Item());
        Assert.Contains("[3, 2]", Assert.Throws<ShapeException>(() => part.Stride(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L03-018")]
    public void A_view_must_have_as_many_elements()
    {
        string message = Assert.Throws<ShapeException>(() => Tensor.Arange(18).View(4, 5)).Message;

        Assert.Contains("18", message, StringComparison.Ordinal);
        Assert.Contains("[4, 5]", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L03-019")]
    public void A_view_equals_the_join_in_all_192_elements()
    {
        Tensor embedded = Embedded(3);

        Assert.Equal(192, embedded.View(32, 6).Equal(Tensor.Cat(embedded.Unbind(1), dim: 1)).Sum().Item());
    }

    [Fact]
    [Trait("Number", "L03-020")]
    public void A_view_infers_one_size()
    {
        Tensor embedded = Embedded(3);

        Assert.Equal(new Shape(32, 6), embedded.View(-1, 6).Shape);
        Assert.Equal(new Shape(32, 6), embedded.View(embedded.Shape[0], 6).Shape);
    }

    [Fact]
    [Trait("Number", "L03-021")]
    public void A_join_is_a_copy_and_a_view_is_not()
    {
        Tensor embedded = Embedded(3);
        Tensor view = embedded.View(32, 6);
        Tensor joined = Tensor.Cat(embedded.Unbind(1), dim: 1);
        float before = joined[0, 5].Item();

        embedded[0, 2, 1] = Tensor.Scalar(7);

        Assert.Equal(7, view[0, 5].Item());
        Assert.Equal(before, joined[0, 5].Item());
    }

    [Fact]
    [Trait("Number", "L03-030")]
    public void Softmax_of_four_logits()
    {
        float[] probabilities = Softmax(-2, -3, 0, 5).ToArray();

        float[] expected = [0.00090f, 0.00033f, 0.00668f, 0.99208f];
        Assert.Equal(expected, probabilities, (lecture, ours) => Math.Abs(lecture - ours) < 1e-5);
        Assert.Equal(1, probabilities.Sum(), 1e-6f);
    }

    [Theory]
    [Trait("Number", "L03-031")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-3)]
    public void A_number_added_to_all_logits_changes_no_probability(float offset)
    {
        Tensor logits = Tensor.From([-2, -3, 0, 5]);
        Tensor difference = Naive(logits + offset).Probabilities - Naive(logits).Probabilities;

        Assert.InRange(difference.Abs().Max().Item(), 0, 1e-6f);
    }

    [Fact]
    [Trait("Number", "L03-032")]
    public void A_very_negative_logit_does_no_harm()
    {
        Tensor probabilities = Naive(Tensor.From([-100, -3, 0, 5])).Probabilities;

        Assert.DoesNotContain(float.NaN, probabilities.ToArray());
        Assert.Equal(1, probabilities.Sum().Item(), 1e-6f);
    }

    [Fact]
    [Trait("Number", "L03-033")]
    public void A_logit_of_100_overflows_the_exponential()
    {
        (Tensor counts, Tensor probabilities) = Naive(Tensor.From([-2, -3, 0, 100]));

        Assert.Equal(float.PositiveInfinity, counts[3].Item());
        Assert.Contains(float.NaN, probabilities.ToArray());
    }

    [Fact]
    [Trait("Number", "L03-034")]
    [Trait("Number", "L03-035")]
    public void Less_their_largest_logits_overflow_nowhere()
    {
        Tensor logits = Tensor.From([-2, -3, 0, 100]);
        Tensor shifted = logits - logits.Max();
        Assert.Equal(0, shifted.Max().Item());
        Assert.Equal(1, Naive(shifted).Probabilities.Sum().Item(), 1e-6f);

        Assert.Equal(1, logits.Softmax(0)[3].Item(), 1e-6f);
        Assert.Equal(1, logits.Softmax(0).Sum().Item(), 1e-6f);
        Assert.Equal(0, logits.View(1, 4).CrossEntropy(IndexTensor.From([3])).Item(), 1e-6f);
        Assert.Equal(102, logits.View(1, 4).CrossEntropy(IndexTensor.From([0])).Item(), 1e-4f);
    }

    [Fact]
    [Trait("Number", "L03-036")]
    public void Backward_needs_a_parameter_that_wants_a_gradient()
    {
        Tensor loss = Table()[IndexTensor.From([5, 13])].Square().Mean();

        string message = Assert.Throws<InvalidOperationException>(() => loss.Backward()).Message;

        Assert.Contains("gradient", message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Number", "L03-047")]
    public void A_thousand_exponents_from_minus_3_to_0_are_a_thousand_rates_from_a_thousandth_to_1()
    {
        float[] exponents = Tensor.Linspace(-3, 0, 1000).ToArray();

        Assert.Equal(1000, exponents.Length);
        Assert.Equal(0.001f, MathF.Pow(10, exponents[0]), 1e-6f);
        Assert.Equal(1, MathF.Pow(10, exponents[^1]), 1e-6f);
        Assert.All(exponents.Skip(1).Zip(exponents), pair => Assert.Equal(0.003003f, pair.First - pair.Second, 1e-6f));
    }

    private static Tensor Table() => Tensor.Randn(new RandomGenerator(Seed), 27, 2);

    /// <summary>The embeddings of 32 contexts of drawn characters, [32, contextLength, 2].</summary>
    private static Tensor Embedded(int contextLength)
        => Table()[IndexTensor.Randint(new RandomGenerator(1), 0, 27, 32, contextLength)];

    private static Tensor Softmax(params float[] logits) => Tensor.From(logits).Softmax(0);

    private static (Tensor Counts, Tensor Probabilities) Naive(Tensor logits)
    {
        Tensor counts = logits.Exp();
        return (counts, counts / counts.Sum());
    }
}
