#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Two by two: the shapes of the tree, layer by layer.

using Nabla;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
string[] contexts = ["charlott", "...olivi", "isabella", ".......k"];
IndexTensor x = IndexTensor.From([.. string.Concat(contexts).Select(character => characters.IndexOf(character))], 4, 8);

// 1. A product takes the last dimension and leaves all others alone, however many there are.
RandomGenerator random = new(42);
foreach (Shape shape in (Shape[])[new(4, 80), new(4, 4, 20), new(2, 4, 4, 20)])
{
    Tensor input = Tensor.Randn(random, [.. shape.ToArray()]);
    Linear linear = new(shape[-1], 200, random: random);
    Console.WriteLine($"{shape} by [{shape[-1]}, 200] + [200] is {linear.Forward(input).Shape}");
}

// 2. So put the pairs where a product finds them. Cat says how; a view of the same memory does the same without a copy.
Embedding embedding = new(27, 10, random);
Tensor e = embedding.Forward(x);
Tensor even = e.Slice(1, start: 0, length: 4, step: 2);
Tensor odd = e.Slice(1, start: 1, length: 4, step: 2);
Tensor joined = Tensor.Cat([even, odd], dim: 2);
Tensor pairs = new FlattenConsecutive(2).Forward(e);
Console.WriteLine();
Console.WriteLine($"embedded {e.Shape}; even {even.Shape}, odd {odd.Shape}, joined {joined.Shape}");
int different = joined.ToArray().Zip(pairs.ToArray()).Count(pair => pair.First != pair.Second);
Console.WriteLine($"FlattenConsecutive(2) {pairs.Shape}; numbers that differ: {different}");
Console.WriteLine($"the first pair of \"{contexts[0]}\" is c beside h: "
    + Tensor.Cat([embedding.Weight[3], embedding.Weight[8]]).AllClose(pairs[0, 0]));

// 3. The flat network and the tree, layer by layer.
Sequential flat = new(
    new Flatten(), new Linear(80, 200, bias: false, random), new BatchNorm1d(200), new Tanh(), new Linear(200, 27, random: random));
Walk("flat", flat);
Walk("tree of width 200", Tree(200));
Console.WriteLine();
Console.WriteLine($"parameters: flat {270 + flat.ParameterCount}, "
    + $"tree of width 68 {270 + Tree(68).ParameterCount}, of width 200 {270 + Tree(200).ParameterCount}");

// 4. What does not go.
Console.WriteLine();
try
{
    flat.Forward(embedding.Forward(x[0]));
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

try
{
    new FlattenConsecutive(2).Forward(embedding.Forward(x[.., 1..]));
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

// 5. The figure: which character reaches which place.
Chart chart = new("A tree over eight characters", 640, 330)
{
    X = { Minimum = 0.3, Maximum = 8.7, Label = "place" },
    Y = { Minimum = -0.5, Maximum = 3.6, Label = "layer" },
};
List<double>[] places = [[1, 2, 3, 4, 5, 6, 7, 8], [1.5, 3.5, 5.5, 7.5], [2.5, 6.5], [4.5]];
List<double> x1 = [], y1 = [];
for (int level = 0; level < 3; level++)
{
    for (int i = 0; i < places[level].Count; i++)
    {
        x1.AddRange([places[level][i], places[level + 1][i / 2], double.NaN]);        // NaN lifts the pen
        y1.AddRange([level, level + 1, double.NaN]);
    }
}

chart.Line(x1, y1);
string[] words = [.. contexts[0].Select(character => $"{character}")];
string[][] labels = [words, ["ch", "ar", "lo", "tt"], ["char", "lott"], ["charlott > e"]];
for (int level = 0; level < 4; level++)
{
    chart.Scatter(places[level], places[level].Select(_ => (double)level), labels: labels[level], size: level == 0 ? 10 : 5);
}

chart.Save(Path.Combine(figures, "tree.svg"));

void Walk(string name, Sequential layers)
{
    Console.WriteLine();
    Console.WriteLine($"{name}: ids {x.Shape}");
    Tensor output = embedding.Forward(x);
    Console.WriteLine($"  {embedding.GetType().Name,-18} {output.Shape}");
    foreach ((_, Module layer) in layers.Children)
    {
        output = ((Layer)layer).Forward(output);
        Console.WriteLine($"  {layer.GetType().Name,-18} {output.Shape}");
    }
}

Sequential Tree(int width) => new(
    new FlattenConsecutive(2), new Linear(20, width, bias: false, random), new BatchNorm1d(width), new Tanh(),
    new FlattenConsecutive(2), new Linear(2 * width, width, bias: false, random), new BatchNorm1d(width), new Tanh(),
    new FlattenConsecutive(2), new Linear(2 * width, width, bias: false, random), new BatchNorm1d(width), new Tanh(),
    new Linear(width, 27, random: random));
