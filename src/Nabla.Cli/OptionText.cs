using System.CommandLine;
using System.CommandLine.Parsing;

namespace Nabla.Cli;

/// <summary>Reads options as they were written; <see cref="Values"/> gives them their types, as it does for files.</summary>
internal static class OptionText
{
    /// <summary>Returns the text of an option's value, or null where the option was not written.</summary>
    public static string? TextOf(this ParseResult result, Option option) => result.GetResult(option) switch
    {
        null or { Implicit: true } => null,
        { Tokens: [] } => "true",
        { Tokens: [.., Token last] } => last.Value,
    };

    /// <summary>Returns an option's value, or a default where it was not written.</summary>
    /// <exception cref="UsageException">The value is of the wrong type.</exception>
    public static T ValueOf<T>(this ParseResult result, Option option, Func<string, string, T> read, T absent)
        => result.TextOf(option) is string text ? read(option.Name, text) : absent;
}
