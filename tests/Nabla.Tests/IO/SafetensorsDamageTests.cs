using FsCheck;
using FsCheck.Fluent;
using Nabla.IO;

namespace Nabla.Tests.IO;

/// <summary>Whatever the bytes, a file is read right or refused by the one exception; a lie costs no memory.</summary>
public sealed class SafetensorsDamageTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("t.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 0, "does not begin with '{'")]
    [InlineData(" {}", 0, "does not begin with '{'")]
    [InlineData("[]", 0, "does not begin with '{'")]
    [InlineData("\uFEFF{}", 0, "does not begin with '{'")]
    [InlineData("{", 0, "not valid JSON")]
    [InlineData("{}x", 0, "not valid JSON")]
    [InlineData("{}\0", 0, "not valid JSON")]
    [InlineData("{\"a\":{\"b\":[[1]]}}", 0, "not valid JSON")]
    [InlineData("{\"\\ud800\":1}", 0, "not valid")]
    [InlineData("{\"a\":1}", 0, "not a JSON object")]
    [InlineData("{\"a\":{}}", 0, "no \"dtype\"")]
    [InlineData("{\"a\":{\"dtype\":1}}", 0, "\"dtype\" is of the wrong kind")]
    [InlineData("{\"a\":{\"dtype\":\"Other\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "\"Other\" is unknown")]
    [InlineData("{\"a\":{\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "\"f32\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "no \"shape\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "no \"data_offsets\"")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "dimension 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1.5],\"data_offsets\":[0,4]}}", 4, "dimension 1")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}", 4, "dimension 0")]
    [InlineData("{\"a\":{\"dtype\":\"U8\",\"shape\":[2147483648],\"data_offsets\":[0,2147483648]}}", 4, "dimension 0")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,17179869184]}}", 4, "more than 2^31 - 1")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1048576,1048576],\"data_offsets\":[0,4]}}", 4, "more than 2^31 - 1")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, "9 dimensions")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "two whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4.5]}}", 4, "two whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,18446744073709551620]}}", 4, "two whole numbers")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4, "[-4, 0] do not lie in the data")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "[4, 0] do not lie in the data")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "[0, 8] do not lie in the data")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[536870912],\"data_offsets\":[0,4]}}", 4, "takes 2147483648 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,8]}}", 8, "takes 4 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5, "take 4 bytes of the data, which has 5")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}}", 5, "no tensor has the bytes from 0")]
    [InlineData("{}", 4, "take 0 bytes of the data, which has 4")]
    [InlineData("{\"__metadata__\":[]}", 0, "__metadata__ is not a JSON object")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "\"a\" is not a string")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", 0, "not valid JSON")]
    [InlineData("{\"a\\nb\":1}", 0, "\"a\\nb\"")]
    public void Each_fault_is_told(string header, int dataLength, string fault)
    {
        RawSafetensors.Write(Path, header, new byte[dataLength]);

        TensorFileException exception = Assert.Throws<TensorFileException>(() => SafetensorsFile.Open(Path));

        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(Path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("a", 0, 8, "b", 4, 12, "the tensor before it ends at 8")]
    [InlineData("b", 4, 12, "a", 0, 8, "the tensor before it ends at 8")]
    [InlineData("a", 0, 12, "b", 4, 8, "the tensor before it ends at 12")]
    [InlineData("a", 0, 4, "b", 8, 12, "no tensor has the bytes from 4")]
    [InlineData("a", 0, 12, "a", 0, 12, "not valid JSON")]
    public void Two_tensors_share_no_byte_and_leave_none(
        string a, int aBegin, int aEnd, string b, int bBegin, int bEnd, string fault)
    {
        RawSafetensors.Write(Path, $"{{{Entry(a, aBegin, aEnd)},{Entry(b, bBegin, bEnd)}}}", new byte[12]);
        TensorFileException exception = Assert.Throws<TensorFileException>(() => SafetensorsFile.Open(Path));
        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);

        static string Entry(string name, int begin, int end) =>
            $$"""
            "{{name}}":{"dtype":"F32","shape":[{{(end - begin) / 4}}],"data_offsets":[{{begin}},{{end}}]}
            """;
    }

    [Fact]
    public void A_header_that_is_not_UTF8_is_refused_even_where_nobody_looks()
    {
        byte[] header = """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"more":"?"}}"""u8.ToArray();
        header[header.IndexOf((byte)'?')] = 0xFF;
        File.WriteAllBytes(Path, RawSafetensors.Bytes(header, []));
        TensorFileException exception = Assert.Throws<TensorFileException>(() => SafetensorsFile.Open(Path));
        Assert.Contains("not valid UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_header_need_not_be_that_of_the_data_and_empty_tensors_may_lie_anywhere_between()
    {
        RawSafetensors.Write(
            Path,
            """
            {"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
             "e":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4],"more":null},
             "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
             "f":{"dtype":"I64","shape":[0],"data_offsets":[8,8]}}
            """,
            [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)]);
        using SafetensorsFile file = SafetensorsFile.Open(Path);

        Assert.Equal(["b", "e", "a", "f"], file.Entries.Select(entry => entry.Name));
        Assert.Equal(2, file.ReadTensor("b").Item());
        Assert.Equal(1, file.ReadTensor("a").Item());
        Assert.Equal(new Shape(0, 7), file.ReadTensor("e").Shape);
        Assert.Equal(new Shape(0), file.ReadIndexTensor("f").Shape);
    }

    [Fact]
    public void A_file_cut_off_at_any_length_is_refused()
    {
        byte[] valid = ValidFile();
        for (int length = 0; length < valid.Length; length++)
        {
            File.WriteAllBytes(Path, valid[..length]);
            Assert.Throws<TensorFileException>(() => SafetensorsFile.Open(Path));
        }

        Assert.True(IsReadOrRefused(valid, out bool wasRead) && wasRead);
        Assert.True(IsReadOrRefused([.. valid, 0], out bool longerWasRead) && !longerWasRead);
    }

    [Fact]
    public void A_header_with_any_one_byte_changed_is_read_or_refused()
    {
        byte[] valid = ValidFile();
        int headerEnd = 8 + (int)BitConverter.ToUInt64(valid);
        for (int place = 0; place < headerEnd; place++)
        {
            byte original = valid[place];
            foreach (byte value in "09-.e\"\\{}[]:, \0\u00FF"u8)
            {
                valid[place] = value;
                Assert.True(IsReadOrRefused(valid));
            }

            valid[place] = original;
        }
    }

    [Fact]
    public void Random_bytes_are_refused() => Check.One(_config, Prop.ForAll<byte[]>(bytes => IsReadOrRefused(bytes)));

    [Fact]
    public void A_header_of_random_bytes_is_refused() =>
        Check.One(_config, Prop.ForAll<byte[], byte[]>((header, data) => IsReadOrRefused(RawSafetensors.Bytes(header, data))));

    [Fact]
    public void A_header_of_random_pieces_is_read_or_refused()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ":", ",", "\"a\"", "\"dtype\"", "\"F32\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"",
            "0", "4", "-1", "1e3", "9223372036854775807", "null", "true", "\"\\ud800\"", "\"a\":{", "\"shape\":[1]", "[0,4]",
            "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}", "\"data_offsets\":[0,4]", "\"dtype\":\"F32\"",
        ];
        Gen<string> header = Gen.Elements(pieces).ListOf().Select(list => "{" + string.Concat(list) + "}");
        Check.One(_config.WithMaxTest(1000), Prop.ForAll(
            header.ToArbitrary(), text => IsReadOrRefused(RawSafetensors.Bytes(text, new byte[4]))));
    }

    [Fact]
    public void A_valid_header_of_which_numbers_are_changed_is_read_or_refused()
    {
        Gen<(TensorFileType Type, int[] Sizes)> tensor =
            from type in Gen.Elements(Enum.GetValues<TensorFileType>().Except([TensorFileType.Other]))
            from sizes in Gen.Choose(0, 3).ListOf()
            select (type, sizes.Take(3).ToArray());
        Gen<(int Place, long Value)> change =
            from place in Gen.Choose(0, 12)
            from value in Gen.Elements(0, 1, 2, 3, 4, 8, 16, -1, 1L << 31, 1L << 40, long.MaxValue, long.MinValue)
            select (place, value);
        Gen<Dictionary<int, long>> changed = change.ListOf().Select(
            list => list.DistinctBy(pair => pair.Place).Take(2).ToDictionary(pair => pair.Place, pair => pair.Value));
        int read = 0;
        int refused = 0;
        Check.One(
            _config.WithMaxTest(2000),
            Prop.ForAll(tensor.ListOf().ToArbitrary(), changed.ToArbitrary(), (tensors, changes) =>
            {
                bool result = IsReadOrRefused(Consecutive(tensors.Take(4), changes), out bool wasRead);
                read += wasRead && changes.Count > 0 ? 1 : 0;
                refused += wasRead ? 0 : 1;
                return result && (wasRead || changes.Count > 0);
            }));
        Assert.True(read > 50 && refused > 50, $"{read} changed files were read and {refused} refused: the test shows little.");
    }

    [Fact]
    public void A_header_that_lies_about_its_size_or_that_of_a_tensor_costs_no_memory()
    {
        byte[] hugeHeader = [.. BitConverter.GetBytes(1UL << 40), .. "{}"u8];
        byte[] longHeader = [.. BitConverter.GetBytes(99_000_000UL), .. "{}"u8];
        byte[] negativeHeader = [.. BitConverter.GetBytes(ulong.MaxValue), .. "{}"u8];
        byte[] hugeTensor = RawSafetensors.Bytes(
            """{"a":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}""", []);
        byte[] largeTensor = RawSafetensors.Bytes(
            """{"a":{"dtype":"F32","shape":[2147483647],"data_offsets":[0,8589934588]}}""", []);
        foreach (byte[] bytes in (byte[][])[hugeHeader, longHeader, negativeHeader, hugeTensor, largeTensor])
        {
            File.WriteAllBytes(Path, bytes);
            Assert.Throws<TensorFileException>(() => SafetensorsFile.Open(Path));
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<TensorFileException>(() => SafetensorsFile.Open(Path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
    }

    private static byte[] ValidFile() => RawSafetensors.Bytes(
        """
        {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},
        "i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"h":{"dtype":"BF16","shape":[],"data_offsets":[16,18]}} 
        """,
        [1, 2, 3, 4, 5, 6, 7, 8, 255, 0, 0, 0, 0, 0, 0, 0, 17, 18]);

    /// <summary>Returns a file of tensors, one after the other, in which some numbers of the header are others.</summary>
    private static byte[] Consecutive(IEnumerable<(TensorFileType Type, int[] Sizes)> tensors, Dictionary<int, long> changes)
    {
        List<string> entries = [];
        int place = 0;
        int offset = 0;
        foreach ((TensorFileType type, int[] sizes) in tensors)
        {
            string shape = string.Join(',', sizes.Select(size => Number(size)));
            long begin = Number(offset);
            offset += sizes.Aggregate(1, (count, size) => count * size) * type.ByteCount();
            entries.Add($$"""
                "{{entries.Count}}":{"dtype":"{{type}}","shape":[{{shape}}],"data_offsets":[{{begin}},{{Number(offset)}}]}
                """);
        }

        return RawSafetensors.Bytes("{" + string.Join(',', entries) + "}", new byte[offset]);

        long Number(long value) => changes.GetValueOrDefault(place++, value);
    }

    private bool IsReadOrRefused(byte[] bytes) => IsReadOrRefused(bytes, out _);

    private bool IsReadOrRefused(byte[] bytes, out bool wasRead)
    {
        File.WriteAllBytes(Path, bytes);
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(Path);
            foreach (SafetensorsEntry entry in file.Entries)
            {
                _ = entry.Type is TensorFileType.I32 or TensorFileType.I64 or TensorFileType.U8 or TensorFileType.U16
                    or TensorFileType.U32
                    ? file.ReadIndexTensor(entry.Name).Count
                    : file.ReadTensor(entry.Name).Count;
            }

            wasRead = true;
            return 8 + (long)BitConverter.ToUInt64(bytes) + file.Entries.Sum(entry => entry.ByteCount) == bytes.Length;
        }
        catch (TensorFileException exception)
        {
            wasRead = false;
            return exception.Message.StartsWith(Path, StringComparison.Ordinal) && !exception.Message.Contains('\n');
        }
    }
}
