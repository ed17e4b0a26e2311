#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// How a place learns of the places before it: the same average by loops, by a triangular matrix and by softmax, and then a weighted one.

using Nabla;
using Nabla.Nn;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. The trick on a 3x3 matrix: a row of a times b is a sum of rows of b, and the row of a says of which.
Tensor b = IndexTensor.Randint(new RandomGenerator(42), 0, 10, 3, 2).ToTensor();
Tensor triangle = Tensor.Ones(3, 3).Tril();
Tensor a = triangle / triangle.Sum(1, keepDim: true);
Console.WriteLine($"b =\n{b}");
Console.WriteLine($"ones times b =\n{Tensor.Ones(3, 3).MatMul(b)}");
Console.WriteLine($"triangle times b =\n{triangle.MatMul(b)}");
Console.WriteLine($"its rows divided by their sums, a =\n{a}");
Console.WriteLine($"a times b =\n{a.MatMul(b)}");

// 2. By loops: every place takes the mean of itself and all before it. x is 4 rows of 8 places with 2 numbers each.
const int batch = 4, time = 8;
Tensor x = Tensor.Randn(new RandomGenerator(1337), batch, time, 2);
List<Tensor> means = [];
for (int row = 0; row < batch; row++)
{
    for (int t = 0; t < time; t++)
    {
        means.Add(x[row, ..(t + 1)].Mean(0));
    }
}

Tensor byLoops = Tensor.Stack([.. means]).View(batch, time, 2);
Console.WriteLine();
Console.WriteLine($"x[0] =\n{x[0]}");
Console.WriteLine($"the means =\n{byLoops[0]}");

// 3. By a matrix: [8, 8] times [4, 8, 2] is done for each of the four rows.
Tensor lower = Tensor.Ones(time, time).Tril();
Tensor weights = lower / lower.Sum(1, keepDim: true);
Tensor byMatrix = weights.MatMul(x);

// 4. By softmax: scores of 0, the future set to minus infinity. e^0 = 1 and e^-inf = 0, divided by their sum.
Tensor scores = Tensor.Zeros(time, time).MaskedFill(lower.Equal(Tensor.Scalar(0)), float.NegativeInfinity);
Tensor bySoftmax = scores.Softmax(1).MatMul(x);
Console.WriteLine();
Console.WriteLine($"[{time}, {time}] times {x.Shape} = {byMatrix.Shape}");
Console.WriteLine($"loops and matrix agree:  {byLoops.AllClose(byMatrix, atol: 1e-6f)}");
Console.WriteLine($"loops and softmax agree: {byLoops.AllClose(bySoftmax, atol: 1e-6f)}");

// 5. By attention: the scores are products of a query and a key, made of x by two layers. With both zero, it is the mean again.
Linear query = new(2, 16, bias: false, new RandomGenerator(1));
Linear key = new(2, 16, bias: false, new RandomGenerator(2));
Tensor attention = Attention();
Console.WriteLine($"attention and loops agree: {byLoops.AllClose(attention.MatMul(x), atol: 1e-6f)}");
using (Tensor.NoGrad())
{
    query.Weight.ZeroInPlace();
}

Console.WriteLine($"with queries of zero:      {byLoops.AllClose(Attention().MatMul(x), atol: 1e-6f)}");

new Panels(
[
    Map(weights, "the mean, in every row"),
    Map(attention[0], "attention in row 0"),
    Map(attention[1], "attention in row 1"),
], columns: 3).Save(Path.Combine(figures, "averaging.svg"));

Tensor Attention() => query.Forward(x).MatMul(key.Forward(x).Transpose(1, 2))
    .MaskedFill(lower.Equal(Tensor.Scalar(0)), float.NegativeInfinity).Softmax(2);

static HeatMap Map(Tensor weights, string title) =>
    new(time, time, (row, column) => weights[row, column].Item(), title)
    {
        CellText = (row, column) => column > row ? "" : $"{weights[row, column].Item():F2}",
        RowLabels = [.. Enumerable.Range(0, time).Select(t => $"{t}")],
        ColumnLabels = [.. Enumerable.Range(0, time).Select(t => $"{t}")],
        CellSize = 32,
    };
