#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// One head of self-attention, step by step: queries, keys, affinities, the mask, softmax, values. And why it divides by a root.

using Nabla;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. Four rows of eight places; at each place a vector of 32 numbers, random here.
const int batch = 4, time = 8, width = 32, size = 16;
RandomGenerator random = new(1337);
Tensor x = Tensor.Randn(random, batch, time, width);

// 2. Three layers make three vectors of each: what do I contain, what do I look for, what do I tell.
Linear key = new(width, size, bias: false, random);
Linear query = new(width, size, bias: false, random);
Linear value = new(width, size, bias: false, random);
Tensor k = key.Forward(x);
Tensor q = query.Forward(x);
Tensor v = value.Forward(x);
Console.WriteLine($"x {x.Shape}, keys {k.Shape}, queries {q.Shape}, values {v.Shape}");

// 3. The affinity of place t for place s is the dot product of t's query with s's key: all of them in one product.
Tensor scores = q.MatMul(k.Transpose(1, 2));
Tensor future = Tensor.Ones(time, time).Triu(1);
Tensor masked = scores.MaskedFill(future, float.NegativeInfinity);
Tensor weights = masked.Softmax(2);
Tensor output = weights.MatMul(v);
Console.WriteLine($"affinities {scores.Shape}, output {output.Shape}");
Console.WriteLine($"the weights of row 0 =\n{weights[0].Detach()}");
Console.WriteLine($"the last places of rows 0 and 1 weigh differently: {Row(weights[0, ^1])} and {Row(weights[1, ^1])}");

new Panels(
[
    Map(scores[0], "queries times keys"),
    Map(masked[0], "the future masked"),
    Map(weights[0], "softmax along the rows"),
], columns: 3).Save(Path.Combine(figures, "head.svg"));

// 4. The size of a dot product grows with the length of the vectors: queries and keys of variance 1 give products of variance 16.
Console.WriteLine();
foreach (int length in (int[])[4, 16, 64, 256])
{
    Tensor unscaled = Tensor.Randn(random, 500, time, length).MatMul(Tensor.Randn(random, 500, time, length).Transpose(1, 2));
    Tensor scaled = unscaled / MathF.Sqrt(length);
    Console.WriteLine($"length {length,3}: variance {unscaled.Var().Item(),5:F1}, divided by the root of the length {scaled.Var().Item():F2}; "
        + $"mean largest weight {Largest(unscaled):F2} and {Largest(scaled):F2}");
}

// 5. Softmax of large numbers is nearly all or nothing, and then hardly answers to a change.
Tensor small = Tensor.From([0.1f, -0.2f, 0.3f, -0.2f, 0.5f]);
Console.WriteLine();
Console.WriteLine($"softmax of the five numbers     {Row(small.Softmax(0))}");
Console.WriteLine($"softmax of eight times as much  {Row((small * 8).Softmax(0))}");
Console.WriteLine($"of eighty times as much         {Row((small * 80).Softmax(0))}");
foreach (float scale in (float[])[1, 8, 80])
{
    Tensor input = small * scale;
    input.RequiresGrad = true;
    input.Softmax(0)[4].Backward();
    Console.WriteLine($"slope of the largest weight by its own number, times {scale,2}: {input.Grad![4].Item():F4}");
}

// The mean over all rows of the largest of eight weights.
static float Largest(Tensor scores) => scores.Softmax(2).Max(2).Values.Mean().Item();

static string Row(Tensor row) => string.Join(' ', row.ToArray().Select(number => $"{number:F4}"));

static HeatMap Map(Tensor table, string title) =>
    new(time, time, (row, column) => float.IsFinite(table[row, column].Item()) ? table[row, column].Item() : 0, title)
    {
        CellText = (row, column) => float.IsFinite(table[row, column].Item()) ? $"{table[row, column].Item():F2}" : "-∞",
        RowLabels = [.. Enumerable.Range(0, time).Select(t => $"{t}")],
        ColumnLabels = [.. Enumerable.Range(0, time).Select(t => $"{t}")],
        Diverging = title != "softmax along the rows",
        CellSize = 34,
    };
