namespace Nabla.Cli.Views;

/// <summary>A small curve of the loss over the whole run, made of block characters. Taking a step in allocates nothing.</summary>
internal sealed class LossCurve(int width)
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    private readonly double[] _sums = new double[width];
    private readonly int[] _counts = new int[width];
    private readonly char[] _drawn = new char[width];

    /// <summary>Takes the loss of a step in.</summary>
    public void Add(int step, int steps, float loss)
    {
        int place = (int)((long)step * _sums.Length / Math.Max(steps, 1));
        _sums[place] += loss;
        _counts[place]++;
    }

    /// <summary>Returns the curve so far, each character the mean of its steps; empty before the first.</summary>
    public string Draw()
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int place = 0; place < _sums.Length; place++)
        {
            if (_counts[place] > 0)
            {
                double mean = _sums[place] / _counts[place];
                (low, high) = (Math.Min(low, mean), Math.Max(high, mean));
            }
        }

        int end = 0;
        for (int place = 0; place < _sums.Length; place++)
        {
            if (_counts[place] > 0)
            {
                double height = high > low ? ((_sums[place] / _counts[place]) - low) / (high - low) : 0;
                _drawn[place] = Blocks[(int)Math.Round(height * (Blocks.Length - 1))];
                end = place + 1;
            }
            else
            {
                // A run that was resumed has no steps before the first of this session; a short one has gaps.
                _drawn[place] = ' ';
            }
        }

        return new string(_drawn, 0, end);
    }
}
