using System.Xml.Linq;

namespace Nabla.Plotting.Tests;

public sealed class ReportPageTests
{
    [Fact]
    public void Holds_everything_in_order_and_nothing_from_elsewhere()
    {
        string html = Page("text").ToHtml();
        string[] tags = [.. Body(html).Elements().Select(element => element.Name.LocalName)];
        Assert.Equal(["h1", "h2", "p", "p", "figure", "h3", "pre", "div"], tags);
        Assert.Equal(html.Split("http").Length, html.Split("\"http://www.w3.org/2000/svg\"").Length); // the name of a format
        Assert.Equal(html, Page("text").ToHtml());
    }

    [Fact]
    public void Is_well_formed_whatever_its_texts_are()
        => Assert.Empty(Body(Page(Gallery.Hostile).ToHtml()).Descendants("script"));

    [Fact]
    public void Code_keeps_its_lines()
        => Assert.Equal("a\n\n  b", Body(new ReportPage("").Code("a\r\n\r\n  b").ToHtml()).Descendants("code").Single().Value);

    [Fact]
    public void Has_the_figures_stylesheet_once()
    {
        Chart chart = new Chart().Line([1, 2], [3, 4]);
        string html = new ReportPage("two").Figure(chart).Figure(chart).ToHtml();
        Assert.Equal(2, html.Split(".nabla .paper{fill:#fff}").Length);
        Assert.Equal(3, html.Split("<svg").Length);
    }

    [Fact]
    public void A_row_of_another_length_is_said_in_one_line()
        => Assert.StartsWith("Table: row 1 has 1 cells, but there are 2 columns.",
            Assert.Throws<ArgumentException>(() => new ReportPage("").Table(["a", "b"], [["1", "2"], ["3"]])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Is_saved_as_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "report.html");
        try
        {
            Page("text").Save(path);
            Assert.Equal(Page("text").ToHtml(), File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static ReportPage Page(string text) => new ReportPage(text).Heading(text).Text($"{text}\n\n{text}")
        .Figure(new Chart(text).Line(Math.Tanh, -1, 1, text), text).Heading(text, 3).Code(text)
        .Table([text, text], [[text, text], [text, text]]);

    private static XElement Body(string html)
        => XDocument.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!.Element("body")!;
}
