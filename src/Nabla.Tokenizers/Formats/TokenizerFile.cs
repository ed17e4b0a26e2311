using System.Buffers;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>Reads a tokenizer from a file of any known format, which it tells by the content.</summary>
public static class TokenizerFile
{
    private static readonly SearchValues<byte> _base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    private enum Format
    {
        Unknown,
        Character,
        HuggingFace,
        Gpt2Pair,
        Ranks,
        Minbpe,
        SentencePiece,
    }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">The file; of a pair of files, either.</param>
    /// <param name="splitter">
    /// How text is cut, for a <c>.tiktoken</c> file that OpenAI has not published; every other format says it itself.
    /// </param>
    /// <exception cref="TokenizerException">The file cannot be read, or is in no known format.</exception>
    public static ITokenizer Load(string path, TextSplitter? splitter = null)
    {
        byte[] content = WholeFile.ReadBytes(path);
        Format format = WholeFile.Named(path, () => Tell(content));
        return format switch
        {
            Format.Gpt2Pair => Gpt2Files.Load(path),
            Format.SentencePiece => SentencePieceTokenizer.Load(path),
            _ => WholeFile.Named<ITokenizer>(path, () => format switch
            {
                Format.Character => CharacterTokenizer.FromJson(content),
                Format.HuggingFace => HuggingFaceFile.Parse(content),
                Format.Minbpe => MinbpeFile.Parse(content),
                Format.Ranks => ParseRanks(content, splitter),
                _ => throw new TokenizerException("this is no tokenizer of a known format: a tokenizer.json, a .tiktoken file, "
                    + "GPT-2's vocab.bpe and encoder.json, or a .model of minbpe or SentencePiece."),
            }),
        };
    }

    private static Format Tell(byte[] content)
    {
        ReadOnlySpan<byte> text = TextLines.WithoutMark(content);
        return IsJson(text) ? JsonContent.Read(content, Tell)
            : text.StartsWith("#version"u8) ? Format.Gpt2Pair
            : text.StartsWith("minbpe "u8) ? Format.Minbpe
            : IsRanks(text) ? Format.Ranks
            : IsModelProto(content) ? Format.SentencePiece
            : Format.Unknown;
    }

    private static Format Tell(JsonElement root) =>
        root.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.Object ? Format.HuggingFace
        : root.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String ? Format.Character
        : Format.Gpt2Pair;

    private static RegexTokenizer ParseRanks(byte[] content, TextSplitter? splitter)
    {
        BytePairVocabulary vocabulary = TiktokenFile.Parse(content);
        NamedEncoding? encoding = NamedEncoding.OfRanks(content, vocabulary);
        return encoding is not null
            ? new RegexTokenizer(vocabulary, splitter ?? encoding.Splitter, encoding.SpecialTokens)
            : new RegexTokenizer(vocabulary, splitter ?? throw new TokenizerException("these ranks are of none of OpenAI's encodings, "
                + "and a .tiktoken file does not say how text is split: give the pattern, too."));
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> start = text.TrimStart(" \t\r\n"u8);
        return start is [(byte)'{', .. var rest] && rest.TrimStart(" \t\r\n"u8) is [] or [(byte)'"' or (byte)'}', ..];
    }

    // A token in Base64, a space and a digit.
    private static bool IsRanks(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> start = text.TrimStart("\r\n"u8);
        var space = start.IndexOfAnyExcept(_base64);
        return space > 0 && start[space] == (byte)' ' && start[(space + 1)..] is [>= (byte)'0' and <= (byte)'9', ..];
    }

    // Protobuf: field 1, a message (a piece) of so many bytes, and in it field 1, a string (its text).
    private static bool IsModelProto(ReadOnlySpan<byte> content)
    {
        const byte FirstFieldOfBytes = 0x0A;
        return content is [FirstFieldOfBytes, < 0x80, FirstFieldOfBytes, ..]
            or [FirstFieldOfBytes, >= 0x80, < 0x80, FirstFieldOfBytes, ..];
    }
}
