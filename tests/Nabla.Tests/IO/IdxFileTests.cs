using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Nabla.IO;

namespace Nabla.Tests.IO;

public sealed class IdxFileTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);
    private static readonly byte[] _bytes = Idx(0x08, [2, 3], [0, 1, 2, 253, 254, 255]);

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("digits-idx");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_type_is_read_plain_or_packed(bool packed)
    {
        Write(_bytes, packed);
        Assert.Equal([0, 1, 2, 253, 254, 255], IdxFile.ReadBytes(Path, out Shape shape));
        Assert.Equal(new Shape(2, 3), shape);
        IndexTensor numbers = IdxFile.ReadIndex(Path);
        Assert.Equal([0, 1, 2, 253, 254, 255], numbers.ToArray());
        Assert.Equal(shape, numbers.Shape);

        Write(Idx(0x0C, [3], [0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0]), packed);
        Assert.Equal([258, -1, int.MinValue], IdxFile.ReadIndex(Path).ToArray());

        Write(Idx(0x0D, [1, 2], [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0]), packed);
        Assert.Equal([1.5f, -2], IdxFile.Read(Path).ToArray());
        Assert.Equal(new Shape(1, 2), IdxFile.Read(Path).Shape);

        Write(Idx(0x0E, [1], [0x3F, 0xF8, 0, 0, 0, 0, 0, 0]), packed);
        Assert.Equal([1.5f], IdxFile.Read(Path).ToArray());

        Write(Idx(0x08, [0, 28, 28], []), packed);
        Assert.Equal(new Shape(0, 28, 28), IdxFile.ReadIndex(Path).Shape);
    }

    [Fact]
    public void The_published_test_digits_are_read()
    {
        byte[] pixels = IdxFile.ReadBytes(TestFiles.Data("t10k-images-idx3-ubyte.gz"), out Shape shape);
        Assert.Equal(new Shape(10_000, 28, 28), shape);
        Assert.Equal(10_000 * 784, pixels.Length);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], IdxFile.ReadIndex(TestFiles.Data("t10k-labels-idx1-ubyte.gz"))[..10].ToArray());
    }

    [Fact]
    public void A_file_of_another_type_names_the_method_that_reads_it()
    {
        Write(_bytes, packed: false);
        AssertRefused(() => IdxFile.Read(Path), "ReadIndex");
        Write(Idx(0x0D, [1], [0, 0, 0, 0]), packed: false);
        AssertRefused(() => IdxFile.ReadIndex(Path), "read it with Read");
        AssertRefused(() => IdxFile.ReadBytes(Path, out _), "F32");
    }

    [Theory]
    [InlineData(0, 1, "two zeros")]
    [InlineData(1, 8, "two zeros")]
    [InlineData(2, 0x09, "0x09")]
    [InlineData(2, 0x0B, "0x0B")]
    [InlineData(3, 9, "cut short")]
    [InlineData(4, 0x80, "negative")]
    [InlineData(5, 0x80, "takes")]
    [InlineData(7, 3, "takes 9 bytes, but 6 follow")]
    [InlineData(7, 1, "takes 3 bytes, but 6 follow")]
    public void A_wrong_header_is_refused_with_its_fault(int place, byte value, string fault)
    {
        byte[] file = [.. _bytes];
        file[place] = value;
        Write(file, packed: false);
        AssertRefused(() => IdxFile.ReadIndex(Path), fault);
    }

    [Fact]
    public void Too_many_dimensions_are_refused()
    {
        Write(Idx(0x08, [1, 1, 1, 1, 1, 1, 1, 1, 1], [0]), packed: false);
        AssertRefused(() => IdxFile.ReadIndex(Path), "9 dimensions");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_off_at_any_length_or_with_more_after_it_is_refused(bool packed)
    {
        Write(_bytes, packed);
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            AssertRefused(() => IdxFile.ReadIndex(Path), Path);
        }

        Write([.. _bytes, 0], packed);
        AssertRefused(() => IdxFile.ReadIndex(Path), "follow");
    }

    [Fact]
    public void A_packed_header_that_lies_about_its_size_costs_no_memory()
    {
        Write(Idx(0x08, [2_000_000_000], []), packed: true);
        AssertRefused(() => IdxFile.ReadIndex(Path), "cannot hold");
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(() => IdxFile.ReadIndex(Path), "2000000000 bytes");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_with_any_one_byte_changed_is_read_or_refused(bool packed)
    {
        Write(_bytes, packed);
        byte[] file = File.ReadAllBytes(Path);
        for (int place = 0; place < file.Length; place++)
        {
            byte original = file[place];
            for (int value = 0; value < 256; value += 5)
            {
                file[place] = (byte)value;
                Assert.True(IsReadOrRefused(file));
            }

            file[place] = original;
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        Check.One(_config, Prop.ForAll<byte[]>(IsReadOrRefused));
        Check.One(_config.WithMaxTest(1000), Prop.ForAll<byte[]>(tail => IsReadOrRefused([0, 0, 8, .. tail])));
        Check.One(_config.WithMaxTest(1000), Prop.ForAll<byte[]>(tail => IsReadOrRefused([0x1F, 0x8B, 8, 0, .. tail])));
    }

    [Fact]
    public void A_missing_file_is_no_tensor_file_exception() =>
        Assert.Throws<FileNotFoundException>(() => IdxFile.Read(_folder.File("none")));

    private static byte[] Idx(byte type, int[] sizes, byte[] data)
    {
        byte[] header = new byte[4 + (4 * sizes.Length)];
        header[2] = type;
        header[3] = (byte)sizes.Length;
        for (int dim = 0; dim < sizes.Length; dim++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * dim)), sizes[dim]);
        }

        return [.. header, .. data];
    }

    private void Write(byte[] bytes, bool packed)
    {
        using FileStream file = File.Create(Path);
        using Stream stream = packed ? new GZipStream(file, CompressionLevel.Optimal) : file;
        stream.Write(bytes);
    }

    private void AssertRefused(Action read, string fault)
    {
        string message = Assert.Throws<TensorFileException>(read).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.StartsWith(Path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private bool IsReadOrRefused(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        try
        {
            return IdxFile.ReadBytes(Path, out _).Length <= 2000 * (bytes.Length + 1);
        }
        catch (TensorFileException exception)
        {
            return exception.Message.StartsWith(Path, StringComparison.Ordinal) && !exception.Message.Contains('\n');
        }
    }
}
