namespace Nabla.Plotting;

/// <summary>Small pictures side by side: digits, or the weights of a layer's neurons.</summary>
public sealed class ImageGrid : Figure
{
    private const double Gap = 6;

    private readonly int _imageHeight;
    private readonly int _imageWidth;
    private readonly float[][] _images;

    /// <summary>Makes a grid of pictures.</summary>
    /// <param name="height">The pictures' height in pixels of their own.</param>
    /// <param name="width">Their width.</param>
    /// <param name="images">The pictures, <c>[height * width]</c> values each, row by row.</param>
    /// <param name="title">What stands above them; empty for nothing.</param>
    /// <exception cref="ArgumentException">There is no picture, or one has another number of values.</exception>
    public ImageGrid(int height, int width, IEnumerable<float[]> images, string title = "")
        : base(title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentNullException.ThrowIfNull(images);
        _imageHeight = height;
        _imageWidth = width;
        _images = [.. images.Select(image => (float[])image.Clone())];
        if (_images.Length == 0)
        {
            throw new ArgumentException("ImageGrid: there is no image.", nameof(images));
        }

        int wrong = Array.FindIndex(_images, image => image.Length != height * width);
        if (wrong >= 0)
        {
            throw new ArgumentException(
                $"ImageGrid: image {wrong} has {_images[wrong].Length} values, "
                    + $"but {height} x {width} pixels need {height * width}.",
                nameof(images));
        }
    }

    /// <summary>Gets or sets how many pictures stand in a row.</summary>
    public int Columns { get; set; } = 8;

    /// <summary>Gets or sets a text for below each picture; null for none.</summary>
    public IReadOnlyList<string>? Captions { get; set; }

    /// <summary>Gets or sets whether values above zero are blue and those below orange, instead of black to white.</summary>
    public bool Diverging { get; set; }

    /// <summary>Gets or sets whether each picture has the full range of colours to itself, instead of all sharing one.</summary>
    public bool ScaleEach { get; set; }

    /// <summary>Gets or sets how many pixels of the figure one pixel of a picture is wide and high.</summary>
    public int Scale { get; set; } = 3;

    /// <inheritdoc/>
    public override int Width => (int)Math.Ceiling(Math.Max((InRow * (CellWidth + Gap)) - Gap + 20, TitleWidth));

    /// <inheritdoc/>
    public override int Height => (int)(Top + (((_images.Length + InRow - 1) / InRow) * (CellHeight + Gap)) - Gap + 10);

    private int InRow => Math.Min(Columns, _images.Length);

    private double CellWidth => Math.Max(_imageWidth * Scale, Captions is null ? 0 : Style.Widest(Captions));

    private double CellHeight => (_imageHeight * Scale) + (Captions is null ? 0 : 17);

    private double Top => Title.Length > 0 ? 36 : 10;

    internal override void Draw(SvgWriter svg)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Scale, 1);
        if (Captions is not null && Captions.Count != _images.Length)
        {
            throw new InvalidOperationException(
                $"ImageGrid: {_images.Length} images, but {Captions.Count} captions; there must be one for each.");
        }

        DrawTitle(svg, Width / 2.0);
        Extent all = ExtentOf(_images.SelectMany(image => image));
        for (int i = 0; i < _images.Length; i++)
        {
            double x = 10 + (i % InRow * (CellWidth + Gap)) + ((CellWidth - (_imageWidth * Scale)) / 2);
            double y = Top + (i / InRow * (CellHeight + Gap));
            byte[] png = Encode(_images[i], ScaleEach ? ExtentOf(_images[i]) : all);
            svg.Image(x, y, _imageWidth * Scale, _imageHeight * Scale, png);
            svg.Rect("frame", x, y, _imageWidth * Scale, _imageHeight * Scale);
            if (Captions is not null)
            {
                svg.Text("tick", x + (_imageWidth * Scale / 2.0), y + (_imageHeight * Scale) + 13, Captions[i]);
            }
        }
    }

    private static Extent ExtentOf(IEnumerable<float> values)
    {
        Extent extent = Extent.Empty;
        foreach (float value in values)
        {
            extent.Add(value, logarithmic: false);
        }

        return extent.IsEmpty ? new Extent(0, 0) : extent;
    }

    private byte[] Encode(float[] image, Extent extent)
    {
        byte[] pixels = new byte[image.Length];
        if (Diverging)
        {
            double size = Math.Max(Math.Abs(extent.Minimum), Math.Abs(extent.Maximum));
            for (int i = 0; i < image.Length; i++)
            {
                double part = float.IsFinite(image[i]) && size > 0 ? image[i] / size : 0;
                pixels[i] = (byte)Math.Round(ColorScale.Steps * (part + 1));
            }

            return Png.FromColors(_imageWidth, _imageHeight, pixels, ColorScale.Palette);
        }

        double range = extent.Maximum - extent.Minimum;
        for (int i = 0; i < image.Length; i++)
        {
            pixels[i] = (byte)(float.IsFinite(image[i]) && range > 0 ? Math.Round((image[i] - extent.Minimum) / range * 255) : 0);
        }

        return Png.FromGrey(_imageWidth, _imageHeight, pixels);
    }
}
