using System.Text;
using Nabla.IO;

namespace Nabla.Tests.IO;

public sealed class LargeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("t.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorFileType.F32, 0)]
    [InlineData(TensorFileType.F16, 1e-3)]
    [InlineData(TensorFileType.BF16, 1e-2)]
    public void Neither_reading_nor_writing_takes_managed_memory_for_the_numbers(TensorFileType type, double tolerance)
    {
        // 2 million numbers: many pieces, the last of them not full.
        Tensor tensor = Tensor.Uniform(new RandomGenerator(3), 1, 2, 2000, 1049);
        Tensor strided = tensor.Transpose(0, 1);
        SafetensorsWriter writer = new();
        writer.Add("contiguous", tensor, type);
        writer.Add("strided", strided, type);
        writer.Save(Path); // Warm: the shared buffers are there afterwards.

        long before = GC.GetAllocatedBytesForCurrentThread();
        writer.Save(Path);
        using SafetensorsFile file = SafetensorsFile.Open(Path);
        Tensor contiguous = file.ReadTensor("contiguous");
        Tensor transposed = Tensor.Zeros(1049, 2000);
        file.ReadInto("strided", transposed);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 600_000);

        Assert.Equal(tensor.Count * (type == TensorFileType.F32 ? 4L : 2), file.Entries[0].ByteCount);
        AssertNear(tensor, contiguous, tolerance);
        AssertNear(strided, transposed, tolerance);
    }

    [Fact]
    public void Tensors_beyond_four_gigabytes_are_found()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a file system on which a hole in a file takes no space.");
        const long Gap = int.MaxValue;
        string json = $$"""
            {"a": {"dtype": "U8", "shape": [{{Gap}}], "data_offsets": [0, {{Gap}}]},
             "b": {"dtype": "U8", "shape": [{{Gap}}], "data_offsets": [{{Gap}}, {{2 * Gap}}]},
             "c": {"dtype": "F32", "shape": [2], "data_offsets": [{{2 * Gap}}, {{(2 * Gap) + 8}}]},
             "d": {"dtype": "U8", "shape": [3], "data_offsets": [{{(2 * Gap) + 8}}, {{(2 * Gap) + 11}}]} }
            """;
        using (FileStream stream = new(Path, FileMode.CreateNew))
        {
            byte[] header = RawSafetensors.Bytes(json, []);
            stream.Write(header);
            stream.Position = header.Length + (2 * Gap);
            stream.Write([.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2.5f), 7, 8, 9]);
        }

        using SafetensorsFile file = SafetensorsFile.Open(Path);
        Assert.Equal([1.5f, -2.5f], file.ReadTensor("c").ToArray());
        Assert.Equal([7, 8, 9], file.ReadIndexTensor("d").ToArray());
        Assert.Equal(Encoding.UTF8.GetByteCount(json) + 8 + Gap, file.Entries[1].Offset);
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance)
    {
        float[] wanted = expected.ToArray();
        float[] values = actual.ToArray();
        Assert.Equal(wanted.Length, values.Length);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (!(Math.Abs(wanted[i] - values[i]) <= tolerance))
            {
                Assert.Fail($"Element {i}, {wanted[i]}, became {values[i]}.");
            }
        }
    }
}
