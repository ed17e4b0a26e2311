using System.Globalization;

namespace Nabla.Cli;

/// <summary>Reads what is written after an option or a key of a configuration file.</summary>
internal static class Values
{
    /// <summary>Reads a whole number.</summary>
    /// <param name="name">The option or key, as messages call it.</param>
    /// <param name="text">What was written.</param>
    /// <exception cref="UsageException">It is none, or one of more than 32 bits.</exception>
    public static int WholeNumber(string name, string text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Wrong(name, "a whole number", text);

    /// <summary>Returns a number that was read, if it is large enough.</summary>
    /// <param name="least">The smallest that will do.</param>
    /// <param name="name">The option or key, as messages call it.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="UsageException">It is smaller.</exception>
    public static int AtLeast(int least, string name, int value)
        => value >= least ? value : throw new UsageException($"{name} must be at least {least}, not {value}.");

    /// <summary>Reads a whole number of at least 0 and up to 64 bits.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static ulong Seed(string name, string text)
        => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw Wrong(name, "a whole number of at least 0", text);

    /// <summary>Reads a number such as 0.001 or 1e-3.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static double Number(string name, string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw Wrong(name, "a number", text);

    /// <summary>Reads true or false.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static bool Switch(string name, string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(name, "true or false", text),
    };

    /// <summary>Reads one of a few words.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static T Choice<T>(string name, string text, IReadOnlyList<(string Word, T Value)> choices)
    {
        foreach ((string word, T value) in choices)
        {
            if (word == text)
            {
                return value;
            }
        }

        string[] words = [.. choices.Select(choice => choice.Word)];
        throw new UsageException(
            $"{name} takes one of {string.Join(", ", words)}, not '{text}'. Did you mean {NearestName.Find(text, words)}?");
    }

    private static UsageException Wrong(string name, string expected, string text)
        => new($"{name} takes {expected}, not '{text}'.");
}
