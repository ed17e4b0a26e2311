using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nabla.Tokenizers;

/// <summary>
/// How a <c>tokenizer.json</c> says where text is cut: its <c>pre_tokenizer</c>, which for byte-level tokenizers is
/// <c>ByteLevel</c>, with GPT-2's pattern of its own, or a <c>Split</c> by a pattern and then a <c>ByteLevel</c> without.
/// </summary>
internal static class HuggingFaceSplit
{
    private const string Root = "pre_tokenizer";

    public static TextSplitter Read(JsonElement? element)
    {
        if (element is not { } preTokenizer)
        {
            throw new TokenizerException("pre_tokenizer is missing: only byte-level tokenizers are supported, which have one.");
        }

        if (Type(preTokenizer, Root) != "Sequence")
        {
            return ByteLevel(preTokenizer, Root) ? TextSplitter.Gpt2 : TextSplitter.None;
        }

        JsonElement steps = JsonContent.Member(preTokenizer, "pretokenizers", JsonValueKind.Array, Root);
        switch (steps.GetArrayLength())
        {
            case 1:
                return ByteLevel(steps[0], $"{Root}.pretokenizers[0]") ? TextSplitter.Gpt2 : TextSplitter.None;
            case 2 when !ByteLevel(steps[1], $"{Root}.pretokenizers[1]"):
                return Split(steps[0], $"{Root}.pretokenizers[0]");
            default:
                throw new TokenizerException("pre_tokenizer.pretokenizers must be one Split and one ByteLevel with use_regex false: "
                    + "other chains are not supported.");
        }
    }

    public static void Write(Utf8JsonWriter writer, TextSplitter splitter)
    {
        writer.WriteStartObject(Root);
        if (splitter.Kind is SplitKind.WholeText or SplitKind.Gpt2)
        {
            WriteByteLevel(writer, splitter.Kind == SplitKind.Gpt2);
        }
        else
        {
            writer.WriteString("type", "Sequence");
            writer.WriteStartArray("pretokenizers");
            writer.WriteStartObject();
            writer.WriteString("type", "Split");
            writer.WriteStartObject("pattern");
            writer.WriteString("Regex", splitter.Pattern);
            writer.WriteEndObject();
            writer.WriteString("behavior", "Isolated");
            writer.WriteBoolean("invert", false);
            writer.WriteEndObject();
            writer.WriteStartObject();
            WriteByteLevel(writer, withPattern: false);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteByteLevel(Utf8JsonWriter writer, bool withPattern)
    {
        writer.WriteString("type", "ByteLevel");
        writer.WriteBoolean("add_prefix_space", false);
        writer.WriteBoolean("trim_offsets", true);
        writer.WriteBoolean("use_regex", withPattern);
    }

    // Whether it has its own pattern.
    private static bool ByteLevel(JsonElement step, string place)
    {
        var type = Type(step, place);
        if (type != "ByteLevel")
        {
            throw new TokenizerException($"{place} is {Quoted.Text(type)}: only byte-level tokenizers are supported, whose "
                + "last step is \"ByteLevel\".");
        }

        if (JsonContent.Flag(step, "add_prefix_space", missing: true, place))
        {
            throw new TokenizerException($"{place}.add_prefix_space is set: a space before the text is not supported; set it to false "
                + "and begin the text with a space.");
        }

        return JsonContent.Flag(step, "use_regex", missing: true, place);
    }

    private static TextSplitter Split(JsonElement step, string place)
    {
        var type = Type(step, place);
        if (type != "Split")
        {
            throw new TokenizerException($"{place} is {Quoted.Text(type)}: only a \"Split\" is supported before \"ByteLevel\".");
        }

        JsonElement pattern = JsonContent.Member(step, "pattern", JsonValueKind.Object, place);
        TextSplitter splitter = JsonContent.OptionalText(pattern, "Regex", $"{place}.pattern") is { } regex
            ? FromPattern(regex, place)
            : FromPattern(Regex.Escape(JsonContent.OptionalText(pattern, "String", $"{place}.pattern")
                ?? throw new TokenizerException($"{place}.pattern must have a \"Regex\" or a \"String\".")), place);
        var behavior = JsonContent.OptionalText(step, "behavior", place);
        var inverted = JsonContent.Flag(step, "invert", missing: false, place);

        // "Removed, inverted" keeps the matches and drops what is between: the same, where a pattern leaves nothing between.
        if (behavior != "Isolated" && !(behavior == "Removed" && inverted && splitter.Kind != SplitKind.Pattern))
        {
            throw new TokenizerException($"{place}.behavior {Quoted.Text(behavior)} is not supported: it must be "
                + "\"Isolated\", which loses nothing of the text.");
        }

        return splitter;
    }

    private static TextSplitter FromPattern(string pattern, string place)
    {
        try
        {
            return TextSplitter.FromPattern(pattern);
        }
        catch (TokenizerException exception)
        {
            throw new TokenizerException($"{place}.pattern: {exception.Message}", exception);
        }
    }

    private static string? Type(JsonElement step, string place) => JsonContent.OptionalText(step, "type", place);
}
