namespace Nabla.Cli;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>Returns the name that is nearest to what was written.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="names">The names that there are; at least one.</param>
    public static string Find(string written, IEnumerable<string> names)
        => names.MinBy(name => Distance(written.TrimStart('-').ToLowerInvariant(), name.TrimStart('-')))!;

    // An abbreviation is nearer than any misspelling: --lr and --learn are both the learning rate.
    private static double Distance(string written, string name)
    {
        string initials = string.Concat(name.Split('-').Select(word => word[..1]));
        return written.Length > 1 && (written == initials || name.StartsWith(written, StringComparison.Ordinal))
            ? 0.5
            : Edits(written, name);
    }

    // Letters to insert, delete or replace, and neighbours to exchange, to make one word the other.
    private static int Edits(string a, string b)
    {
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }

                int replaced = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replaced, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[a.Length, b.Length];
    }
}
