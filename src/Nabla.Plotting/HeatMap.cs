using System.Text;

namespace Nabla.Plotting;

/// <summary>A table of numbers as coloured cells: pale to deep blue from the smallest to the largest.</summary>
public sealed class HeatMap : Figure
{
    private readonly double[,] _values;

    /// <summary>Makes a heat map.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="value">
    /// Gives the number of a row and a column, both from zero; asked once for each, at once. NaN makes a grey cell.
    /// </param>
    /// <param name="title">What stands above it; empty for nothing.</param>
    /// <exception cref="ArgumentException">There is no row or no column, or no finite number.</exception>
    public HeatMap(int rows, int columns, Func<int, int, double> value, string title = "")
        : base(title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(value);
        _values = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                _values[row, column] = value(row, column);
            }
        }

        if (!_values.Cast<double>().Any(Extent.IsDrawable))
        {
            throw new ArgumentException($"HeatMap: none of the {rows} x {columns} values is a finite number.", nameof(value));
        }
    }

    /// <summary>Gets or sets the names of the rows; null for none.</summary>
    public IReadOnlyList<string>? RowLabels { get; set; }

    /// <summary>Gets or sets the names of the columns; null for none.</summary>
    public IReadOnlyList<string>? ColumnLabels { get; set; }

    /// <summary>Gets or sets what gives a cell's text, by row and column, with <c>\n</c> between lines; null for none.</summary>
    public Func<int, int, string>? CellText { get; set; }

    /// <summary>Gets or sets whether zero has the colour of the paper, with blue above it and orange below.</summary>
    public bool Diverging { get; set; }

    /// <summary>Gets or sets the side of a cell in pixels.</summary>
    public int CellSize { get; set; } = 40;

    /// <summary>Gets or sets whether a bar on the right says which colour is which number.</summary>
    public bool ColorBar { get; set; }

    /// <inheritdoc/>
    public override int Width => (int)Math.Ceiling(Math.Max(Left + (Columns * CellSize) + 10 + (ColorBar ? 70 : 0), TitleWidth));

    /// <inheritdoc/>
    public override int Height => (int)Math.Ceiling(Top + (Rows * CellSize) + 10);

    private int Rows => _values.GetLength(0);

    private int Columns => _values.GetLength(1);

    private double Left => 10 + (RowLabels is null ? 0 : Style.Widest(RowLabels) + 6);

    private double Top => (Title.Length > 0 ? 36 : 10) + (ColumnLabels is null ? 0 : IsUpright ? WidestColumnLabel + 8 : 18);

    private double WidestColumnLabel => Style.Widest(ColumnLabels!);

    // Names that are wider than a column are written upwards.
    private bool IsUpright => WidestColumnLabel > CellSize - 2;

    internal override void Draw(SvgWriter svg)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(CellSize, 1);
        Check(RowLabels, Rows, "rows");
        Check(ColumnLabels, Columns, "columns");
        DrawTitle(svg, Left + (Columns * CellSize / 2.0));
        DrawLabels(svg);
        (double low, double high) = Limits();
        DrawCells(svg, low, high);
        svg.Rect("frame", Left, Top, Columns * CellSize, Rows * CellSize);
        if (CellText is not null)
        {
            DrawTexts(svg, CellText, low, high);
        }

        if (ColorBar)
        {
            DrawColorBar(svg, low, high);
        }
    }

    private static void Check(IReadOnlyList<string>? labels, int count, string what)
    {
        if (labels is not null && labels.Count != count)
        {
            throw new InvalidOperationException(
                $"HeatMap: {count} {what}, but {labels.Count} labels for them; there must be one for each.");
        }
    }

    private (double Low, double High) Limits()
    {
        Extent extent = Extent.Empty;
        foreach (double value in _values)
        {
            extent.Add(value, logarithmic: false);
        }

        double size = Math.Max(Math.Abs(extent.Minimum), Math.Abs(extent.Maximum));
        return Diverging ? (-size, size) : (extent.Minimum, extent.Maximum);
    }

    // From -1 to 1: how far a value's colour is from the paper's to one of the two full ones.
    private double Part(double value, double low, double high)
        => Diverging ? (high == 0 ? 0 : value / high) : high == low ? 0.5 : (value - low) / (high - low);

    // All cells of one colour are one path, in which neighbours in a row are one rectangle.
    private void DrawCells(SvgWriter svg, double low, double high)
    {
        SortedDictionary<int, StringBuilder> paths = [];
        const int None = 1000;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns;)
            {
                int start = column;
                int color = Color(row, column);
                while (column < Columns && Color(row, column) == color)
                {
                    column++;
                }

                if (color != 0)
                {
                    paths.TryAdd(color, new StringBuilder());
                    string width = SvgWriter.Number((column - start) * CellSize);
                    string corner = SvgWriter.Point(Left + (start * CellSize), Top + (row * CellSize));
                    paths[color].Append($"M{corner}h{width}v{SvgWriter.Number(CellSize)}h-{width}z");
                }
            }
        }

        foreach (var (color, path) in paths)
        {
            string style = color == None ? "cell none" : color < 0 ? "cell minus" : "cell plus";
            svg.Path(style, path.ToString(), color == None ? "" : $"opacity=\"{SvgWriter.Number(Math.Abs(color) / 100.0)}\"");
        }

        int Color(int row, int column) => Extent.IsDrawable(_values[row, column])
            ? (int)Math.Round(Part(_values[row, column], low, high) * 100)
            : None;
    }

    private void DrawTexts(SvgWriter svg, Func<int, int, string> cellText, double low, double high)
    {
        string[,][] lines = new string[Rows, Columns][];
        double widest = 1;
        int most = 1;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                lines[row, column] = cellText(row, column).Split('\n');
                most = Math.Max(most, lines[row, column].Length);
                widest = Math.Max(widest, lines[row, column].Max(line => Style.TextWidth(line, 1)));
            }
        }

        double size = Math.Round(Math.Min(13, Math.Min(0.82 * CellSize / widest, 0.8 * CellSize / (1.2 * most))), 1);
        svg.Begin(0, 0, $"font-size=\"{SvgWriter.Number(size)}\"");
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                double value = _values[row, column];
                string style = Extent.IsDrawable(value) ? ColorScale.TextStyle(Part(value, low, high)) : "";
                string[] texts = lines[row, column];
                for (int i = 0; i < texts.Length; i++)
                {
                    double middle = Top + ((row + 0.5) * CellSize) + ((i - ((texts.Length - 1) / 2.0)) * 1.25 * size);
                    if (texts[i].Length > 0)
                    {
                        svg.Text(style, Left + ((column + 0.5) * CellSize), middle + (0.36 * size), texts[i]);
                    }
                }
            }
        }

        svg.End();
    }

    private void DrawLabels(SvgWriter svg)
    {
        // Every so many that they do not run into each other.
        int every = (int)Math.Ceiling(14.0 / CellSize);
        for (int row = 0; row < RowLabels?.Count; row += every)
        {
            svg.Text("tick end", Left - 6, Top + ((row + 0.5) * CellSize) + 4, RowLabels[row]);
        }

        for (int column = 0; column < ColumnLabels?.Count; column += IsUpright ? every : 1)
        {
            double x = Left + ((column + 0.5) * CellSize);
            if (IsUpright)
            {
                svg.TextUpwards("tick start", x + 4, Top - 6, ColumnLabels[column]);
            }
            else
            {
                svg.Text("tick", x, Top - 6, ColumnLabels[column]);
            }
        }
    }

    private void DrawColorBar(SvgWriter svg, double low, double high)
    {
        const int Steps = 50;
        double left = Left + (Columns * CellSize) + 14;
        double height = Rows * CellSize;
        for (int i = 0; i < Steps; i++)
        {
            double part = Part(low + ((high - low) * (i + 0.5) / Steps), low, high);
            svg.Rect(part < 0 ? "cell minus" : "cell plus", left, Top + (height * (Steps - 1 - i) / Steps), 12, height / Steps,
                $"opacity=\"{SvgWriter.Number(Math.Abs(part))}\"");
        }

        svg.Rect("frame", left, Top, 12, height);
        if (high > low)
        {
            Scale scale = new(low, high, false, Top + height, Top);
            foreach (Tick tick in Ticks.Linear(low, high, Math.Max(2, (int)(height / 40))))
            {
                svg.Text("tick start", left + 17, scale.ToPixel(tick.Value) + 4, tick.Label);
            }
        }
    }
}
