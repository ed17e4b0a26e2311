namespace Nabla.Plotting;

/// <summary>Figures side by side, as one.</summary>
public sealed class Panels : Figure
{
    private const double Gap = 8;

    private readonly Figure[] _figures;
    private readonly int _columns;

    /// <summary>Puts figures side by side.</summary>
    /// <param name="figures">The figures, row by row. They are drawn when this is.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="title">What stands above all; empty for nothing.</param>
    /// <exception cref="ArgumentException">There is no figure or no column.</exception>
    public Panels(IEnumerable<Figure> figures, int columns = 2, string title = "")
        : base(title)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _figures = [.. figures];
        _columns = columns;
        if (_figures.Length == 0)
        {
            throw new ArgumentException("Panels: there is no figure.", nameof(figures));
        }
    }

    /// <inheritdoc/>
    public override int Width => (int)Math.Max(ColumnWidths.Sum() + (Gap * (ColumnWidths.Length - 1)), TitleWidth);

    /// <inheritdoc/>
    public override int Height => (int)(Top + RowHeights.Sum() + (Gap * (RowHeights.Length - 1)));

    internal override string Description
        => string.Join("; ", _figures.Select(figure => figure.Description).Prepend(Title).Where(title => title.Length > 0));

    private double Top => Title.Length > 0 ? 36 : 0;

    private int[] ColumnWidths => [.. _figures.Select((figure, i) => (figure.Width, i % _columns)).GroupBy(at => at.Item2)
        .Select(column => column.Max(at => at.Width))];

    private int[] RowHeights => [.. _figures.Chunk(_columns).Select(row => row.Max(figure => figure.Height))];

    internal override void Draw(SvgWriter svg)
    {
        DrawTitle(svg, Width / 2.0);
        double y = Top;
        foreach (Figure[] row in _figures.Chunk(_columns))
        {
            double x = 0;
            for (int i = 0; i < row.Length; i++)
            {
                svg.Begin(x + ((ColumnWidths[i] - row[i].Width) / 2.0), y);
                row[i].Draw(svg);
                svg.End();
                x += ColumnWidths[i] + Gap;
            }

            y += row.Max(figure => figure.Height) + Gap;
        }
    }
}
