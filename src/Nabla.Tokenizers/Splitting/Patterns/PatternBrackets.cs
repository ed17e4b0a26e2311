namespace Nabla.Tokenizers;

/// <summary>
/// Reads sets in brackets, with ranges, sets in sets, and <c>&amp;&amp;</c>, <c>--</c> and <c>~~</c> between them.
/// </summary>
internal static class PatternBrackets
{
    private const int MaximumDepth = 100;

    /// <summary>The set; its opening bracket has been read.</summary>
    public static CodePointSet Read(ref PatternReader reader, bool ignoreCase, int depth = 0)
    {
        if (depth > MaximumDepth)
        {
            throw reader.Error("sets are nested too deeply");
        }

        var negated = reader.TryRead("^");
        CodePointSet? left = null;
        var operation = "";
        var items = new List<CodePointSet>();
        if (reader.TryRead("]"))
        {
            items.Add(CodePointSet.Of(']'));
        }

        while (!reader.TryRead("]"))
        {
            if (reader.AtEnd)
            {
                throw reader.Error("a ] is missing");
            }

            if (TryReadOperation(ref reader) is { } next)
            {
                left = Combine(left, operation, Closed(items, ignoreCase));
                operation = next;
                items.Clear();
            }
            else
            {
                items.Add(ReadItem(ref reader, ignoreCase, depth));
            }
        }

        CodePointSet set = Combine(left, operation, Closed(items, ignoreCase));
        return negated ? set.Complement() : set;
    }

    private static string? TryReadOperation(ref PatternReader reader)
    {
        foreach (var operation in (ReadOnlySpan<string>)["&&", "--", "~~"])
        {
            if (reader.TryRead(operation))
            {
                return operation;
            }
        }

        return null;
    }

    private static CodePointSet Combine(CodePointSet? left, string operation, CodePointSet right) => (left, operation) switch
    {
        (null, _) => right,
        (_, "&&") => left.Intersect(right),
        (_, "--") => left.Intersect(right.Complement()),
        _ => left.Union(right).Intersect(left.Intersect(right).Complement()),
    };

    private static CodePointSet Closed(List<CodePointSet> items, bool ignoreCase)
    {
        var set = new CodePointSet(items.SelectMany(item => item.Ranges.ToArray()));
        return ignoreCase ? CaseFolding.Close(set) : set;
    }

    private static CodePointSet ReadItem(ref PatternReader reader, bool ignoreCase, int depth)
    {
        if (reader.Rest.StartsWith("[:"))
        {
            throw reader.Error("named sets such as [:alpha:] are not supported: write \\p{L} or the characters");
        }

        if (reader.TryRead("["))
        {
            return Read(ref reader, ignoreCase, depth + 1);
        }

        CodePointSet first = ReadCharacter(ref reader);
        if (!reader.Rest.StartsWith("-") || reader.Rest.StartsWith("--") || reader.Rest.StartsWith("-]"))
        {
            return first;
        }

        PatternReader dash = reader;
        reader.TryRead("-");
        CodePointSet last = ReadCharacter(ref reader);
        return (Single(first), Single(last)) is (int from, int to) && from <= to
            ? new CodePointSet(new CodePointRange(from, to))
            : throw dash.Error("a range in brackets must go from a character to a later one");
    }

    private static CodePointSet ReadCharacter(ref PatternReader reader) =>
        reader.TryRead("\\") ? PatternEscape.Read(ref reader) : CodePointSet.Of(reader.ReadCodePoint());

    private static int? Single(CodePointSet set) =>
        set.Ranges is [var range] && range.First == range.Last ? range.First : null;
}
