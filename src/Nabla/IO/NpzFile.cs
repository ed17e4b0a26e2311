using System.IO.Compression;
using Nabla.Files;

namespace Nabla.IO;

/// <summary>Reads npz files: a zip of npy files, which NumPy writes by <c>savez</c> and <c>savez_compressed</c>.</summary>
/// <example>
/// <code>
/// using NpzFile file = NpzFile.Open("digits.npz");    // numpy.savez("digits.npz", images=images, labels=labels)
/// IndexTensor labels = file.ReadIndex("labels");
/// </code>
/// </example>
public sealed class NpzFile : IDisposable
{
    private const string Suffix = ".npy";

    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly OrderedDictionary<string, ZipArchiveEntry> _members = new(StringComparer.Ordinal);

    private NpzFile(string path, ZipArchive archive)
    {
        _path = path;
        _archive = archive;
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.FullName.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            string name = entry.FullName[..^Suffix.Length];
            if (!_members.TryAdd(name, entry))
            {
                throw DataFile.Fault(path, $"two arrays in it are named {SafetensorsHeader.Quote(name)}.");
            }
        }
    }

    /// <summary>Gets the names of the arrays, in the order of the file.</summary>
    public IReadOnlyList<string> Names => _members.Keys;

    /// <summary>Opens a file and reads what is in it, but no array yet.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="TensorFileException">The file is damaged, or no zip.</exception>
    public static NpzFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file = File.OpenRead(path);
        try
        {
            // The archive closes the file, at the latest with this object.
            return new NpzFile(path, new ZipArchive(file, ZipArchiveMode.Read));
        }
        catch (InvalidDataException exception)
        {
            file.Dispose();
            throw DataFile.Fault(path, $"it is no zip file, or cut short: {exception.Message}", exception);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads an array of floats as float32, see <see cref="NpyFile.Read(string)"/>.</summary>
    /// <exception cref="TensorFileException">There is no such array, it is damaged, or holds something else.</exception>
    public Tensor Read(string name) => NpyFile.Read(Unpack(name));

    /// <summary>Reads an array of whole numbers as int32, see <see cref="NpyFile.ReadIndex(string)"/>.</summary>
    /// <exception cref="TensorFileException">There is no such array, it is damaged, or holds something else.</exception>
    public IndexTensor ReadIndex(string name) => NpyFile.ReadIndex(Unpack(name));

    /// <summary>Reads an array of bytes, see <see cref="NpyFile.ReadBytes(string, out Shape)"/>.</summary>
    /// <exception cref="TensorFileException">There is no such array, it is damaged, or holds something else.</exception>
    public byte[] ReadBytes(string name, out Shape shape) => NpyFile.ReadBytes(Unpack(name), out shape);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _archive.Dispose();

    private DataFile Unpack(string name)
    {
        if (!_members.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            throw DataFile.Fault(_path, $"no array in it is named {SafetensorsHeader.Quote(name)}; it has {NameList()}.");
        }

        string path = $"{_path}, {SafetensorsHeader.Quote(name)}";
        try
        {
            using Stream stream = entry.Open();
            byte[] bytes = PackedBytes.Read(stream, entry.Length, entry.CompressedLength, path);
            return Crc32.Of(bytes) == entry.Crc32
                ? new DataFile(path, bytes)
                : throw DataFile.Fault(path, $"its checksum differs: it is damaged, get the file again.");
        }
        catch (InvalidDataException exception)
        {
            throw DataFile.Fault(path, $"what zip packed is damaged or cut short: get the file again.", exception);
        }
    }

    private string NameList() => _members.Count == 0
        ? "none"
        : string.Join(", ", Names.Take(16).Select(name => SafetensorsHeader.Quote(name)));
}
