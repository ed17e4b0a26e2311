using System.Globalization;
using Spectre.Console;

namespace Nabla.Benchmarks.Compare;

/// <summary>Writes the rows: in colour to a terminal, else in Markdown.</summary>
internal static class ComparisonTable
{
    private static readonly string[] _head = ["work", "ours", "theirs", "ratio", "lowest - highest pair", "target", "reached"];

    /// <summary>Prints the rows.</summary>
    public static void Print(IEnumerable<Row> rows)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (string line in Markdown(rows))
            {
                Console.WriteLine(line);
            }

            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumns(_head);
        foreach (Row row in rows)
        {
            string colour = row.Reached ? "green" : "red";
            string[] cells = [.. Cells(row).Select(Markup.Escape)];
            cells[3] = $"[{colour}]{cells[3]}[/]";
            cells[6] = $"[{colour}]{cells[6]}[/]";
            table.AddRow(cells);
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Returns the rows as lines of a Markdown table.</summary>
    public static IEnumerable<string> Markdown(IEnumerable<Row> rows)
        => [$"| {string.Join(" | ", _head)} |", "|---|---|---|---|---|---|---|", .. rows.Select(row => $"| {string.Join(" | ", Cells(row))} |")];

    private static string[] Cells(Row row) =>
    [
        row.Title,
        row.Ours,
        row.Theirs,
        row.Median.ToString("F2", CultureInfo.InvariantCulture),
        string.Create(CultureInfo.InvariantCulture, $"{row.Lowest:F2} - {row.Highest:F2}"),
        row.TargetText,
        row.Target is null ? "" : row.Reached ? "yes" : "no",
    ];
}
