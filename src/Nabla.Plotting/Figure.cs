using System.Text;
using Nabla.Files;

namespace Nabla.Plotting;

/// <summary>A drawing of a fixed size that becomes a file in SVG format. The same drawing always gives the same text.</summary>
/// <remarks>
/// The file holds its own stylesheet and is legible on light and on dark pages: it follows the reader's colour scheme, also
/// inside an <c>img</c> element.
/// </remarks>
public abstract class Figure
{
    /// <summary>Makes a figure.</summary>
    /// <param name="title">What stands above the drawing; empty for nothing.</param>
    internal Figure(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        Title = title;
    }

    /// <summary>Gets what stands above the drawing; empty for nothing.</summary>
    public string Title { get; }

    /// <summary>Gets the width in pixels.</summary>
    public abstract int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public abstract int Height { get; }

    /// <summary>Gets what a screen reader says in place of the drawing.</summary>
    internal virtual string Description => Title.Length > 0 ? Title : GetType().Name;

    /// <summary>Returns the drawing as the text of an SVG file.</summary>
    public string ToSvg()
    {
        SvgWriter svg = new();
        svg.Document(this, Style.Sheet);
        return svg.ToString();
    }

    /// <summary>Writes the drawing to a file, whose folder is made if there is none.</summary>
    /// <param name="path">The path, best ending in <c>.svg</c>.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Write(path, ToSvg());
    }

    /// <summary>Writes a text to a file that appears whole or not at all.</summary>
    internal static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(text));
        file.Commit();
    }

    /// <summary>Draws everything between the background and the end of the file, from (0, 0) to (Width, Height).</summary>
    internal abstract void Draw(SvgWriter svg);

    /// <summary>Gets about how much room the title needs.</summary>
    private protected double TitleWidth => (Style.TextWidth(Title) * 1.3) + 20;

    /// <summary>Writes the title where every kind of figure has it: centred, in the first 32 pixels.</summary>
    private protected void DrawTitle(SvgWriter svg, double center)
    {
        if (Title.Length > 0)
        {
            // A long title becomes smaller rather than run out of the figure.
            double room = Width / TitleWidth;
            string smaller = room < 1 ? $"style=\"font-size:{SvgWriter.Number(Math.Max(9, 15 * room))}px\"" : "";
            svg.Text("title", Style.Within(center, TitleWidth, Width), 22, Title, smaller);
        }
    }
}
