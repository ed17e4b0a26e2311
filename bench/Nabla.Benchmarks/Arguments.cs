using System.Globalization;

namespace Nabla.Benchmarks;

/// <summary>Reads a report's options, each <c>--name value</c> or a bare <c>--name</c>, and the words beside them.</summary>
internal sealed class Arguments(IEnumerable<string> arguments)
{
    private readonly List<string> _left = [.. arguments];

    /// <summary>Returns whether a bare option is there.</summary>
    public bool Flag(string name) => _left.Remove(name);

    /// <summary>Returns the value of an option, or null where it is not given.</summary>
    public string? Text(string name)
    {
        int place = _left.IndexOf(name);
        if (place < 0)
        {
            return null;
        }

        if (place == _left.Count - 1 || _left[place + 1].StartsWith("--", StringComparison.Ordinal))
        {
            throw new UsageException($"{name} needs a value after it.");
        }

        string value = _left[place + 1];
        _left.RemoveRange(place, 2);
        return value;
    }

    /// <summary>Returns the whole number that an option gives, or null.</summary>
    public int? Count(string name, int least = 1)
    {
        string? text = Text(name);
        return text is null ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least ? value
            : throw new UsageException($"{name} takes a whole number of at least {least}, not {text}.");
    }

    /// <summary>Returns the share, from 0 to below 1, that an option gives, or null.</summary>
    public float? Share(string name)
    {
        string? text = Text(name);
        return text is null ? null
            : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value is >= 0 and < 1 ? value
            : throw new UsageException($"{name} takes a number from 0 to below 1, not {text}.");
    }

    /// <summary>Returns the words that are left, once all options have been read.</summary>
    public IReadOnlyList<string> Words()
        => _left.Find(word => word.StartsWith('-')) is { } unknown
            ? throw new UsageException($"There is no option {unknown} here; bench/README.md lists them.")
            : _left;
}
