using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Nabla.Plotting.Tests;

/// <summary>Reads drawn shapes back.</summary>
internal static partial class Geometry
{
    /// <summary>Returns the elements of a figure with all of some classes.</summary>
    public static XElement[] Elements(Figure figure, string styles) => [.. XDocument.Parse(figure.ToSvg()).Descendants()
        .Where(element => styles.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All((element.Attribute("class")?.Value ?? "").Split(' ').Contains))];

    /// <summary>Returns the texts of a figure that have all of some classes.</summary>
    public static string[] Texts(Figure figure, string styles) => [.. Elements(figure, styles).Select(element => element.Value)];

    public static double Number(XElement element, string attribute)
        => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Returns the corners of a rectangle, the end points of a path's pieces, or the place of anything else.</summary>
    public static IEnumerable<(double X, double Y)> Points(XElement element)
    {
        if (element.Attribute("d") is { } path)
        {
            return Pieces(path.Value).SelectMany(piece => piece);
        }

        if (element.Attribute("width") is not null && element.Attribute("x") is not null)
        {
            double x = Number(element, "x");
            double y = Number(element, "y");
            return [(x, y), (x + Number(element, "width"), y + Number(element, "height"))];
        }

        return element.Attribute("cx") is not null ? [(Number(element, "cx"), Number(element, "cy"))]
            : element.Attribute("x") is not null ? [(Number(element, "x"), Number(element, "y"))]
            : [];
    }

    /// <summary>Returns the pieces of a path, each from one M to the next.</summary>
    public static List<List<(double X, double Y)>> Pieces(string path)
    {
        List<List<(double X, double Y)>> pieces = [];
        double x = 0;
        double y = 0;
        foreach (Match command in Command().Matches(path))
        {
            double[] at = [.. command.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            (x, y) = command.Groups[1].Value switch
            {
                "M" or "L" => (at[0], at[1]),
                "H" => (at[0], y),
                "V" => (x, at[0]),
                "h" => (x + at[0], y),
                "v" => (x, y + at[0]),
                "z" => pieces[^1][0],
                string other => throw new InvalidOperationException(other),
            };
            if (command.Groups[1].Value == "M")
            {
                pieces.Add([]);
            }

            pieces[^1].Add((x, y));
        }

        return pieces;
    }

    /// <summary>Returns the area within a closed piece; negative if it runs the other way round.</summary>
    public static double Area(IReadOnlyList<(double X, double Y)> piece)
        => piece.Zip([.. piece.Skip(1), piece[0]])
            .Sum(pair => ((pair.First.X * pair.Second.Y) - (pair.Second.X * pair.First.Y)) / 2);

    [GeneratedRegex("([A-Za-z])([^A-Za-z]*)")]
    private static partial Regex Command();
}
