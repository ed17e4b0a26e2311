using System.Text;
using Spectre.Console.Rendering;

namespace Nabla.Cli;

/// <summary>Writes rows of text as columns.</summary>
internal static class Columns
{
    /// <summary>Writes rows, each cell as wide as the widest of its column.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows.Max(row => row.Length))
            .Select(column => rows.Max(row => column < row.Length ? Width(row[column]) : 0))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => Pad(cell, widths[column]))).TrimEnd());
        }
    }

    private static string Pad(string cell, int width) => cell + new string(' ', width - Width(cell));

    // A terminal gives two places to signs such as those of Chinese and Korean.
    private static int Width(string cell) => Ascii.IsValid(cell) ? cell.Length : new Segment(cell).CellCount();
}
