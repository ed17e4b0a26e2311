using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>Writes GPT-2's pair of files; see <see cref="Gpt2Files"/>.</summary>
internal static class Gpt2Writer
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Throws if the files would be read as another tokenizer: they tell neither the pattern nor what is special.</summary>
    public static void Check(string path, RegexTokenizer tokenizer)
    {
        if (tokenizer.Splitter.Kind != SplitKind.Gpt2)
        {
            throw Unfit(path, "these files are always read with GPT-2's split pattern, which is not the tokenizer's own");
        }

        if (tokenizer.SpecialTokens.Ids.Keys.FirstOrDefault(text => !AlphabetVocabulary.CanHold(tokenizer.Vocabulary, text)) is { } special)
        {
            throw Unfit(path, $"special token {Quoted.Text(special)} would be read as an ordinary one");
        }

        HashSet<int> made = [.. tokenizer.Vocabulary.Merges.Select(tokenizer.Vocabulary.MergedId)];
        for (var id = 0; id < tokenizer.Vocabulary.Size; id++)
        {
            if (tokenizer.Vocabulary.TokenBytes(id).Length > 1 && !made.Contains(id))
            {
                throw Unfit(path, string.Create(CultureInfo.InvariantCulture,
                    $"token {id} is made by no merge, and would be read as a special token"));
            }
        }
    }

    /// <summary>Writes a line for each merge, under one with the version.</summary>
    public static void WriteMerges(Stream stream, BytePairVocabulary vocabulary)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.NewLine = "\n";
        writer.WriteLine("#version: 0.2");
        foreach ((int left, int right) in vocabulary.Merges)
        {
            writer.Write(ByteAlphabet.Encode(vocabulary.TokenBytes(left)));
            writer.Write(' ');
            writer.WriteLine(ByteAlphabet.Encode(vocabulary.TokenBytes(right)));
        }
    }

    /// <summary>Writes an object from token to id.</summary>
    public static void WriteEntries(Stream stream, RegexTokenizer tokenizer)
    {
        using var writer = new Utf8JsonWriter(stream, _options);
        writer.WriteStartObject();
        for (var id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.SpecialTokens.TextOf(id) is { } text)
            {
                writer.WriteNumber(text, id);
            }
            else if (tokenizer.TokenBytes(id) is { IsEmpty: false } bytes)
            {
                writer.WriteNumber(ByteAlphabet.Encode(bytes), id);
            }
        }

        writer.WriteEndObject();
    }

    private static TokenizerException Unfit(string path, string reason) => new($"cannot write {path}: {reason}; write a tokenizer.json.");
}
