using System.Globalization;
using System.Text.RegularExpressions;

namespace Nabla.Lessons.Tests;

/// <summary>
/// Compares a drawn figure with the stored one. On the machine that stored it the two are the same text; on another, whose
/// instruction set rounds differently, a point may lie a hundredth of a pixel elsewhere.
/// </summary>
internal static partial class FigureComparison
{
    /// <summary>By how many pixels, or units of a number in a label, two figures may differ.</summary>
    private const double Tolerance = 0.05;

    /// <summary>By how many of 255 parts a colour may differ.</summary>
    private const int ColourTolerance = 4;

    /// <summary>Says where a figure differs from the stored one, or null if it does not.</summary>
    public static string? Difference(string stored, string drawn)
    {
        if (stored == drawn)
        {
            return null;
        }

        string[] left = [.. Parts().Matches(stored).Select(match => match.Value)];
        string[] right = [.. Parts().Matches(drawn).Select(match => match.Value)];
        if (left.Length != right.Length)
        {
            return Labels(stored).SequenceEqual(Labels(drawn)) && IsContour(stored) && IsContour(drawn)
                ? null // a band's outline crosses one cell of the grid more, or fewer
                : $"{left.Length} numbers and words are stored, {right.Length} were drawn";
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (!Agree(left[i], right[i]))
            {
                return $"\"{left[i]}\" is stored, \"{right[i]}\" was drawn";
            }
        }

        return null;
    }

    private static bool Agree(string stored, string drawn)
    {
        if (stored == drawn)
        {
            return true;
        }

        if (stored[0] == '#' && drawn[0] == '#' && stored.Length == 7 && drawn.Length == 7)
        {
            return Enumerable.Range(0, 3).All(i => Math.Abs(Channel(stored, i) - Channel(drawn, i)) <= ColourTolerance);
        }

        if (stored.StartsWith("64,", StringComparison.Ordinal))
        {
            return stored.Length == drawn.Length; // the pixels of a picture, in base64: as many of them
        }

        return double.TryParse(stored, CultureInfo.InvariantCulture, out double a)
            && double.TryParse(drawn, CultureInfo.InvariantCulture, out double b)
            && Math.Abs(a - b) <= Tolerance;
    }

    private static int Channel(string colour, int i) => Convert.ToInt32(colour.Substring(1 + (2 * i), 2), 16);

    private static bool IsContour(string figure) => figure.Contains(" band\"", StringComparison.Ordinal);

    private static IEnumerable<string> Labels(string figure) => Texts().Matches(figure).Select(match => match.Value);

    [GeneratedRegex("64,[A-Za-z0-9+/=]{4,}|#[0-9a-fA-F]{6}\\b|-?[0-9]+(\\.[0-9]+)?|[^0-9#-]+|.")]
    private static partial Regex Parts();

    [GeneratedRegex("<text[^>]*>[^<]*")]
    private static partial Regex Texts();
}
