namespace Nabla.Cli.Views;

/// <summary>A small curve of the loss over the whole run, made of block characters. Taking a step in allocates nothing.</summary>
internal sealed class LossCurve(int width, int height)
{
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    private readonly double[] _sums = new double[width];
    private readonly int[] _counts = new int[width];
    private readonly char[] _line = new char[width];

    /// <summary>Gets the height of the curve's highest place, the mean of its steps.</summary>
    public double High { get; private set; }

    /// <summary>Gets the height of its lowest.</summary>
    public double Low { get; private set; }

    /// <summary>Takes the loss of a step in.</summary>
    public void Add(int step, int steps, float loss)
    {
        int place = (int)((long)step * width / steps);
        _sums[place] += loss;
        _counts[place]++;
    }

    /// <summary>Returns the curve so far as lines from top to bottom, each character the mean of its steps.</summary>
    public string[] Draw()
    {
        (Low, High) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int place = 0; place < width; place++)
        {
            if (_counts[place] > 0)
            {
                (Low, High) = (Math.Min(Low, Mean(place)), Math.Max(High, Mean(place)));
            }
        }

        string[] lines = new string[height];
        for (int line = 0; line < height; line++)
        {
            for (int place = 0; place < width; place++)
            {
                _line[place] = Blocks[Filled(place, height - 1 - line)];
            }

            lines[line] = new string(_line);
        }

        return lines;
    }

    // How many eighths of a character are filled, in a row counted from the bottom. The lowest place still shows one.
    private int Filled(int place, int row)
    {
        if (_counts[place] == 0)
        {
            return 0;
        }

        int eighths = height * (Blocks.Length - 1);
        double share = High > Low ? (Mean(place) - Low) / (High - Low) : 0;
        return Math.Clamp(1 + (int)Math.Round(share * (eighths - 1)) - (row * (Blocks.Length - 1)), 0, Blocks.Length - 1);
    }

    private double Mean(int place) => _sums[place] / _counts[place];
}
