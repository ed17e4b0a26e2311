#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Softmax turns any numbers into probabilities, and a temperature says how much the largest is to have of it.

using Nabla;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
float[] scores = [1, 2, 3];

// e to the power of each score, divided by their sum. Dividing the scores by T first makes them more alike, or less.
float[] Softmax(float[] x, float temperature)
{
    float[] powers = [.. x.Select(score => MathF.Exp(score / temperature))];
    return [.. powers.Select(power => power / powers.Sum())];
}

Console.WriteLine("T          1       2       3");
float[] temperatures = [0.25f, 0.5f, 1, 2, 4, 16];
foreach (float temperature in temperatures)
{
    Console.WriteLine($"{temperature,-4}  {Show(Softmax(scores, temperature))}");
}

// A bug that waits for a cold day: e^100 is more than a float can hold, and infinity by infinity is not a number.
Console.WriteLine();
Console.WriteLine($"T = 0.03, as above:        {Show(Softmax(scores, 0.03f))}");

// The mend: subtract the largest score from all. It divides every power by the same number, so the result stays the same.
float[] StableSoftmax(float[] x, float temperature) => Softmax([.. x.Select(score => score - x.Max())], temperature);
Console.WriteLine($"T = 0.03, largest off:     {Show(StableSoftmax(scores, 0.03f))}");
Console.WriteLine($"T = 0.03, by the library:  {Show((Tensor.From(scores) / 0.03f).Softmax(0).ToArray())}");

// What it is for: to draw from the probabilities. Cold is always the same, hot is anything.
Console.WriteLine();
foreach (float temperature in (float[])[0.25f, 1, 16])
{
    RandomGenerator random = new(1);
    Tensor probabilities = (Tensor.From(scores) / temperature).Softmax(0);
    int[] drawn = probabilities.Multinomial(40, random, replacement: true).ToArray();
    Console.WriteLine($"40 draws at T = {temperature,-4}  {string.Concat(drawn.Select(index => index + 1))}");
}

Chart chart = new("Who gets how much", 420, 320)
{
    X = { Label = "temperature", Logarithmic = true },
    Y = { Label = "probability", Minimum = 0, Maximum = 1 },
};
foreach (int i in (int[])[2, 1, 0])
{
    chart.Line(t => StableSoftmax(scores, (float)t)[i], 0.1, 20, $"score {scores[i]}");
}

HeatMap table = new(temperatures.Length, 3, (row, column) => Softmax(scores, temperatures[row])[column], "Softmax of 1, 2, 3")
{
    RowLabels = [.. temperatures.Select(temperature => $"T = {temperature}")],
    ColumnLabels = ["1", "2", "3"],
    CellText = (row, column) => $"{Softmax(scores, temperatures[row])[column]:F2}",
};
new Panels([table, chart]).Save(Path.Combine(figures, "temperature.svg"));

string Show(float[] probabilities) => string.Join("  ", probabilities.Select(probability => $"{probability:F4}"));
