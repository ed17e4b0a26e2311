using System.Globalization;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>Reads JSON that may be anything: every surprise is a <see cref="TokenizerException"/> that says where it is.</summary>
internal static class JsonContent
{
    /// <summary>Parses a whole file, with or without a byte-order mark, and reads it.</summary>
    /// <exception cref="TokenizerException">It is no JSON, or <paramref name="read"/> refuses it.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> content, Func<JsonElement, T> read)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(content[^TextLines.WithoutMark(content.Span).Length..]);
        }
        catch (JsonException exception)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"no valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: the file is damaged "
                + $"or cut short."), exception);
        }

        using (document)
        {
            return read(document.RootElement);
        }
    }

    /// <summary>A member that must be there and of a kind.</summary>
    /// <param name="parent">An object.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="place">Where the object is, for the message, such as <c>model</c>.</param>
    public static JsonElement Member(JsonElement parent, string name, JsonValueKind kind, string place)
    {
        JsonElement? member = Optional(parent, name, kind, place);
        return member ?? throw new TokenizerException($"{Path(place, name)} is missing.");
    }

    /// <summary>A member that must be of a kind if it is there and not null.</summary>
    /// <inheritdoc cref="Member"/>
    public static JsonElement? Optional(JsonElement parent, string name, JsonValueKind kind, string place)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            throw new TokenizerException($"{(place.Length == 0 ? "the JSON" : place)} must be an object, not {Kind(parent)}.");
        }

        if (!parent.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind == kind
            ? member
            : throw new TokenizerException($"{Path(place, name)} must be {Kind(kind)}, not {Kind(member)}.");
    }

    /// <summary>A member that is a string, or null.</summary>
    /// <inheritdoc cref="Member"/>
    public static string? OptionalText(JsonElement parent, string name, string place) =>
        Optional(parent, name, JsonValueKind.String, place) is { } member ? Text(member, Path(place, name)) : null;

    /// <summary>A member that is true or false, or a default where it is not there.</summary>
    /// <inheritdoc cref="Member"/>
    public static bool Flag(JsonElement parent, string name, bool missing, string place)
    {
        if (!parent.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null)
        {
            return missing;
        }

        return member.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new TokenizerException($"{Path(place, name)} must be true or false, not {Kind(member)}."),
        };
    }

    /// <summary>The text of a string.</summary>
    public static string Text(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            throw new TokenizerException($"{place} must be a string, not {Kind(element)}.");
        }

        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw NoUnicode(place, exception);
        }
    }

    /// <summary>The name of an object's member.</summary>
    public static string Name(JsonProperty property, string place)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw NoUnicode($"a name in {place}", exception);
        }
    }

    /// <summary>An id: a whole number from 0 to a bound.</summary>
    public static int Id(JsonElement element, int highest, string place) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var id) && id >= 0 && id <= highest
            ? id
            : throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"{place} must be an id, a whole number from 0 to {highest}."));

    // What the JSON reader throws for text that is JSON in form, but not valid Unicode inside a string.
    private static TokenizerException NoUnicode(string place, Exception exception) =>
        new($"{place} is not valid Unicode: half of a surrogate pair, or bytes that are not UTF-8.", exception);

    private static string Path(string place, string name) => place.Length == 0 ? name : $"{place}.{name}";

    private static string Kind(JsonElement element) => Kind(element.ValueKind);

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
