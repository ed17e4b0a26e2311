using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nabla.Files;

namespace Nabla.Tokenizers;

/// <content>
/// The file format, a JSON object in UTF-8 with exactly these members, usually named <c>tokenizer.json</c>:
/// <code>
/// {
///   "type": "character",
///   "version": 1,
///   "boundary": true,
///   "characters": ["a", "b", ...]      one string of one Unicode scalar value for each id, in order
/// }
/// </code>
/// </content>
public sealed partial class CharacterTokenizer
{
    private const string TypeName = "character";
    private const int Version = 1;

    /// <summary>Every Unicode scalar value, escaped and on its own line, fits: a longer file is none of ours.</summary>
    private const int MaxFileBytes = 32 << 20;

    private const int ScalarValueCount = 0x110000 - 0x800;

    private static readonly JsonWriterOptions _writing = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions _reading = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Writes the vocabulary to a file, which is replaced whole or not at all.</summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using AtomicFile file = AtomicFile.Create(path);
            file.Stream.Write(ToJson());
            file.Commit();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"CharacterTokenizer.Save: cannot write {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a vocabulary that <see cref="Save"/> wrote.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or is not a character tokenizer.</exception>
    public static CharacterTokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] json;
        try
        {
            using FileStream stream = File.OpenRead(path);
            json = ReadAll(stream, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"CharacterTokenizer.Load: cannot read {path}: {exception.Message}", exception);
        }

        try
        {
            return FromJson(json);
        }
        catch (TokenizerException exception)
        {
            throw new TokenizerException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>The vocabulary as the UTF-8 bytes that <see cref="Save"/> writes, to be kept inside another file.</summary>
    public byte[] ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, _writing))
        {
            writer.WriteStartObject();
            writer.WriteString("type", TypeName);
            writer.WriteNumber("version", Version);
            writer.WriteBoolean("boundary", BoundaryId is not null);
            writer.WriteStartArray("characters");
            Span<char> units = stackalloc char[2];
            foreach (Rune character in _characters)
            {
                writer.WriteStringValue(units[..character.EncodeToUtf16(units)]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Reads the bytes that <see cref="ToJson"/> made.</summary>
    /// <exception cref="TokenizerException">The bytes are not a character tokenizer.</exception>
    public static CharacterTokenizer FromJson(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxFileBytes)
        {
            throw TooLong();
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, _reading);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"not a character tokenizer: no valid JSON at line {exception.LineNumber + 1}."), exception);
        }
        catch (InvalidOperationException exception)
        {
            // What the JSON reader throws for text that is JSON in form, but not valid Unicode inside a string.
            throw new TokenizerException("not a character tokenizer: a string in it is not valid Unicode.", exception);
        }
    }

    private static CharacterTokenizer Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new TokenizerException("not a character tokenizer: the JSON is no object.");
        }

        // The type first: of another tokenizer's file it is the one thing worth saying.
        var type = Member(root, "type", JsonValueKind.String).GetString()!;
        if (type != TypeName)
        {
            throw new TokenizerException($"not a character tokenizer: \"type\" is not \"{TypeName}\".");
        }

        if (!Member(root, "version", JsonValueKind.Number).TryGetInt32(out var version) || version != Version)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"\"version\" must be {Version}: this file was made by another version of the program."));
        }

        JsonElement boundary = Member(root, "boundary", JsonValueKind.True, JsonValueKind.False);
        JsonElement list = Member(root, "characters", JsonValueKind.Array);
        if (root.GetPropertyCount() != 4)
        {
            throw new TokenizerException(
                "not a character tokenizer: it has members other than \"type\", \"version\", \"boundary\" and \"characters\".");
        }

        var count = list.GetArrayLength();
        if (count > ScalarValueCount)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"\"characters\" has {count} entries, but Unicode has {ScalarValueCount} characters."));
        }

        var characters = new List<Rune>(count);
        foreach (JsonElement entry in list.EnumerateArray())
        {
            var text = entry.ValueKind == JsonValueKind.String ? entry.GetString()! : "";
            if (Rune.DecodeFromUtf16(text, out Rune character, out var length) != OperationStatus.Done || length != text.Length)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"entry {characters.Count} of \"characters\" is not a string of one character."));
            }

            characters.Add(character);
        }

        return new CharacterTokenizer(characters, boundary.GetBoolean());
    }

    private static JsonElement Member(JsonElement root, string name, JsonValueKind kind, JsonValueKind alternative = default)
    {
        if (!root.TryGetProperty(name, out JsonElement member))
        {
            throw new TokenizerException($"not a character tokenizer: \"{name}\" is missing.");
        }

        if (member.ValueKind != kind && member.ValueKind != alternative)
        {
            throw new TokenizerException($"not a character tokenizer: \"{name}\" is of the wrong type ({member.ValueKind}).");
        }

        return member;
    }

    private static byte[] ReadAll(FileStream stream, string path)
    {
        // A device or a pipe has no length, so the bytes are counted as they come, too.
        if (stream.CanSeek && stream.Length > MaxFileBytes)
        {
            throw new TokenizerException($"{path}: {TooLong().Message}");
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[64 << 10];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (bytes.Length + read > MaxFileBytes)
            {
                throw new TokenizerException($"{path}: {TooLong().Message}");
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static TokenizerException TooLong() => new(string.Create(CultureInfo.InvariantCulture,
        $"not a character tokenizer: longer than {MaxFileBytes >> 20} MiB."));
}
