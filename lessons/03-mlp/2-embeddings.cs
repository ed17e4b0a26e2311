#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A table that gives each character a few numbers, how to look something up in it, and how three look-ups become one row.

using Nabla;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
(IndexTensor X, IndexTensor Y) = Examples(["emma", "olivia", "ava", "isabella", "sophia"]);

// 1. The table C: 27 characters, two numbers each. They are parameters, so they begin at random.
Tensor C = Tensor.Randn(new RandomGenerator(2147483647), 27, 2);
Console.WriteLine($"C {C.Shape}, X {X.Shape}, Y {Y.Shape}");
Console.WriteLine($"C[5] = {C[5]}");
Console.WriteLine($"one-hot times C = {Tensor.OneHot(IndexTensor.Scalar(5), 27).MatMul(C)}");

// 2. Look up several at once. The result has the shape of the numbers, with the two numbers of each behind it.
Console.WriteLine();
IndexTensor list = IndexTensor.From([5, 6, 7, 7, 7]);
Console.WriteLine($"C[{list}] =");
Console.WriteLine(C[list]);
Tensor emb = C[X];
Console.WriteLine($"C[X] {emb.Shape}; X[13, 2] is {X[13, 2].Item()}, emb[13, 2] is {emb[13, 2]}, C[1] is {C[1]}");

// 3. The hidden layer wants the six numbers of an example side by side.
Console.WriteLine();
Tensor W1 = Tensor.Randn(new RandomGenerator(1), 6, 100);
try
{
    emb.MatMul(W1);
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

Tensor joined = Tensor.Cat([emb[.., 0, ..], emb[.., 1, ..], emb[.., 2, ..]], dim: 1);
Tensor unbound = Tensor.Cat(emb.Unbind(1), dim: 1);                   // the same for any number of characters
Tensor viewed = emb.View(-1, 6);                                      // -1: as many rows as there are, 32
Console.WriteLine($"joined {joined.Shape}, unbound and joined {unbound.Shape}, viewed {viewed.Shape}");
Console.WriteLine($"of {viewed.Count} numbers {joined.Equal(viewed).Sum().Item()} and "
    + $"{unbound.Equal(viewed).Sum().Item()} are equal");

// 4. Why a view does it: a tensor is a run of numbers in memory, and a note how to read it.
Console.WriteLine();
Tensor numbers = Tensor.Arange(18);
Tensor[] readings =
    [numbers, numbers.View(2, 9), numbers.View(9, 2), numbers.View(3, 3, 2), numbers.View(9, 2).Transpose(0, 1)];
foreach (Tensor reading in readings)
{
    int[] strides = [.. Enumerable.Range(0, reading.Rank).Select(reading.Stride)];
    Console.WriteLine($"shape {reading.Shape,-9} strides [{string.Join(", ", strides)}]");
}

Tensor part = numbers.View(9, 2)[4.., 1];
Console.WriteLine($"View(9, 2)[4.., 1]: shape {part.Shape}, strides [{part.Stride(0)}], offset {part.StorageOffset}: {part}");

// 5. One memory: who writes into a view writes into all of them. A concatenation has a memory of its own.
Tensor copy = Tensor.Cat([numbers[..9], numbers[9..]]);
numbers.View(3, 3, 2)[1, 2, 1] = Tensor.Scalar(-1);
Console.WriteLine($"after one write: {numbers[11].Item()} in the tensor, {readings[1][1, 2].Item()} and "
    + $"{readings[2][5, 1].Item()} in its views, {copy[11].Item()} in the copy");

numbers[11] = Tensor.Scalar(11);
new Panels(
[
    Cells(numbers.View(1, 18), "the memory"),
    Cells(numbers.View(2, 9), "View(2, 9): strides 9, 1"),
    Cells(numbers.View(9, 2).Transpose(0, 1), "View(9, 2).Transpose(0, 1): strides 1, 2"),
], columns: 1).Save(Path.Combine(figures, "views.svg"));

static HeatMap Cells(Tensor values, string title) =>
    new(values.Shape[0], values.Shape[1], (row, column) => values[row, column].Item(), title)
    {
        CellText = (row, column) => $"{values[row, column].Item()}",
        CellSize = 32,
    };

static (IndexTensor X, IndexTensor Y) Examples(IEnumerable<string> words)
{
    List<int> contexts = [];
    List<int> labels = [];
    foreach (string word in words)
    {
        int[] context = [0, 0, 0];
        foreach (char character in word + ".")
        {
            int label = ".abcdefghijklmnopqrstuvwxyz".IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
