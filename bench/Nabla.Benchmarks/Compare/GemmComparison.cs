using System.Diagnostics;
using System.Globalization;

namespace Nabla.Benchmarks.Compare;

/// <summary>
/// Compares the matrix products of GPT-2's linear layers. Ours and theirs are two processes that wait for what to multiply: each
/// product is timed by one and at once by the other, so that both meet the machine in the same state.
/// </summary>
/// <param name="programs">What starts both.</param>
/// <param name="say">Told how it goes, a line at a time.</param>
internal sealed class GemmComparison(Programs programs, Action<string> say)
{
    private static readonly MatrixProduct[] _products = [.. MatrixProduct.OfGpt2(tokens: 256), .. MatrixProduct.OfGpt2(tokens: 1024)];

    /// <summary>Returns the rows of the average and of the worst product, and a line for each product.</summary>
    public (IReadOnlyList<Row> Rows, IReadOnlyList<string> Details) Run(int count, int? chosenThreads)
    {
        int threads = chosenThreads ?? Environment.ProcessorCount;
        double[,] ours = new double[count, _products.Length];
        double[,] theirs = new double[count, _products.Length];
        for (int pair = 0; pair < count; pair++)
        {
            using Server us = new(programs.Ours(["gemm-serve"]));
            using Server them = new(programs.Theirs("products.py", threads, []));
            for (int index = 0; index < _products.Length; index++)
            {
                bool oursFirst = (pair + index) % 2 == 0;
                (Server first, Server second) = oursFirst ? (us, them) : (them, us);
                (double one, double other) = (first.Time(_products[index]), second.Time(_products[index]));
                (ours[pair, index], theirs[pair, index]) = oursFirst ? (one, other) : (other, one);
            }

            say($"matrix products, pair {pair + 1} of {count}: average ratio {Row.Number(Average(ours, theirs, pair))}");
        }

        return Evaluate(ours, theirs, count, threads);
    }

    private static (IReadOnlyList<Row> Rows, IReadOnlyList<string> Details) Evaluate(double[,] ours, double[,] theirs, int count, int threads)
    {
        double[] averages = [.. Enumerable.Range(0, count).Select(pair => Average(ours, theirs, pair)).Order()];
        List<string> details = [];
        (double lowest, int worst) = (double.MaxValue, 0);
        for (int index = 0; index < _products.Length; index++)
        {
            double[] ratios = Ratios(ours, theirs, count, index);
            (lowest, worst) = ratios.Median() < lowest ? (ratios.Median(), index) : (lowest, worst);
            MatrixProduct product = _products[index];
            details.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {product} | {Speed(ours, count, index):F0} | {Speed(theirs, count, index):F0} | {ratios.Median():F2} | {ratios[0]:F2} - {ratios[^1]:F2} |"));
        }

        double[] ofWorst = Ratios(ours, theirs, count, worst);
        string Mean(double[,] times) => $"{Row.Number(Enumerable.Range(0, _products.Length).Average(index => Speed(times, count, index)))}";
        Row average = new(
            "matrix products of GPT-2's shapes, average", $"{Mean(ours)} GFLOP/s", $"{Mean(theirs)} ({threads} thr.)",
            averages.Median(), averages[0], averages[^1], 1.0);
        Row least = new(
            $"the lowest of them: {_products[worst]}", $"{Row.Number(Speed(ours, count, worst))} GFLOP/s",
            $"{Row.Number(Speed(theirs, count, worst))} ({threads} thr.)", lowest, ofWorst[0], ofWorst[^1], 0.9);
        return ([average, least], details);
    }

    private static double Average(double[,] ours, double[,] theirs, int pair)
        => Enumerable.Range(0, _products.Length).Average(index => theirs[pair, index] / ours[pair, index]);

    private static double[] Ratios(double[,] ours, double[,] theirs, int count, int index)
        => [.. Enumerable.Range(0, count).Select(pair => theirs[pair, index] / ours[pair, index]).Order()];

    private static double Speed(double[,] times, int count, int index)
        => _products[index].Gigaflops / Enumerable.Range(0, count).Select(pair => times[pair, index]).Median();

    /// <summary>A process that answers each product asked of it with its seconds.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Process _process;

        public Server(ProcessStartInfo start)
        {
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            _process = Child.Start(start);
        }

        public double Time(MatrixProduct product)
        {
            _process.StandardInput.WriteLine(product.ToString());
            _process.StandardInput.Flush();
            return double.Parse(
                _process.StandardOutput.ReadLine() ?? throw new ChildException($"{_process.StartInfo.FileName} ended early; its message is above."),
                CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            // The end of its input is the end of its work.
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
