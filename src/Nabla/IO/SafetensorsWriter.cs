using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nabla.Files;

namespace Nabla.IO;

/// <summary>
/// Collects named tensors and writes them to a safetensors file, in the order in which they were added. Nothing is copied
/// until <see cref="Save"/>, which writes straight from their memory.
/// </summary>
/// <example>
/// <code>
/// SafetensorsWriter writer = new();
/// writer.Metadata["format"] = "pt";
/// writer.Add("wte.weight", embedding, TensorFileType.BF16);
/// writer.Save("model.safetensors");
/// </code>
/// </example>
public sealed class SafetensorsWriter
{
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonWriterOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Item> _items = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Gets the free text to keep with the tensors, by key.</summary>
    public IDictionary<string, string> Metadata { get; } = new OrderedDictionary<string, string>();

    /// <summary>Adds a tensor of floats.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="tensor">The tensor; what it holds when the file is written counts.</param>
    /// <param name="type">F32, or F16 or BF16 to round each number to the nearest of those and halve the size.</param>
    /// <exception cref="ArgumentException">The name is used already or cannot be used, or the type is another.</exception>
    public void Add(string name, Tensor tensor, TensorFileType type = TensorFileType.F32)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (type is not (TensorFileType.F32 or TensorFileType.F16 or TensorFileType.BF16))
        {
            throw new ArgumentException($"Add: a tensor of floats is stored as F32, F16 or BF16, not as {type}.");
        }

        Add(new Item(name, tensor, null, type));
    }

    /// <summary>Adds a tensor of whole numbers, stored as I32.</summary>
    /// <exception cref="ArgumentException">The name is used already or cannot be used.</exception>
    public void Add(string name, IndexTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(new Item(name, null, tensor, TensorFileType.I32));
    }

    /// <summary>Writes the file under a temporary name beside it, and then puts it in the place of an old one.</summary>
    /// <exception cref="ArgumentException">The names and the metadata exceed the 100 MB of a header.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] header = Header();
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(header);
        foreach (Item item in _items)
        {
            if (item.Ids is { } ids)
            {
                ElementWriter.Write(file.Stream, ids);
            }
            else
            {
                ElementWriter.Write(file.Stream, item.Floats!, item.Type);
            }
        }

        file.Commit();
    }

    private void Add(Item item)
    {
        ArgumentNullException.ThrowIfNull(item.Name);
        if (item.Name == SafetensorsHeader.MetadataName)
        {
            throw new ArgumentException(
                $"Add: no tensor can be called {SafetensorsHeader.MetadataName}: the format keeps free text there.");
        }

        CheckUnicode(item.Name);
        if (!_names.Add(item.Name))
        {
            throw new ArgumentException($"Add: there is a tensor called {SafetensorsHeader.Quote(item.Name)} already.");
        }

        _items.Add(item);
    }

    /// <summary>Returns the length and the JSON, padded so that the numbers begin at a multiple of 8 bytes.</summary>
    private byte[] Header()
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.Write(stackalloc byte[SafetensorsHeader.LengthBytes]);
        using (Utf8JsonWriter json = new(buffer, _writing))
        {
            json.WriteStartObject();
            WriteMetadata(json);
            long offset = 0;
            foreach (Item item in _items)
            {
                json.WriteStartObject(item.Name);
                json.WriteString("dtype", item.Type.ToString());
                json.WriteStartArray("shape");
                foreach (int size in item.Shape.AsSpan())
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)item.Shape.Count * item.Type.ByteCount());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        buffer.Write("       "u8[..(-buffer.WrittenCount & 7)]);
        byte[] header = buffer.WrittenSpan.ToArray();
        int length = header.Length - SafetensorsHeader.LengthBytes;
        if (length > SafetensorsHeader.MaxBytes)
        {
            throw new ArgumentException(
                $"Save: the names and the metadata take {length} bytes, the most is {SafetensorsHeader.MaxBytes}.");
        }

        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        return header;
    }

    private void WriteMetadata(Utf8JsonWriter json)
    {
        if (Metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataName);
        foreach ((string key, string value) in Metadata)
        {
            CheckUnicode(key);
            CheckUnicode(value);
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    /// <summary>Throws unless a text can be written as UTF-8 and read as the same text.</summary>
    private static void CheckUnicode(string text)
    {
        try
        {
            _strictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException(
                $"{SafetensorsHeader.Quote(text)} is not valid Unicode: a surrogate stands alone in it.", exception);
        }
    }

    private readonly record struct Item(string Name, Tensor? Floats, IndexTensor? Ids, TensorFileType Type)
    {
        public Shape Shape => Floats?.Shape ?? Ids!.Shape;
    }
}
