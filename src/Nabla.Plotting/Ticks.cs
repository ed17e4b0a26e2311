using System.Globalization;

namespace Nabla.Plotting;

/// <summary>A mark on an axis; a minor one has no label.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Chooses round values for an axis: steps of 1, 2 or 5 times a power of ten; powers of ten on a logarithmic axis.</summary>
internal static class Ticks
{
    /// <summary>Returns the ticks of an axis.</summary>
    /// <param name="scale">The axis.</param>
    /// <param name="most">How many labels there is room for, at least 2.</param>
    public static IReadOnlyList<Tick> Of(Scale scale, int most)
        => scale.Logarithmic ? Logarithmic(scale.Minimum, scale.Maximum, most) : Linear(scale.Minimum, scale.Maximum, most);

    /// <summary>Returns evenly spaced round values between two numbers, about <paramref name="most"/> of them or fewer.</summary>
    public static List<Tick> Linear(double minimum, double maximum, int most)
    {
        (int digit, int exponent) = RoundUp((maximum - minimum) / most);
        double unit = Math.Pow(10, Math.Abs(exponent));
        double step = At(1);
        double size = Math.Max(Math.Abs(minimum), Math.Abs(maximum));
        int places = Math.Max(0, -exponent);
        int magnitude = (int)Math.Floor(Math.Log10(size));
        bool scientific = magnitude >= 6 || magnitude < -4;
        List<Tick> ticks = [];
        double tolerance = 1e-9 * step;
        for (double k = Math.Ceiling((minimum - tolerance) / step); At(k) <= maximum + tolerance; k++)
        {
            double value = At(k);
            ticks.Add(new Tick(value, scientific ? Scientific(value, magnitude, magnitude - exponent) : Plain(value, places, size)));
        }

        return ticks;

        // Dividing by a power of ten gives the double nearest to the decimal; multiplying by a tenth does not.
        double At(double k) => exponent < 0 ? k * digit / unit : k * digit * unit;
    }

    /// <summary>Returns powers of ten with unlabelled multiples between; over less than two decades round values in between too.</summary>
    public static List<Tick> Logarithmic(double minimum, double maximum, int most)
    {
        int first = (int)Math.Ceiling(Math.Log10(minimum) - 1e-9);
        int last = (int)Math.Floor(Math.Log10(maximum) + 1e-9);
        int decades = last - first + 1;
        int stride = Math.Max(1, (int)Math.Ceiling(decades / (double)most));
        bool between = decades <= 2 && most >= 4;
        bool plain = first >= -4 && last <= 4;
        List<Tick> ticks = [];
        for (int exponent = first - 1; exponent <= last; exponent++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double value = exponent < 0 ? digit / Math.Pow(10, -exponent) : digit * Math.Pow(10, exponent);
                bool labelled = digit == 1 ? exponent % stride == 0 : between && digit is 2 or 5 && between;
                if (value >= minimum * (1 - 1e-9) && value <= maximum * (1 + 1e-9) && (labelled || digit == 1 || stride == 1))
                {
                    string label = plain ? Plain(value, Math.Max(0, -exponent), maximum)
                        : digit == 1 ? "10" + Superscript(exponent)
                        : $"{digit}×10{Superscript(exponent)}";
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
        return rest <= 1 + 1e-9 ? (1, exponent) : rest <= 2 + 1e-9 ? (2, exponent) : rest <= 5 + 1e-9 ? (5, exponent) : (1, exponent + 1);
    }

    private static string Plain(double value, int places, double largest)
        => Signed(value, number => number.ToString((largest >= 10_000 ? "N" : "F") + places, CultureInfo.InvariantCulture));

    private static string Scientific(double value, int magnitude, int places) => value == 0 ? "0" : Signed(value, number
        => (number / Math.Pow(10, magnitude)).ToString("F" + Math.Max(0, places), CultureInfo.InvariantCulture) + "×10" + Superscript(magnitude));

    private static string Signed(double value, Func<double, string> format) => (value < 0 ? "−" : "") + format(Math.Abs(value));

    private static string Superscript(int exponent) => string.Concat(
        exponent.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));
}
