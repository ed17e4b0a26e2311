using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Nabla.IO;

/// <summary>
/// The header of a safetensors file: 8 bytes with the length of the JSON that follows, then an object with
/// <c>{"dtype": ..., "shape": [...], "data_offsets": [begin, end]}</c> for each tensor, and strings under <c>__metadata__</c>.
/// </summary>
/// <remarks>
/// Everything is checked before memory is taken for any tensor. The format wants the tensors to cover the data without gaps
/// or overlaps, so that nothing can hide in a file and no byte is read as two things.
/// </remarks>
internal sealed class SafetensorsHeader
{
    public const string MetadataName = "__metadata__";
    public const int LengthBytes = sizeof(ulong);

    /// <summary>The format's own limit.</summary>
    public const int MaxBytes = 100_000_000;

    // The object, in it an entry, in it a list; and no name twice, of which a reader would have to choose one.
    private static readonly JsonDocumentOptions _reading = new() { MaxDepth = 3, AllowDuplicateProperties = false };

    private readonly DataFile _file;
    private readonly long _dataStart;

    private SafetensorsHeader(DataFile file, long dataStart)
    {
        _file = file;
        _dataStart = dataStart;
    }

    /// <summary>Gets the tensors in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>Gets the free text, by key.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    private long DataLength => _file.Length - _dataStart;

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="TensorFileException">The file is not a valid safetensors file.</exception>
    public static SafetensorsHeader Read(DataFile file)
    {
        if (file.Length < LengthBytes)
        {
            throw file.Fault($"not a safetensors file: it has {file.Length} bytes, and the length of the header alone takes 8.");
        }

        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        file.Read(0, lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MaxBytes)
        {
            throw file.Fault($"not a safetensors file: its header would be {length} bytes long, the most is {MaxBytes}.");
        }

        if ((long)length > file.Length - LengthBytes)
        {
            throw file.Fault(
                $"the header should be {length} bytes long, but only {file.Length - LengthBytes} follow: the file is cut short.");
        }

        byte[] json = new byte[length];
        file.Read(LengthBytes, json);
        SafetensorsHeader header = new(file, LengthBytes + json.Length);
        header.Parse(json);
        header.CheckCoverage();
        return header;
    }

    /// <summary>Returns a name in quotes, on one line and not too long for a message.</summary>
    public static string Quote(string name)
    {
        string escaped = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name.Length > 100 ? name[..100] : name);
        return name.Length > 100 ? $"\"{escaped}...\"" : $"\"{escaped}\"";
    }

    private void Parse(byte[] json)
    {
        if (!Utf8.IsValid(json))
        {
            throw _file.Fault($"the header is not valid UTF-8.");
        }

        if (json is not [(byte)'{', ..])
        {
            throw _file.Fault($"not a safetensors file: the header does not begin with '{{'.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, _reading);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataName))
                {
                    ReadMetadata(property.Value);
                }
                else
                {
                    ReadEntry(property.Name, property.Value);
                }
            }
        }
        catch (JsonException exception)
        {
            throw _file.Fault($"the header is not valid JSON at byte {exception.BytePositionInLine}.", exception);
        }
        catch (InvalidOperationException exception)
        {
            // What the JSON reader throws for an escape such as \ud800 that stands for no character.
            throw _file.Fault($"the header is not valid JSON: a string in it is not valid Unicode.", exception);
        }
    }

    private void ReadMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object)
        {
            throw _file.Fault($"{MetadataName} is not a JSON object.");
        }

        foreach (JsonProperty property in metadata.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw _file.Fault($"{MetadataName}: the value of {Quote(property.Name)} is not a string.");
            }

            Metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private void ReadEntry(string name, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw Fault(name, $"its entry is not a JSON object.");
        }

        string type = Member(name, entry, "dtype", JsonValueKind.String).GetString()!;
        int size = ByteCount(name, type);
        Shape shape = ReadShape(name, Member(name, entry, "shape", JsonValueKind.Array));
        JsonElement offsets = Member(name, entry, "data_offsets", JsonValueKind.Array);
        if (offsets.GetArrayLength() != 2
            || !TryGetInteger(offsets[0], out long begin)
            || !TryGetInteger(offsets[1], out long end))
        {
            throw Fault(name, $"its \"data_offsets\" are not two whole numbers, the begin and the end.");
        }

        if (begin < 0 || end < begin || end > DataLength)
        {
            throw Fault(name, $"its \"data_offsets\" [{begin}, {end}] do not lie in the data, which has {DataLength} bytes.");
        }

        long needed = (long)shape.Count * size;
        if (end - begin != needed)
        {
            throw Fault(name, $"{shape} of {type} takes {needed} bytes, but its \"data_offsets\" are [{begin}, {end}].");
        }

        Entries.Add(new SafetensorsEntry(name, type, shape, _dataStart + begin, needed));
    }

    /// <summary>Returns the bytes of one number, also of a type that tensors cannot take: it does no harm until read.</summary>
    private int ByteCount(string name, string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 1,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "F32" or "I32" or "U32" => 4,
        "F64" or "I64" or "U64" => 8,
        _ => throw Fault(name, $"its dtype {Quote(type)} is unknown."),
    };

    private Shape ReadShape(string name, JsonElement list)
    {
        int rank = list.GetArrayLength();
        if (rank > Shape.MaxRank)
        {
            throw Fault(name, $"it has {rank} dimensions, the most is {Shape.MaxRank}.");
        }

        Span<int> sizes = stackalloc int[rank];
        for (int dim = 0; dim < rank; dim++)
        {
            if (!TryGetInteger(list[dim], out long size) || size is < 0 or > int.MaxValue)
            {
                throw Fault(name, $"the size of dimension {dim} is not a whole number from 0 to 2^31 - 1.");
            }

            sizes[dim] = (int)size;
        }

        try
        {
            return new Shape(sizes);
        }
        catch (ShapeException exception)
        {
            throw Fault(name, $"{exception.Message}", exception);
        }
    }

    private JsonElement Member(string name, JsonElement entry, string member, JsonValueKind kind)
    {
        if (!entry.TryGetProperty(member, out JsonElement value))
        {
            throw Fault(name, $"its entry has no \"{member}\".");
        }

        return value.ValueKind == kind
            ? value
            : throw Fault(name, $"its \"{member}\" is of the wrong kind ({value.ValueKind}).");
    }

    private void CheckCoverage()
    {
        long covered = _dataStart;
        foreach (SafetensorsEntry entry in Entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount))
        {
            if (entry.Offset != covered)
            {
                long begin = entry.Offset - _dataStart;
                long end = covered - _dataStart;
                throw entry.Offset < covered
                    ? Fault(entry.Name, $"it begins at byte {begin} of the data, but the tensor before it ends at {end}.")
                    : Fault(entry.Name, $"it begins at byte {begin} of the data: no tensor has the bytes from {end} to there.");
            }

            covered += entry.ByteCount;
        }

        if (covered != _file.Length)
        {
            throw _file.Fault($"the tensors take {covered - _dataStart} bytes of the data, which has {DataLength}.");
        }
    }

    private static bool TryGetInteger(JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }

    private TensorFileException Fault(string name, FormattableString fault, Exception? inner = null) =>
        _file.Fault($"tensor {Quote(name)}: {fault}", inner);
}
