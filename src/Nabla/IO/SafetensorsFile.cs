using System.Diagnostics.CodeAnalysis;

namespace Nabla.IO;

/// <summary>
/// An open safetensors file: named tensors behind a JSON header, the format in which models are exchanged
/// (https://github.com/huggingface/safetensors). Only the header is read at first; each tensor is read when asked for,
/// straight into its memory.
/// </summary>
/// <remarks>May be read from several threads. The file may be replaced meanwhile: the old contents stay readable.</remarks>
/// <example>
/// <code>
/// using SafetensorsFile file = SafetensorsFile.Open("model.safetensors");
/// Tensor embedding = file.ReadTensor("wte.weight");
/// </code>
/// </example>
public sealed class SafetensorsFile : IDisposable
{
    private readonly DataFile _file;
    private readonly Dictionary<string, SafetensorsEntry> _byName = [];

    private SafetensorsFile(DataFile file)
    {
        _file = file;
        SafetensorsHeader header = SafetensorsHeader.Read(file);
        Entries = header.Entries.AsReadOnly();
        Metadata = header.Metadata.AsReadOnly();
        foreach (SafetensorsEntry entry in Entries)
        {
            _byName.Add(entry.Name, entry);
        }
    }

    /// <summary>Gets the free text in the file, by key; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets what the file says about each tensor, in the order of its header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>Opens a file and checks its header and that it has all the bytes that the header speaks of.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is not a valid safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        DataFile file = new(path);
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes tensors as float32 to a file, which is replaced whole or not at all.</summary>
    /// <remarks><see cref="SafetensorsWriter"/> can do more: whole numbers, and floats of two bytes.</remarks>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensors">The tensors by name, in the order that the file will have.</param>
    /// <param name="metadata">Free text to keep with them.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or a name cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is left as it was.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafetensorsWriter writer = new();
        foreach ((string name, Tensor tensor) in tensors)
        {
            writer.Add(name, tensor);
        }

        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            writer.Metadata.Add(key, value);
        }

        writer.Save(path);
    }

    /// <summary>Returns whether the file has a tensor of that name.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    /// <summary>Returns what the file says about a tensor.</summary>
    public bool TryGetEntry(string name, [NotNullWhen(true)] out SafetensorsEntry? entry) => _byName.TryGetValue(name, out entry);

    /// <summary>Reads a tensor of floats (F32, F16, BF16 or F64) as float32.</summary>
    /// <exception cref="TensorFileException">There is no such tensor, or it holds no floats.</exception>
    public Tensor ReadTensor(string name)
    {
        SafetensorsEntry entry = FloatEntry(name);
        Tensor result = new(entry.Shape);
        Read(entry, result);
        return result;
    }

    /// <summary>Reads a tensor of floats into one of the same shape, whether that is on the tape or not.</summary>
    /// <param name="name">The tensor in the file.</param>
    /// <param name="destination">The tensor whose elements are overwritten; it must be contiguous.</param>
    /// <exception cref="TensorFileException">There is no such tensor, or it has another shape or no floats.</exception>
    /// <exception cref="ArgumentException">The destination is not contiguous.</exception>
    public void ReadInto(string name, Tensor destination)
    {
        SafetensorsEntry entry = Check(name, destination);
        if (!destination.IsContiguous)
        {
            throw new ArgumentException(
                $"ReadInto: the tensor of shape {destination.Shape} is not contiguous; read into the one it is a view of.");
        }

        Read(entry, destination);
        destination.Touch();
    }

    /// <summary>Reads a tensor of whole numbers (I32, I64, U8, U16 or U32) as int32.</summary>
    /// <exception cref="TensorFileException">There is no such tensor, it holds others, or a number does not fit.</exception>
    public unsafe IndexTensor ReadIndexTensor(string name)
    {
        SafetensorsEntry entry = Entry(name);
        if (!entry.Type.IsInteger())
        {
            throw Fault(name, $"it holds {entry.TypeName}; an IndexTensor is read from I32, I64, U8, U16 and U32.");
        }

        IndexTensor result = new(entry.Shape);
        int misfit = _file.ReadInts(entry.Offset, entry.Type, bigEndian: false, result.Pointer, result.Count);
        GC.KeepAlive(result);
        return misfit < 0 ? result : throw Fault(name, $"element {misfit} of {entry.Shape} is beyond the range of int32.");
    }

    /// <summary>Reads the bytes of a tensor as they are in the file.</summary>
    /// <exception cref="TensorFileException">There is no such tensor, or it is larger than an array can be.</exception>
    public byte[] ReadBytes(string name)
    {
        SafetensorsEntry entry = Entry(name);
        if (entry.ByteCount > Array.MaxLength)
        {
            throw Fault(name, $"its {entry.ByteCount} bytes are more than one array can hold; read it as a tensor.");
        }

        byte[] bytes = new byte[entry.ByteCount];
        _file.Read(entry.Offset, bytes);
        return bytes;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Returns a tensor's entry, of floats and of the destination's shape.</summary>
    /// <exception cref="TensorFileException">There is no such tensor, or it has another shape or no floats.</exception>
    internal SafetensorsEntry Check(string name, Tensor destination)
    {
        SafetensorsEntry entry = FloatEntry(name);
        return entry.Shape == destination.Shape
            ? entry
            : throw Fault(name, $"it has shape {entry.Shape} in the file, but {destination.Shape} is wanted.");
    }

    private SafetensorsEntry Entry(string name) => _byName.TryGetValue(name, out SafetensorsEntry? entry)
        ? entry
        : throw Fault(name, $"the file has no such tensor; it has {Entries.Count} others.");

    private SafetensorsEntry FloatEntry(string name)
    {
        SafetensorsEntry entry = Entry(name);
        return entry.Type.IsFloat()
            ? entry
            : throw Fault(name, $"it holds {entry.TypeName}; a Tensor is read from F32, F16, BF16 and F64.");
    }

    private unsafe void Read(SafetensorsEntry entry, Tensor destination)
    {
        _file.ReadFloats(entry.Offset, entry.Type, bigEndian: false, destination.Pointer, destination.Count);
        GC.KeepAlive(destination);
    }

    private TensorFileException Fault(string name, FormattableString fault) =>
        _file.Fault($"tensor {SafetensorsHeader.Quote(name)}: {fault}");
}
