using System.Globalization;
using System.Text;
using System.Text.Json;
using Nabla.IO;

namespace Nabla.Tests.IO;

public sealed class SafetensorsFileTests : IDisposable
{
    // Zeros of both signs, subnormals, the ends of the range, infinities, and NaNs quiet and signalling, with payloads.
    private static readonly uint[] _unusualBits =
    [
        0x0000_0000, 0x8000_0000, 0x0000_0001, 0x807F_FFFF, 0x0080_0000, 0x7F7F_FFFF, 0xFF7F_FFFF,
        0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC1_2345, 0x7F80_0001, 0xFFBF_FFFF, 0x3F80_0001,
    ];

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("t.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_come_back_bit_for_bit_whatever_their_shapes()
    {
        Tensor unusual = Tensor.From([.. _unusualBits.Select(BitConverter.UInt32BitsToSingle)], 2, 7);
        Tensor large = Tensor.Randn(new RandomGenerator(1), 300, 1001);
        KeyValuePair<string, Tensor>[] tensors =
        [
            new("unusual", unusual),
            new("empty", Tensor.Zeros(3, 0, 2)),
            new("scalar", Tensor.Scalar(-0.1f)),
            new("rank 8", Tensor.Arange(256).View(2, 2, 2, 2, 2, 2, 2, 2)),
            new("large", large),
            new("transposed", large.Transpose(0, 1)),
            new("sliced", large[1..200, 3..1000]),
        ];

        SafetensorsFile.Write(Path, tensors);
        using SafetensorsFile file = SafetensorsFile.Open(Path);

        Assert.Equal(tensors.Select(pair => pair.Key), file.Entries.Select(entry => entry.Name));
        Assert.Empty(file.Metadata);
        foreach ((string name, Tensor tensor) in tensors)
        {
            AssertSameBits(tensor, file.ReadTensor(name));
        }
    }

    [Fact]
    public void The_fixture_that_Python_wrote_reads_right()
    {
        using SafetensorsFile file = SafetensorsFile.Open(TestFiles.Fixture("gpt-tied.safetensors"));
        byte[] bytes = File.ReadAllBytes(TestFiles.Fixture("gpt-tied.safetensors"));
        int start = 8 + BitConverter.ToInt32(bytes);
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, start - 8));

        Assert.NotEmpty(file.Entries);
        Assert.Equal(header.RootElement.EnumerateObject().Count(), file.Entries.Count + (file.Metadata.Count > 0 ? 1 : 0));
        foreach (JsonProperty property in header.RootElement.EnumerateObject().Where(property => file.Contains(property.Name)))
        {
            int begin = start + property.Value.GetProperty("data_offsets")[0].GetInt32();
            Tensor tensor = file.ReadTensor(property.Name);
            int[] sizes = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            Assert.Equal(new Shape(sizes), tensor.Shape);
            byte[] expected = bytes[begin..(begin + (4 * tensor.Count))];
            Assert.Equal(expected, file.ReadBytes(property.Name));
            Assert.Equal(expected, tensor.ToArray().SelectMany(BitConverter.GetBytes));
        }
    }

    [Fact]
    public void Names_and_metadata_keep_every_character_and_their_order()
    {
        string[] names = ["z", "a \"b\" \\ /", "\n\t\u0001\u007F", "größer 模型 😀", "", "\u2028", "__metadata__2"];
        Dictionary<string, string> metadata = new() { ["z"] = "\"\\\n😀", ["format"] = "pt", [""] = "" };

        SafetensorsFile.Write(Path, names.Select((name, i) => KeyValuePair.Create(name, Tensor.Scalar(i))), metadata);
        using SafetensorsFile file = SafetensorsFile.Open(Path);

        Assert.Equal(names, file.Entries.Select(entry => entry.Name));
        Assert.Equal(metadata, file.Metadata);
        Assert.All(names, (name, i) => Assert.Equal(i, file.ReadTensor(name).Item()));
    }

    [Fact]
    public void The_numbers_begin_at_a_multiple_of_8_bytes_and_the_header_is_what_the_format_says()
    {
        for (int length = 1; length <= 9; length++)
        {
            SafetensorsFile.Write(Path, [new(new string('n', length), Tensor.From([1, 2], 2, 1))]);
            using SafetensorsFile file = SafetensorsFile.Open(Path);
            byte[] bytes = File.ReadAllBytes(Path);

            Assert.Equal(0, file.Entries[0].Offset % 8);
            Assert.Equal((ulong)file.Entries[0].Offset - 8, BitConverter.ToUInt64(bytes));
            string json = Encoding.UTF8.GetString(bytes, 8, (int)file.Entries[0].Offset - 8);
            string expected = $$$"""{"{{{new string('n', length)}}}":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""";
            Assert.Equal(expected, json.TrimEnd(' '));
        }
    }

    [Fact]
    public void A_file_without_tensors_is_valid()
    {
        SafetensorsFile.Write(Path, []);
        using SafetensorsFile file = SafetensorsFile.Open(Path);
        Assert.Empty(file.Entries);
        Assert.Equal(16, new FileInfo(Path).Length);
    }

    [Fact]
    public void Whole_numbers_come_back_and_those_beyond_int32_are_refused()
    {
        SafetensorsWriter writer = new();
        writer.Add("ids", IndexTensor.From([int.MinValue, -1, 0, int.MaxValue], 2, 2));
        writer.Add("none", IndexTensor.From([], 0, 5));
        writer.Save(Path);
        using (SafetensorsFile file = SafetensorsFile.Open(Path))
        {
            Assert.Equal(TensorFileType.I32, file.Entries[0].Type);
            Assert.Equal([int.MinValue, -1, 0, int.MaxValue], file.ReadIndexTensor("ids").ToArray());
            Assert.Equal(new Shape(2, 2), file.ReadIndexTensor("ids").Shape);
            Assert.Equal(new Shape(0, 5), file.ReadIndexTensor("none").Shape);
            AssertFault("t.safetensors", "\"ids\"", "I32", () => file.ReadTensor("ids"));
        }

        long[] longs = [int.MinValue, 7, int.MaxValue, 1L + int.MaxValue];
        RawSafetensors.Write(
            Path,
            """
            {"l":{"dtype":"I64","shape":[4],"data_offsets":[0,32]},
             "s":{"dtype":"I64","shape":[],"data_offsets":[32,40]},
             "u":{"dtype":"U8","shape":[3],"data_offsets":[40,43]},
             "v":{"dtype":"U16","shape":[2],"data_offsets":[43,47]},
             "w":{"dtype":"U32","shape":[2],"data_offsets":[47,55]}}
            """,
            [
                .. longs.SelectMany(BitConverter.GetBytes), .. BitConverter.GetBytes(-5L), 0, 128, 255,
                1, 0, 255, 255, 1, 0, 1, 0, 0, 0, 0, 128,
            ]);
        using (SafetensorsFile file = SafetensorsFile.Open(Path))
        {
            Assert.Equal(-5, file.ReadIndexTensor("s").Item());
            Assert.Equal([0, 128, 255], file.ReadIndexTensor("u").ToArray());
            Assert.Equal([1, 65_535], file.ReadIndexTensor("v").ToArray());
            AssertFault("\"w\"", "element 1", "int32", () => file.ReadIndexTensor("w"));
            AssertFault("\"l\"", "element 3", "int32", () => file.ReadIndexTensor("l"));
        }
    }

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("I16", 2)]
    [InlineData("U64", 8)]
    public void A_tensor_of_a_type_that_cannot_be_read_leaves_the_others_readable(string type, int size)
    {
        string header = $$"""
            {"mask":{"dtype":"{{type}}","shape":[2],"data_offsets":[0,{{2 * size}}]},
             "half":{"dtype":"F64","shape":[],"data_offsets":[{{2 * size}},{{(2 * size) + 8}}]} }
            """;
        RawSafetensors.Write(Path, header, [.. Enumerable.Repeat((byte)1, 2 * size), .. BitConverter.GetBytes(0.5)]);
        using SafetensorsFile file = SafetensorsFile.Open(Path);

        Assert.Equal((TensorFileType.Other, type), (file.Entries[0].Type, file.Entries[0].TypeName));
        Assert.Equal(Enumerable.Repeat((byte)1, 2 * size), file.ReadBytes("mask"));
        AssertFault("\"mask\"", type, "F32", () => file.ReadTensor("mask"));
        AssertFault("\"mask\"", type, "I32", () => file.ReadIndexTensor("mask"));
        Assert.Equal(0.5f, file.ReadTensor("half").Item());
    }

    [Fact]
    public void Reading_into_a_tensor_takes_only_its_shape_and_marks_the_write()
    {
        SafetensorsFile.Write(Path, [new("w", Tensor.Arange(6).View(2, 3))]);
        using SafetensorsFile file = SafetensorsFile.Open(Path);
        Tensor weights = Tensor.Zeros(2, 3);
        weights.RequiresGrad = true;
        int version = weights.Version;

        file.ReadInto("w", weights);

        Assert.Equal([0, 1, 2, 3, 4, 5], weights.ToArray());
        Assert.NotEqual(version, weights.Version);
        AssertFault("\"w\"", "[2, 3]", "[3, 2]", () => file.ReadInto("w", Tensor.Zeros(3, 2)));
        Assert.Throws<ArgumentException>(() => file.ReadInto("w", Tensor.Zeros(3, 2).Transpose(0, 1)));
        AssertFault("t.safetensors", "\"v\"", "no such tensor", () => file.ReadTensor("v"));
        Assert.True(file.Contains("w"));
        Assert.False(file.Contains("v"));
    }

    [Fact]
    public void A_file_can_be_replaced_while_its_old_version_is_open()
    {
        SafetensorsFile.Write(Path, [new("w", Tensor.Ones(1000))]);
        using SafetensorsFile old = SafetensorsFile.Open(Path);

        SafetensorsFile.Write(Path, [new("w", Tensor.Zeros(3))]);

        AssertSameBits(Tensor.Ones(1000), old.ReadTensor("w"));
        using SafetensorsFile now = SafetensorsFile.Open(Path);
        AssertSameBits(Tensor.Zeros(3), now.ReadTensor("w"));
        Assert.Equal(["t.safetensors"], _folder.Names());
    }

    [Fact]
    public void A_file_that_is_cut_short_while_open_gives_an_exception_and_not_a_crash()
    {
        SafetensorsFile.Write(Path, [new("w", Tensor.Ones(100_000))]);
        using SafetensorsFile file = SafetensorsFile.Open(Path);
        using (FileStream stream = new(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(5000);
        }

        AssertFault("t.safetensors", "cut short", "5000", () => file.ReadTensor("w"));
    }

    [Fact]
    public void A_missing_file_is_no_tensor_file_exception()
    {
        Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(_folder.File("none")));
        Assert.Throws<DirectoryNotFoundException>(() => SafetensorsFile.Write(_folder.File("none/t"), []));
    }

    [Fact]
    public void Names_that_a_file_cannot_have_are_refused()
    {
        SafetensorsWriter writer = new();
        writer.Add("a", Tensor.Scalar(1));
        Assert.Throws<ArgumentException>(() => writer.Add("a", IndexTensor.From([1])));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", Tensor.Scalar(1)));
        Assert.Throws<ArgumentException>(() => writer.Add("\uD800", Tensor.Scalar(1)));
        Assert.Throws<ArgumentException>(() => writer.Add("b", Tensor.Scalar(1), TensorFileType.I64));
        writer.Metadata["k"] = "\uDC00";
        Assert.Throws<ArgumentException>(() => writer.Save(Path));
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void Files_and_messages_are_the_same_in_every_culture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            // German, and a sign that no parser takes; made by hand, for the tests run without culture data.
            CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            german.NumberFormat.NumberGroupSeparator = ".";
            german.NumberFormat.NegativeSign = "minus";
            CultureInfo.CurrentCulture = german;
            RawSafetensors.Write(Path, """{"w":{"dtype":"F32","shape":[-1],"data_offsets":[-4,1234567]}}""", new byte[4]);
            AssertFault("\"w\"", "dimension 0", "whole number", () => SafetensorsFile.Open(Path));
            RawSafetensors.Write(Path, """{"w":{"dtype":"F32","shape":[1],"data_offsets":[-4,1234567]}}""", new byte[4]);
            AssertFault("\"w\"", "[-4, 1234567]", "4 bytes", () => SafetensorsFile.Open(Path));
            SafetensorsFile.Write(Path, [new("w", Tensor.Arange(-1, 5000, 0.5))]);
            using SafetensorsFile file = SafetensorsFile.Open(Path);
            AssertSameBits(Tensor.Arange(-1, 5000, 0.5), file.ReadTensor("w"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static void AssertFault(string first, string second, string third, Func<object> read) =>
        AssertFault(first, second, third, () => { _ = read(); });

    private static void AssertFault(string first, string second, string third, Action read)
    {
        string message = Assert.Throws<TensorFileException>(read).Message;
        Assert.Contains(first, message, StringComparison.Ordinal);
        Assert.Contains(second, message, StringComparison.Ordinal);
        Assert.Contains(third, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static void AssertSameBits(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(
            expected.ToArray().Select(BitConverter.SingleToUInt32Bits), actual.ToArray().Select(BitConverter.SingleToUInt32Bits));
    }
}
