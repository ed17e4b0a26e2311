namespace Nabla.Plotting;

/// <summary>
/// Numbers as colours: the paper at zero, blue above, orange below. A cell is the full colour, translucent, so one file serves
/// light and dark paper.
/// </summary>
internal static class ColorScale
{
    // The colours of Style.Sheet: paper, plus and minus, on light paper and on dark.
    private static readonly (double[] Paper, double[] Plus, double[] Minus) _light =
        ([255, 255, 255], [8, 81, 156], [179, 60, 0]);

    private static readonly (double[] Paper, double[] Plus, double[] Minus) _dark =
        ([13, 17, 23], [121, 192, 255], [255, 157, 110]);

    /// <summary>How many colours a picture has on either side of zero.</summary>
    public const int Steps = 63;

    /// <summary>
    /// Gets the colours of a picture, from -1 to 1 in 127 steps, transparent at zero. A picture cannot follow the reader's
    /// scheme, so these two stand out from light paper and from dark.
    /// </summary>
    public static (byte R, byte G, byte B, byte A)[] Palette { get; } =
    [
        .. Enumerable.Range(-Steps, (2 * Steps) + 1).Select(step => step < 0
            ? ((byte)226, (byte)90, (byte)20, Opacity(step))
            : ((byte)40, (byte)125, (byte)220, Opacity(step))),
    ];

    /// <summary>Returns the class of text that is legible upon a cell: black or white on light paper, then on dark.</summary>
    /// <param name="part">How far the cell's colour is from the paper to the full colour, -1 to 1.</param>
    public static string TextStyle(double part) => (IsDark(_light, part), IsDark(_dark, part)) switch
    {
        (false, true) => Math.Abs(part) < 0.2 ? "" : "bw", // on pale cells as all text
        (true, true) => "ww",
        (true, false) => "wb",
        (false, false) => "bb",
    };

    private static byte Opacity(int step) => (byte)(255 * Math.Abs(step) / Steps);

    /// <summary>Returns whether white text has more contrast upon the cell than black (WCAG 2.1, relative luminance).</summary>
    private static bool IsDark((double[] Paper, double[] Plus, double[] Minus) scheme, double part)
    {
        double[] full = part < 0 ? scheme.Minus : scheme.Plus;
        double[] weights = [0.2126, 0.7152, 0.0722];
        double luminance = 0;
        for (int i = 0; i < 3; i++)
        {
            double channel = (scheme.Paper[i] + (Math.Abs(part) * (full[i] - scheme.Paper[i]))) / 255;
            luminance += weights[i] * (channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4));
        }

        return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05;
    }
}
