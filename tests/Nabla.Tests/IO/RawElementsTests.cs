using Nabla.IO;

namespace Nabla.Tests.IO;

/// <summary>The numbers of tensors in a stream, without a header.</summary>
public sealed class RawElementsTests
{
    [Theory]
    [InlineData(TensorFileType.F32, 4)]
    [InlineData(TensorFileType.F16, 2)]
    [InlineData(TensorFileType.BF16, 2)]
    public void What_is_written_is_read_where_it_ended_and_in_row_major_order(TensorFileType type, int size)
    {
        // More than one piece, of numbers that all three types hold; a view, to see that order and not memory counts.
        Tensor table = Tensor.From([.. Enumerable.Range(0, 200_000).Select(i => (float)(i % 256))], 400, 500);
        using MemoryStream stream = new();
        RawElements.Write(stream, Tensor.Scalar(7), type);
        RawElements.Write(stream, table.Transpose(0, 1), type);
        Assert.Equal(200_001 * size, stream.Length);

        stream.Position = size;
        Tensor read = Tensor.Zeros(500, 400);
        RawElements.Read(stream, read, type);

        Assert.Equal(table.Transpose(0, 1).ToArray(), read.ToArray());
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void A_parameter_on_the_tape_is_read_into_and_its_version_changes()
    {
        using MemoryStream stream = new([0, 0, 0x80, 0x3F]);
        Tensor parameter = Tensor.Zeros(1);
        parameter.RequiresGrad = true;
        Tensor square = (parameter * parameter).Sum();

        RawElements.Read(stream, parameter);

        Assert.Equal(1, parameter.ToArray()[0]);
        Assert.Throws<InvalidOperationException>(() => square.Backward());
    }

    [Fact]
    public void What_cannot_be_read_is_refused()
    {
        using MemoryStream stream = new(new byte[6]);
        Assert.Throws<EndOfStreamException>(() => RawElements.Read(stream, Tensor.Zeros(2)));
        Assert.Contains("not I32", Assert.Throws<ArgumentException>(
            () => RawElements.Write(stream, Tensor.Zeros(2), TensorFileType.I32)).Message, StringComparison.Ordinal);
        Assert.Contains("is not contiguous", Assert.Throws<ArgumentException>(
            () => RawElements.Read(stream, Tensor.Zeros(2, 3).Transpose(0, 1))).Message, StringComparison.Ordinal);
    }
}
