using System.Text.RegularExpressions;

namespace Nabla.Plotting.Tests;

/// <summary>Colours are told apart and seen, on light paper and on dark, by every kind of eye.</summary>
public sealed partial class StyleTests
{
    // How linear red, green and blue are seen without one kind of cone (Machado, Oliveira and Fernandes, 2009).
    private static readonly Dictionary<string, double[][]> _eyes = new()
    {
        ["all cones"] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        ["no long"] = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ["no middle"] = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ["no short"] = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    };

    public static TheoryData<string, bool> Eyes => [.. _eyes.Keys.SelectMany(eye => (bool[])[false, true], (eye, dark) => (eye, dark))];

    [Theory]
    [MemberData(nameof(Eyes))]
    public void Series_are_told_apart(string eye, bool dark)
    {
        double[][] seen = [.. Colors(dark).Select(color => Lab([.. _eyes[eye].Select(row => row.Zip(color, (a, b) => a * b).Sum())]))];
        for (int i = 0; i < seen.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // A difference of 2.3 is just seen side by side (CIE 1976); lines apart need several times that.
                double difference = Math.Sqrt(seen[i].Zip(seen[j], (a, b) => (a - b) * (a - b)).Sum());
                Assert.True(difference > 12, $"series {j} and {i} differ by {difference}");
            }
        }
    }

    [Theory]
    [InlineData(false, 1.0)]
    [InlineData(true, 0.0056)]
    public void Series_stand_out_from_the_paper(bool dark, double paper) => Assert.All(Colors(dark), color =>
    {
        double luminance = (0.2126 * color[0]) + (0.7152 * color[1]) + (0.0722 * color[2]);
        Assert.True((Math.Max(luminance, paper) + 0.05) / (Math.Min(luminance, paper) + 0.05) >= 3); // WCAG 2.1, graphical objects
    });

    [Fact]
    public void Every_style_that_dark_paper_changes_is_one_of_light_paper()
    {
        string[] parts = Style.Sheet.Split("@media");
        string[] light = [.. Names().Matches(parts[0]).Select(match => match.Value)];
        Assert.All(Names().Matches(parts[1]), match => Assert.Contains(match.Value, light));
    }

    // Linear red, green and blue of each series.
    private static double[][] Colors(bool dark)
    {
        double[][] colors = [.. Series().Matches(Style.Sheet.Split("@media")[dark ? 1 : 0])
            .Select(match => Convert.FromHexString(match.Groups[1].Value)
                .Select(channel => channel / 255.0)
                .Select(channel => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4)).ToArray())];
        Assert.Equal(Style.SeriesColors, colors.Length);
        return colors;
    }

    // CIE L*a*b* of 1976, from linear sRGB with its white point.
    private static double[] Lab(double[] rgb)
    {
        double[] c = [.. rgb.Select(channel => Math.Clamp(channel, 0, 1))];
        double x = F(((0.4124564 * c[0]) + (0.3575761 * c[1]) + (0.1804375 * c[2])) / 0.95047);
        double y = F((0.2126729 * c[0]) + (0.7151522 * c[1]) + (0.0721750 * c[2]));
        double z = F(((0.0193339 * c[0]) + (0.1191920 * c[1]) + (0.9503041 * c[2])) / 1.08883);
        return [(116 * y) - 16, 500 * (x - y), 200 * (y - z)];

        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16 / 116.0);
    }

    [GeneratedRegex(@"\.c\d\{stroke:#([0-9a-f]{6})")]
    private static partial Regex Series();

    [GeneratedRegex(@"\.[a-z]\w*")]
    private static partial Regex Names();
}
