using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Nabla.Plotting.Tests;

/// <summary>What holds for figures of all kinds.</summary>
public sealed partial class EveryFigureTests
{
    public static TheoryData<string> Kinds => Gallery.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_well_formed_whatever_its_texts_are(string kind)
    {
        XDocument svg = XDocument.Parse(Gallery.Kinds[kind](Gallery.Hostile).ToSvg());
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.Equal("img", svg.Root.Attribute("role")?.Value);
        string title = svg.Root.Elements().First(element => element.Name.LocalName == "title").Value;
        Assert.StartsWith("<script>alert(\"1\" & '2')", title, StringComparison.Ordinal);
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Has_the_size_that_it_says(string kind)
    {
        Figure figure = Gallery.Kinds[kind]("text");
        XElement root = XDocument.Parse(figure.ToSvg()).Root!;
        Assert.Equal(figure.Width.ToString(CultureInfo.InvariantCulture), root.Attribute("width")!.Value);
        Assert.Equal(figure.Height.ToString(CultureInfo.InvariantCulture), root.Attribute("height")!.Value);
        Assert.Equal($"0 0 {figure.Width} {figure.Height}", root.Attribute("viewBox")!.Value);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_the_same_text_twice_and_in_a_culture_with_other_numbers(string kind)
    {
        string expected = Gallery.Kinds[kind]("text").ToSvg();
        Figure figure = Gallery.Kinds[kind]("text");
        Assert.Equal(expected, figure.ToSvg());
        Assert.Equal(expected, figure.ToSvg());

        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
            {
                NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeSign = "~" },
            };
            Assert.Equal(expected, Gallery.Kinds[kind]("text").ToSvg());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Has_at_most_two_decimals_and_no_number_that_is_none(string kind)
    {
        foreach (XAttribute attribute in Drawn(kind).Attributes().Where(attribute => attribute.Name != "href"))
        {
            Assert.DoesNotMatch(ThreeDecimals(), attribute.Value);
            Assert.DoesNotContain("NaN", attribute.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", attribute.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", attribute.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("E+", attribute.Value, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Uses_only_styles_that_the_sheet_has_and_no_ids(string kind)
    {
        Assert.All(Drawn(kind).Attributes("class").SelectMany(attribute => attribute.Value.Split(' ')),
            style => Assert.Contains($".{style}", Style.Sheet, StringComparison.Ordinal));

        // Two figures in one page would have the same ones.
        Assert.Empty(Drawn(kind).Attributes("id"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draws_nothing_outside_itself(string kind)
    {
        Figure figure = Gallery.Kinds[kind]("text");
        foreach (XElement element in Drawn(kind).Where(element => element.Parent?.Attribute("transform") is null))
        {
            foreach (var (x, y) in Geometry.Points(element))
            {
                Assert.InRange(x, 0, figure.Width);
                Assert.InRange(y, 0, figure.Height);
            }
        }
    }

    private static IEnumerable<XElement> Drawn(string kind)
        => XDocument.Parse(Gallery.Kinds[kind]("text").ToSvg()).Descendants().Where(element => element.Name.LocalName != "style");

    [GeneratedRegex(@"\d\.\d{3}")]
    private static partial Regex ThreeDecimals();
}
