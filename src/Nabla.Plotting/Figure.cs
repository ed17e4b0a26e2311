using System.Text;
using Nabla.Files;

namespace Nabla.Plotting;

/// <summary>A drawing of a fixed size that becomes a file in SVG format. The same drawing gives the same text, everywhere.</summary>
public abstract class Figure
{
    /// <summary>Gets the width in pixels.</summary>
    public abstract int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public abstract int Height { get; }

    /// <summary>Returns the drawing as the text of an SVG file.</summary>
    public abstract string ToSvg();

    /// <summary>Writes the drawing to a file, whose folder is made if there is none.</summary>
    /// <param name="path">The path, best ending in <c>.svg</c>.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using AtomicFile file = AtomicFile.Create(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(ToSvg()));
        file.Commit();
    }
}
