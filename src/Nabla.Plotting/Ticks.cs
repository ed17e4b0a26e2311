using System.Globalization;

namespace Nabla.Plotting;

/// <summary>A mark on an axis; a minor one has no label.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Chooses round values for an axis: steps of 1, 2 or 5 times a power of ten; or the powers of ten.</summary>
internal static class Ticks
{
    /// <summary>Returns the ticks of an axis.</summary>
    /// <param name="scale">The axis.</param>
    /// <param name="most">How many labels there is room for, at least 2.</param>
    public static IReadOnlyList<Tick> Of(Scale scale, int most)
        => scale.Logarithmic ? Logarithmic(scale.Minimum, scale.Maximum, most) : Linear(scale.Minimum, scale.Maximum, most);

    /// <summary>Returns evenly spaced round values: about <paramref name="most"/> of them or fewer, but two.</summary>
    public static List<Tick> Linear(double minimum, double maximum, int most)
    {
        (int digit, int exponent) = RoundUp((maximum - minimum) / most);
        List<double> values = Multiples(minimum, maximum, digit, exponent);
        if (values.Count < 2)
        {
            (digit, exponent) = digit switch { 5 => (2, exponent), 2 => (1, exponent), _ => (5, exponent - 1) };
            values = Multiples(minimum, maximum, digit, exponent);
        }

        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        int magnitude = (int)Math.Floor(Math.Log10(size));
        Func<double, string> label = magnitude switch
        {
            >= 12 or < -4 => value => Scientific(value, magnitude, magnitude - exponent),
            >= 9 => value => Shortened(value, 1e9, 9 - exponent, "B"),
            >= 6 => value => Shortened(value, 1e6, 6 - exponent, "M"),
            _ => value => Plain(value, -exponent, size),
        };
        return [.. values.Select(value => new Tick(value, label(value)))];
    }

    /// <summary>Returns powers of ten with unlabelled multiples between; over few decades other round values too.</summary>
    public static List<Tick> Logarithmic(double minimum, double maximum, int most)
    {
        int first = (int)Math.Ceiling(Math.Log10(minimum) - 1e-9);
        int last = (int)Math.Floor(Math.Log10(maximum) + 1e-9);
        int decades = last - first + 1;
        int stride = Math.Max(1, (int)Math.Ceiling(decades / (double)most));
        bool between = decades <= 2 && most >= 4;
        bool plain = first >= -4 && last <= 4;
        bool all = decades <= 4 * most; // more would lie too close
        List<Tick> ticks = [];
        for (int exponent = first - 1; exponent <= last; exponent++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double value = exponent < 0 ? digit / Math.Pow(10, -exponent) : digit * Math.Pow(10, exponent);
                bool labelled = digit == 1 ? exponent % stride == 0 : between && digit is 2 or 5;
                if (value >= minimum * (1 - 1e-9) && value <= maximum * (1 + 1e-9) && (labelled || (digit == 1 && all) || stride == 1))
                {
                    string label = plain ? Plain(value, -exponent, maximum)
                        : digit == 1 ? Power(exponent)[1..]
                        : digit + Power(exponent);
                    ticks.Add(new Tick(value, labelled ? label : ""));
                }
            }
        }

        return ticks.Count(tick => tick.Label.Length > 0) >= 2 ? ticks : Linear(minimum, maximum, most);
    }

    /// <summary>Returns the smallest step of 1, 2 or 5 times a power of ten that is not less than a number.</summary>
    private static (int Digit, int Exponent) RoundUp(double step)
    {
        int exponent = (int)Math.Floor(Math.Log10(step));
        double rest = step / Math.Pow(10, exponent);
        return rest switch
        {
            <= 1 + 1e-9 => (1, exponent),
            <= 2 + 1e-9 => (2, exponent),
            <= 5 + 1e-9 => (5, exponent),
            _ => (1, exponent + 1),
        };
    }

    private static List<double> Multiples(double minimum, double maximum, int digit, int exponent)
    {
        // Dividing by a power of ten gives the double nearest to the decimal; multiplying by a tenth does not.
        double unit = Math.Pow(10, Math.Abs(exponent));
        double step = exponent < 0 ? digit / unit : digit * unit;
        double tolerance = 1e-9 * step;
        List<double> values = [];
        for (double k = Math.Ceiling((minimum - tolerance) / step); k * step <= maximum + tolerance; k++)
        {
            values.Add(exponent < 0 ? k * digit / unit : k * digit * unit);
        }

        return values;
    }

    private static string Plain(double value, int places, double largest)
        => Signed(value, number => Fixed(number, places, grouped: largest >= 10_000));

    private static string Shortened(double value, double unit, int places, string letter)
        => value == 0 ? "0" : Signed(value, number => Fixed(number / unit, places) + letter);

    private static string Scientific(double value, int magnitude, int places)
        => value == 0 ? "0" : Signed(value, number => Fixed(number / Math.Pow(10, magnitude), places) + Power(magnitude));

    private static string Fixed(double number, int places, bool grouped = false)
        => number.ToString((grouped ? "N" : "F") + Math.Max(0, places), CultureInfo.InvariantCulture);

    private static string Signed(double value, Func<double, string> format) => (value < 0 ? "−" : "") + format(Math.Abs(value));

    private static string Power(int exponent) => "×10" + string.Concat(
        exponent.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
}
