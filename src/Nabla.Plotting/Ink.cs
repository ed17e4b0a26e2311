namespace Nabla.Plotting;

/// <summary>Where a plot has been drawn on, in squares of 2 pixels, so that the legend and labels find an empty place.</summary>
internal sealed class Ink(double width, double height)
{
    private const double Square = 2;

    private readonly bool[,] _drawn = new bool[(int)Math.Ceiling(width / Square) + 1, (int)Math.Ceiling(height / Square) + 1];

    public void Add(double left, double top, double right, double bottom)
    {
        (int x0, int x1) = Squares(left, right, 0);
        (int y0, int y1) = Squares(top, bottom, 1);
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                _drawn[x, y] = true;
            }
        }
    }

    public void AddLine(double x0, double y0, double x1, double y1)
    {
        int steps = (int)(Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)) / Square) + 1;
        for (int i = 0; i <= steps; i++)
        {
            double x = x0 + ((x1 - x0) * i / steps);
            double y = y0 + ((y1 - y0) * i / steps);
            Add(x, y, x, y);
        }
    }

    /// <summary>Returns whether a rectangle lies within the figure and nothing has been drawn there.</summary>
    public bool IsFree(double left, double top, double right, double bottom)
    {
        if (left < 0 || top < 0 || right > width || bottom > height)
        {
            return false;
        }

        (int x0, int x1) = Squares(left, right, 0);
        (int y0, int y1) = Squares(top, bottom, 1);
        for (int x = x0; x <= x1; x++)
        {
            for (int y = y0; y <= y1; y++)
            {
                if (_drawn[x, y])
                {
                    return false;
                }
            }
        }

        return true;
    }

    private (int First, int Last) Squares(double from, double to, int dimension)
    {
        int last = _drawn.GetLength(dimension) - 1;
        return ((int)Math.Clamp(from / Square, 0, last), (int)Math.Clamp(to / Square, 0, last));
    }
}
