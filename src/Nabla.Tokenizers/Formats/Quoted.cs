using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>Shows a piece of a file or text in a message: in quotes, on one line, and not too long.</summary>
internal static class Quoted
{
    private const int Longest = 40;

    public static string Text(ReadOnlySpan<char> text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var unit in text.Length > Longest ? text[..Longest] : text)
        {
            if (char.IsControl(unit) || unit is '\u2028' or '\u2029')
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            else
            {
                quoted.Append(unit);
            }
        }

        return quoted.Append(text.Length > Longest ? "...\"" : "\"").ToString();
    }
}
