using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using Nabla.IO;

namespace Nabla.Tests.IO;

public sealed class NpzFileTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("t.npz");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stored")]
    [InlineData("packed")]
    public void Arrays_that_NumPy_saved_are_read_by_their_names(string fixture)
    {
        using NpzFile file = NpzFile.Open(TestFiles.Fixture($"npy/{fixture}.npz"));
        Assert.Equal(["x", "ids", "bytes"], file.Names);
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Read("x").ToArray());
        Assert.Equal(new Shape(2, 3), file.Read("x").Shape);
        Assert.Equal([0, 1, 2, 3, 4], file.ReadIndex("ids").ToArray());
        Assert.Equal([250, 251, 252, 253, 254, 255], file.ReadBytes("bytes", out Shape shape));
        Assert.Equal(new Shape(6), shape);
    }

    [Fact]
    public void The_training_digits_are_read()
    {
        using NpzFile images = NpzFile.Open(TestFiles.Data("mnist_20k_x_train.npz"));
        byte[] pixels = images.ReadBytes(Assert.Single(images.Names), out Shape shape);
        Assert.Equal(20_000, shape[0]);
        Assert.Equal(20_000 * 784, pixels.Length);
    }

    [Fact]
    public void What_is_not_there_is_refused_with_what_there_is()
    {
        using NpzFile file = NpzFile.Open(TestFiles.Fixture("npy/packed.npz"));
        AssertRefused(() => file.Read("y"), """no array in it is named "y"; it has "x", "ids", "bytes".""");
        AssertRefused(() => file.Read("ids"), "\"ids\": it holds whole numbers (I64)");
        AssertRefused(() => file.ReadIndex("x"), "\"x\": it holds floats (F32)");
        AssertRefused(() => file.ReadBytes("ids", out _), "I64, not bytes");
    }

    [Fact]
    public void Other_files_in_the_zip_do_no_harm()
    {
        Write(("readme.txt", "text"u8.ToArray()), ("a/b.npy", File.ReadAllBytes(TestFiles.Fixture("npy/u1.npy"))));
        using NpzFile file = NpzFile.Open(Path);
        Assert.Equal(["a/b"], file.Names);
        Assert.Equal(new Shape(2, 3, 4), file.ReadIndex("a/b").Shape);
        Write();
        using NpzFile empty = NpzFile.Open(Path);
        AssertRefused(() => empty.Read("x"), "it has none");
    }

    [Fact]
    public void Bytes_in_either_memory_order_are_read_row_after_row()
    {
        byte[] rows = NpyFile.ReadBytes(TestFiles.Fixture("npy/u1.npy"), out Shape shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (byte)(i * 10)), rows);
        Assert.Equal(rows, NpyFile.ReadBytes(TestFiles.Fixture("npy/u1-fortran.npy"), out Shape other));
        Assert.Equal(shape, other);
    }

    [Fact]
    public void Two_arrays_of_one_name_are_refused()
    {
        Write(("x.npy", [1]), ("x.npy", [2]));
        AssertRefused(() => NpzFile.Open(Path), "two arrays");
    }

    [Fact]
    public void A_stored_number_that_has_changed_does_not_pass_the_checksum()
    {
        byte[] bytes = File.ReadAllBytes(TestFiles.Fixture("npy/stored.npz"));
        int place = bytes.AsSpan().IndexOf(BitConverter.GetBytes(5f));
        bytes[place] ^= 1;
        File.WriteAllBytes(Path, bytes);
        using NpzFile file = NpzFile.Open(Path);
        AssertRefused(() => file.Read("x"), "checksum");
    }

    [Fact]
    public void A_length_that_cannot_be_costs_no_memory()
    {
        byte[] bytes = File.ReadAllBytes(TestFiles.Fixture("npy/packed.npz"));
        int central = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(2_000_000_000).CopyTo(bytes, central + 24);
        File.WriteAllBytes(Path, bytes);
        using NpzFile file = NpzFile.Open(Path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(() => file.Read("x"), "2000000000");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("packed")]
    public void A_damaged_file_is_read_or_refused(string fixture)
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Fixture($"npy/{fixture}.npz"));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.True(IsReadOrRefused(whole[..length]));
        }

        for (int place = 0; place < whole.Length; place++)
        {
            byte original = whole[place];
            foreach (byte change in (ReadOnlySpan<byte>)[1, 0x80, 0xFF])
            {
                whole[place] ^= change;
                Assert.True(IsReadOrRefused(whole));
                whole[place] = original;
            }
        }
    }

    [Fact]
    public void Random_bytes_are_read_or_refused()
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Fixture("npy/packed.npz"));
        Check.One(_config, Prop.ForAll<byte[]>(IsReadOrRefused));
        Check.One(_config.WithMaxTest(500), Prop.ForAll<byte[], ushort>((piece, place) =>
        {
            byte[] bytes = [.. whole];
            piece.AsSpan(0, Math.Min(piece.Length, bytes.Length)).CopyTo(bytes.AsSpan(place % (bytes.Length - piece.Length)));
            return IsReadOrRefused(bytes);
        }));
    }

    [Fact]
    public void A_missing_file_is_no_tensor_file_exception() =>
        Assert.Throws<FileNotFoundException>(() => NpzFile.Open(_folder.File("none.npz")));

    private static void AssertRefused(Action read, string fault)
    {
        string message = Assert.Throws<TensorFileException>(read).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains(".npz", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private void Write(params ReadOnlySpan<(string Name, byte[] Bytes)> members)
    {
        File.Delete(Path);
        using ZipArchive archive = ZipFile.Open(Path, ZipArchiveMode.Create);
        foreach ((string name, byte[] bytes) in members)
        {
            using Stream stream = archive.CreateEntry(name).Open();
            stream.Write(bytes);
        }
    }

    private bool IsReadOrRefused(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        try
        {
            using NpzFile file = NpzFile.Open(Path);
            return file.Names.All(name => IsReadOrRefused(file, name));
        }
        catch (TensorFileException exception)
        {
            return exception.Message.StartsWith(Path, StringComparison.Ordinal) && !exception.Message.Contains('\n');
        }
    }

    private bool IsReadOrRefused(NpzFile file, string name)
    {
        try
        {
            return name switch
            {
                "x" => file.Read(name).Count == 6,
                "ids" => file.ReadIndex(name).Count == 5,
                _ => file.ReadBytes(name, out Shape shape).Length == shape.Count,
            };
        }
        catch (TensorFileException exception)
        {
            return exception.Message.StartsWith(Path, StringComparison.Ordinal) && !exception.Message.Contains('\n');
        }
    }
}
