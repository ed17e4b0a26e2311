using System.Globalization;

namespace Nabla.Tensors;

/// <summary>
/// How the floats of one tensor are printed, all alike, as PyTorch prints them: whole numbers as <c>1.</c>, others with four
/// decimals, and all in scientific notation where those would take too much room or show too little.
/// </summary>
internal readonly struct NumberFormat
{
    private const int Decimals = 4;

    // The binary digits of the smallest float have 105 decimal ones; with all of them, halves are seen to be halves.
    private const string ExactDigits = "E119";

    private readonly bool _scientific;
    private readonly bool _whole;

    /// <summary>Chooses the format from the numbers that will be shown.</summary>
    public NumberFormat(ReadOnlySpan<double> values)
    {
        (double smallest, double largest) = (double.PositiveInfinity, 0);
        _whole = true;
        foreach (double value in values)
        {
            if (value != 0 && double.IsFinite(value))
            {
                smallest = Math.Min(smallest, Math.Abs(value));
                largest = Math.Max(largest, Math.Abs(value));
                _whole &= value == Math.Floor(value);
            }
        }

        _scientific = largest / smallest > 1000 || largest > 1e8 || (smallest < 1e-4 && !_whole);
        Width = 1;
        foreach (double value in values)
        {
            if (value != 0 && double.IsFinite(value))
            {
                Width = Math.Max(Width, Unpadded(value).Length);
            }
        }
    }

    /// <summary>Gets the room that a number takes: that of the longest, in which the others stand at the right.</summary>
    public int Width { get; }

    /// <summary>Returns the text of a number.</summary>
    public string Format(double value) => Unpadded(value).PadLeft(Width);

    private string Unpadded(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string sign = double.IsNegative(value) ? "-" : string.Empty;
        double size = Math.Abs(value);
        if (_scientific)
        {
            return sign + Scientific(size);
        }

        // Of a float this product is exact, so the rounding, halves to even, is that of the decimal digits.
        long units = (long)Math.Round(_whole ? size : size * Math.Pow(10, Decimals));
        return _whole
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{units}.")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{units / 10_000}.{units % 10_000:D4}");
    }

    // .NET rounds halves away from zero where Python and C round them to even.
    private static string Scientific(double size)
    {
        string text = size.ToString(ExactDigits, CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string digits = text[0] + text[2..mark];
        int kept = int.Parse(digits.AsSpan(0, Decimals + 1), CultureInfo.InvariantCulture);
        string rest = digits[(Decimals + 1)..];
        int comparedToHalf = string.CompareOrdinal(rest, "5".PadRight(rest.Length, '0'));
        if (comparedToHalf > 0 || (comparedToHalf == 0 && int.IsOddInteger(kept)))
        {
            kept++;
        }

        if (kept == 100_000)
        {
            (kept, exponent) = (10_000, exponent + 1);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{kept / 10_000}.{kept % 10_000:D4}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}");
    }
}
