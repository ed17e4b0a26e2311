using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>Writes a <c>tokenizer.json</c>; see <see cref="HuggingFaceFile"/>.</summary>
internal static class HuggingFaceWriter
{
    private static readonly JsonWriterOptions _options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Stream stream, RegexTokenizer tokenizer)
    {
        KeyValuePair<string, int>[] special = [.. tokenizer.SpecialTokens.Ids.OrderBy(token => token.Value)];
        using (var writer = new Utf8JsonWriter(stream, _options))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "1.0");
            writer.WriteNull("truncation");
            writer.WriteNull("padding");
            WriteAddedTokens(writer, special);
            writer.WriteNull("normalizer");
            HuggingFaceSplit.Write(writer, tokenizer.Splitter);
            writer.WriteNull("post_processor");
            WriteDecoder(writer);
            WriteModel(writer, tokenizer.Vocabulary, special);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteAddedTokens(Utf8JsonWriter writer, KeyValuePair<string, int>[] special)
    {
        writer.WriteStartArray("added_tokens");
        foreach ((string text, int id) in special)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", id);
            writer.WriteString("content", text);
            writer.WriteBoolean("single_word", false);
            writer.WriteBoolean("lstrip", false);
            writer.WriteBoolean("rstrip", false);
            writer.WriteBoolean("normalized", false);
            writer.WriteBoolean("special", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteDecoder(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("decoder");
        writer.WriteString("type", "ByteLevel");
        writer.WriteBoolean("add_prefix_space", true);
        writer.WriteBoolean("trim_offsets", true);
        writer.WriteBoolean("use_regex", true);
        writer.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter writer, BytePairVocabulary vocabulary, KeyValuePair<string, int>[] special)
    {
        writer.WriteStartObject("model");
        writer.WriteString("type", "BPE");
        writer.WriteNull("dropout");
        writer.WriteNull("unk_token");
        writer.WriteNull("continuing_subword_prefix");
        writer.WriteNull("end_of_word_suffix");
        writer.WriteBoolean("fuse_unk", false);
        writer.WriteBoolean("byte_fallback", false);
        writer.WriteBoolean("ignore_merges", vocabulary.MatchesWholeChunks);
        writer.WriteStartObject("vocab");
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.TokenBytes(id) is { IsEmpty: false } token)
            {
                writer.WriteNumber(ByteAlphabet.Encode(token), id);
            }
        }

        foreach ((string text, int id) in special)
        {
            // The library numbers added tokens itself, one after another, unless it finds them in the vocabulary.
            if (AlphabetVocabulary.CanHold(vocabulary, text))
            {
                writer.WriteNumber(text, id);
            }
        }

        writer.WriteEndObject();
        writer.WriteStartArray("merges");
        foreach (BytePair merge in vocabulary.Merges)
        {
            // As one string, which old and new versions of the library read; no letter of the byte alphabet is a space.
            writer.WriteStringValue(
                $"{ByteAlphabet.Encode(vocabulary.TokenBytes(merge.Left))} {ByteAlphabet.Encode(vocabulary.TokenBytes(merge.Right))}");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
