#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// An early artificial neuron says yes or no. One is a NAND gate, four are what one cannot be, and five can add. What it
// cannot do is learn by going downhill: for that its step must become a slope.

using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
(int A, int B)[] inputs = [(0, 0), (0, 1), (1, 0), (1, 1)];

// Weigh the inputs, add the bias, and say 1 if the sum is not negative.
int Perceptron(int w1, int w2, int bias, int x1, int x2) => (w1 * x1) + (w2 * x2) + bias >= 0 ? 1 : 0;

// Nielsen's weights: each input speaks against, the bias in favour, and it takes two to win.
int Nand(int x1, int x2) => Perceptron(-2, -2, 3, x1, x2);

// No single perceptron can be this: "one or the other, but not both".
int Xor(int x1, int x2)
{
    int nand = Nand(x1, x2);
    return Nand(Nand(x1, nand), Nand(x2, nand));
}

// The fifth, for the carry of a sum: NAND of NAND.
int And(int x1, int x2) => Nand(Nand(x1, x2), Nand(x1, x2));

Console.WriteLine("a b   sum   NAND   XOR   a + b in binary");
foreach ((int x1, int x2) in inputs)
{
    int sum = (-2 * x1) - (2 * x2) + 3;
    Console.WriteLine($"{x1} {x2}   {sum,3}   {Nand(x1, x2),4}   {Xor(x1, x2),3}   {And(x1, x2)}{Xor(x1, x2)}");
}

Console.WriteLine();

// Is there really none? A gate is four outputs, so there are 16. Try all whole weights and biases from -10 to 10.
HashSet<int> made = [];
for (int w1 = -10; w1 <= 10; w1++)
{
    for (int w2 = -10; w2 <= 10; w2++)
    {
        for (int bias = -10; bias <= 10; bias++)
        {
            made.Add((8 * Perceptron(w1, w2, bias, 0, 0)) + (4 * Perceptron(w1, w2, bias, 0, 1))
                + (2 * Perceptron(w1, w2, bias, 1, 0)) + Perceptron(w1, w2, bias, 1, 1));
        }
    }
}

Console.WriteLine($"of the 16 gates one perceptron can be {made.Count}, but not "
    + string.Join(" or ", Enumerable.Range(0, 16).Except(made).Select(gate => $"{gate:b4}")));
Console.WriteLine();

// The sigmoid is the step made smooth. Weights ten times as large make it nearly a step again.
double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
Console.WriteLine("sum   step   sigmoid(sum)   sigmoid(10 sum)   slope of the sigmoid");
foreach (int sum in (int[])[3, 1, -1])
{
    Console.WriteLine($"{sum,3}   {(sum >= 0 ? 1 : 0),4}   {Sigmoid(sum),12:F4}   {Sigmoid(10 * sum),15:F4}   "
        + $"{Sigmoid(sum) * (1 - Sigmoid(sum)),20:F4}");
}

new Panels([Plane("NAND: a line parts them", Nand, line: true), Plane("XOR: no line does", Xor, line: false)])
    .Save(Path.Combine(figures, "nand-and-xor.svg"));
new Chart("A step, and a slope") { X = { Label = "weighted sum" }, Y = { Label = "output" } }
    .Line([-6, 0, 0, 6], [0, 0, 1, 1], name: "perceptron", dashed: true)
    .Line(x => Sigmoid(4 * x), -6, 6, "sigmoid(4 x)")
    .Line(Sigmoid, -6, 6, "sigmoid(x)")
    .Save(Path.Combine(figures, "step-and-sigmoid.svg"));

Chart Plane(string title, Func<int, int, int> gate, bool line)
{
    Chart chart = new(title, 320, 320)
    {
        X = { Label = "a", Minimum = -0.5, Maximum = 2 },
        Y = { Label = "b", Minimum = -0.5, Maximum = 2 },
    };
    foreach (int output in (int[])[1, 0])
    {
        var points = inputs.Where(p => gate(p.A, p.B) == output);
        chart.Scatter(points.Select(p => p.A), points.Select(p => p.B), $"output {output}", size: 8);
    }

    return line ? chart.Line([-0.5, 2], [2, -0.5], "-2a - 2b + 3 = 0", dashed: true) : chart;
}
