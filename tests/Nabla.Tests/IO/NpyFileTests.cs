using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nabla.IO;

namespace Nabla.Tests.IO;

public sealed class NpyFileTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("t.npy");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("little-f2")]
    [InlineData("little-f4")]
    [InlineData("little-f8")]
    [InlineData("big-f2")]
    [InlineData("big-f4")]
    [InlineData("big-f8")]
    public void Floats_of_NumPy_are_read_in_either_byte_and_memory_order(string name)
    {
        float[] expected = [.. Enumerable.Range(0, 24).Select(i => (i / 2f) - 5)];
        foreach (string order in (string[])["", "-fortran"])
        {
            Tensor tensor = NpyFile.Read(Fixture(name + order));
            Assert.Equal(new Shape(2, 3, 4), tensor.Shape);
            Assert.Equal(expected, tensor.ToArray());
        }
    }

    [Theory]
    [InlineData("little-i4")]
    [InlineData("little-i8")]
    [InlineData("big-i4")]
    [InlineData("big-i8")]
    [InlineData("little-u2")]
    [InlineData("little-u4")]
    [InlineData("big-u2")]
    [InlineData("big-u4")]
    [InlineData("u1")]
    public void Whole_numbers_of_NumPy_are_read_in_either_byte_and_memory_order(string name)
    {
        int[] expected = [.. Enumerable.Range(0, 24).Select(i => i * 10)];
        foreach (string order in (string[])["", "-fortran"])
        {
            IndexTensor tensor = NpyFile.ReadIndex(Fixture(name + order));
            Assert.Equal(new Shape(2, 3, 4), tensor.Shape);
            Assert.Equal(expected, tensor.ToArray());
        }
    }

    [Fact]
    public void Vectors_of_whole_numbers_are_read_without_a_tensor()
    {
        Assert.Equal([0, 1, 65_535], NpyFile.ReadVector(Fixture("u2-vector")));
        Assert.Equal([0, 65_536, int.MaxValue], NpyFile.ReadVector(Fixture("u4-vector")));
        foreach ((string name, string fault) in (ReadOnlySpan<(string, string)>)
            [("too-large-u4", "number 2 in the file"), ("little-u2", "not whole numbers of one dimension"), ("version-2", "F32")])
        {
            string message = Assert.Throws<TensorFileException>(() => NpyFile.ReadVector(Fixture(name))).Message;
            Assert.Contains(fault, message, StringComparison.Ordinal);
            Assert.StartsWith(Fixture(name), message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_header_and_the_numbers_after_it_are_what_NumPy_writes()
    {
        byte[] file = [.. NpyFile.Header(TensorFileType.U16, new Shape(3)), 0, 0, 1, 0, 0xFF, 0xFF];
        Assert.Equal(File.ReadAllBytes(Fixture("u2-vector")), file);
        int[] lengths = [.. ((int[])[0, 1, 100, int.MaxValue]).Select(size => NpyFile.Header(TensorFileType.U32, new Shape(size)).Length)];
        Assert.All(lengths, length => Assert.Equal(128, length));
        Assert.Contains("I64", Assert.Throws<ArgumentException>(() => NpyFile.Header(TensorFileType.I64, new Shape(1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_version_of_the_format_and_scalars_and_empty_arrays_are_read()
    {
        Assert.Equal([0, 1, 2, 3, 4], NpyFile.Read(Fixture("version-2")).ToArray());
        Assert.Equal([0, 1, 2, 3, 4], NpyFile.Read(Fixture("version-3")).ToArray());
        Assert.Equal(0, NpyFile.Read(Fixture("scalar")).Rank);
        Assert.Equal(0.1f, NpyFile.Read(Fixture("scalar")).Item());
        Assert.Equal(new Shape(3, 0, 2), NpyFile.Read(Fixture("empty")).Shape);
        Assert.Equal(new Shape(3, 0, 2), NpyFile.ReadIndex(Fixture("empty-fortran")).Shape);
    }

    [Theory]
    [InlineData("bool", "\"|b1\"")]
    [InlineData("unicode", "\"<U1\"")]
    [InlineData("structured", "not that of a plain array")]
    [InlineData("little-i4", "ReadIndex")]
    public void Arrays_that_are_no_floats_are_refused(string name, string fault) => AssertRefused(Fixture(name), fault);

    [Fact]
    public void Arrays_that_are_no_whole_numbers_of_four_bytes_are_refused()
    {
        string message = Assert.Throws<TensorFileException>(() => NpyFile.ReadIndex(Fixture("too-large"))).Message;
        Assert.Contains("number 1 in the file", message, StringComparison.Ordinal);
        message = Assert.Throws<TensorFileException>(() => NpyFile.ReadIndex(Fixture("scalar"))).Message;
        Assert.Contains("F64", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_come_back_bit_for_bit_whatever_their_shapes()
    {
        float signalling = BitConverter.UInt32BitsToSingle(0xFFBF_0001);
        Tensor unusual = Tensor.From([float.NaN, -0f, float.Epsilon, float.NegativeInfinity, signalling, 1]);
        Tensor rank8 = Tensor.Arange(256).View(2, 2, 2, 2, 2, 2, 2, 2);
        Tensor strided = unusual.View(2, 3).Transpose(0, 1);
        foreach (Tensor tensor in (Tensor[])[unusual, strided, rank8, Tensor.Scalar(1), Tensor.Zeros(0)])
        {
            NpyFile.Write(Path, tensor);
            Tensor read = NpyFile.Read(Path);
            Assert.Equal(tensor.Shape, read.Shape);
            Assert.Equal(tensor.ToArray().SelectMany(BitConverter.GetBytes), read.ToArray().SelectMany(BitConverter.GetBytes));
        }

        IndexTensor ids = IndexTensor.From([int.MinValue, -1, 0, int.MaxValue], 4, 1);
        NpyFile.Write(Path, ids);
        Assert.Equal(ids.ToArray(), NpyFile.ReadIndex(Path).ToArray());
        Assert.Equal(ids.Shape, NpyFile.ReadIndex(Path).Shape);
        Assert.Equal(["t.npy"], _folder.Names());
    }

    [Fact]
    public void What_is_written_is_what_NumPy_writes()
    {
        NpyFile.Write(Path, (Tensor.Arange(24) * 0.5f - 5).View(2, 3, 4));
        Assert.Equal(File.ReadAllBytes(Fixture("little-f4")), File.ReadAllBytes(Path));
        NpyFile.Write(Path, IndexTensor.From([.. Enumerable.Range(0, 24).Select(i => i * 10)], 2, 3, 4));
        Assert.Equal(File.ReadAllBytes(Fixture("little-i4")), File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", null)]
    [InlineData("{ \"shape\":(1 , ),'descr':\"<f4\",'fortran_order':True}\n", null)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (,)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1 1)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': [1]}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "byte")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} {}", "byte")]
    [InlineData("{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}", "byte")]
    [InlineData("{'descr': '<\\x664', 'fortran_order': False, 'shape': (1,)}", "byte")]
    [InlineData("{'descr': '', 'fortran_order': False, 'shape': (1,)}", "byte")]
    [InlineData("", "byte 0")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "takes 8 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "takes 0 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1048576, 1048576)}", "2^31 - 1")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,)}", "2^31 - 1")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "byte")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", "9 dimensions")]
    [InlineData("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", "\"|f4\"")]
    public void Only_the_dictionary_of_a_plain_array_is_taken(string dictionary, string? fault)
    {
        File.WriteAllBytes(Path, Bytes(dictionary, BitConverter.GetBytes(2.5f)));
        if (fault is null)
        {
            Assert.Equal([2.5f], NpyFile.Read(Path).ToArray());
        }
        else
        {
            AssertRefused(Path, fault);
        }
    }

    [Fact]
    public void A_file_cut_off_at_any_length_is_refused()
    {
        foreach (string name in (string[])["little-f4", "version-2", "scalar"])
        {
            byte[] valid = File.ReadAllBytes(Fixture(name));
            for (int length = 0; length < valid.Length; length++)
            {
                File.WriteAllBytes(Path, valid[..length]);
                AssertRefused(Path, Path);
            }

            File.WriteAllBytes(Path, [.. valid, 0]);
            AssertRefused(Path, "follow the header");
        }
    }

    [Fact]
    public void A_header_with_any_one_byte_changed_is_read_or_refused()
    {
        byte[] valid = File.ReadAllBytes(Fixture("version-2"));
        for (int place = 0; place < valid.Length - 20; place++)
        {
            byte original = valid[place];
            foreach (byte value in "09(),{}:'\\>fT \u00FF"u8)
            {
                valid[place] = value;
                Assert.True(IsReadOrRefused(valid));
            }

            valid[place] = original;
        }
    }

    [Fact]
    public void Random_bytes_and_random_pieces_are_read_or_refused()
    {
        Check.One(_config, Prop.ForAll<byte[]>(IsReadOrRefused));
        string[] pieces =
        [
            "{", "}", "'descr'", ":", "'<f4'", ",", "'fortran_order': False", "'shape'", "(", ")", "0", "1", "9",
            "'shape': (1,)", " ",
        ];
        Gen<string> dictionary = Gen.Elements(pieces).ListOf().Select(list => "{'descr': '<f4'," + string.Concat(list));
        Check.One(_config.WithMaxTest(1000), Prop.ForAll(
            dictionary.ToArbitrary(), text => IsReadOrRefused(Bytes(text, new byte[4]))));
    }

    [Fact]
    public void A_header_that_lies_about_its_size_costs_no_memory()
    {
        byte[] bytes = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F, .. "{}"u8];
        File.WriteAllBytes(Path, bytes);
        AssertRefused(Path, "2147483647 bytes long");
        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(Path, "2147483647 bytes long");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_header_longer_than_that_of_any_plain_array_is_refused()
    {
        byte[] dictionary = Encoding.ASCII.GetBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}".PadRight(65_536));
        byte[] start = [0x93, .. "NUMPY"u8, 2, 0];
        File.WriteAllBytes(Path, [.. start, .. BitConverter.GetBytes(dictionary.Length), .. dictionary, 0, 0, 0, 0]);
        AssertRefused(Path, "at most 65535");
        File.WriteAllBytes(Path, [.. start, .. BitConverter.GetBytes(65_535), .. dictionary[..65_535], 0, 0, 0, 0]);
        Assert.Equal([0], NpyFile.Read(Path).ToArray());
    }

    [Fact]
    public void A_missing_file_is_no_tensor_file_exception() =>
        Assert.Throws<FileNotFoundException>(() => NpyFile.Read(_folder.File("none.npy")));

    private static string Fixture(string name) => TestFiles.Fixture($"npy/{name}.npy");

    private static byte[] Bytes(string dictionary, byte[] data)
    {
        byte[] text = Encoding.Latin1.GetBytes(dictionary);
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. data];
    }

    private static void AssertRefused(string path, string fault)
    {
        string message = Assert.Throws<TensorFileException>(() => NpyFile.Read(path)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private bool IsReadOrRefused(byte[] bytes)
    {
        File.WriteAllBytes(Path, bytes);
        try
        {
            return 4L * NpyFile.Read(Path).Count <= 2 * bytes.Length;
        }
        catch (TensorFileException exception)
        {
            return exception.Message.StartsWith(Path, StringComparison.Ordinal) && !exception.Message.Contains('\n');
        }
    }
}
