#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The same model as a network with one layer, on the five pairs of one name: forward, loss, gradient, step.

using Nabla;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";

// 1. The training examples: at x, the answer is y.
IndexTensor xs = IndexTensor.From([0, 5, 13, 13, 1]);
IndexTensor ys = IndexTensor.From([5, 13, 13, 1, 0]);
Console.WriteLine($"xs = {xs}");
Console.WriteLine($"ys = {ys}");

// 2. A number of a character is a name, not an amount: m is not 13 times a. So each becomes 27 inputs of which one is on.
Tensor encoded = Tensor.OneHot(xs, 27);
Console.WriteLine($"one-hot {encoded.Shape}; without the 27 it would be guessed, and wrong: {Tensor.OneHot(xs).Shape}");

// 3. 27 neurons with 27 weights each, no bias, no nonlinearity.
Tensor W = Tensor.Randn(new RandomGenerator(2147483647), 27, 27);
W.RequiresGrad = true;
Tensor logits = encoded.MatMul(W);
Tensor counts = logits.Exp();
Tensor probabilities = counts / counts.Sum(1, keepDim: true);
Console.WriteLine($"logits {logits.Shape}; [3, 13] is the dot product of example 3 with neuron 13: "
    + $"{logits[3, 13].Item():F4} and {(encoded[3] * W[.., 13]).Sum().Item():F4}");
Console.WriteLine($"the first row of logits begins {Text(logits[0, ..4])},");
Console.WriteLine($"           exponentiated      {Text(counts[0, ..4])},");
Console.WriteLine($"           over their sum     {Text(probabilities[0, ..4])};");
Console.WriteLine($"all 27 probabilities of the row sum to {probabilities[0].Sum().Item():F4}");

new Panels(
[
    Rows(encoded, "one-hot", diverging: false),
    Rows(logits, "logits = one-hot times W", diverging: true),
    Rows(counts, "counts = exp(logits)", diverging: false),
    Rows(probabilities, "probabilities = counts / sum of the row", diverging: false),
], columns: 1).Save(Path.Combine(figures, "forward.svg"));

// 4. The loss, pair by pair, and in one line.
Console.WriteLine();
for (int i = 0; i < 5; i++)
{
    float probability = probabilities[i, ys[i].Item()].Item();
    string pair = $"{characters[xs[i].Item()]}{characters[ys[i].Item()]}";
    Console.WriteLine($"{pair}: {probability:F4}, costs {-MathF.Log(probability):F4}");
}

Tensor loss = -probabilities[IndexTensor.Arange(5), ys].Log().Mean();
Console.WriteLine($"mean {loss.Item():F4}");

// 5. Other weights are better or worse. To try one after another is no way to get on.
Console.WriteLine();
foreach (ulong seed in (ulong[])[2147483648, 2147483649, 2147483650])
{
    Console.WriteLine($"seed {seed}: {Loss(Tensor.Randn(new RandomGenerator(seed), 27, 27)).Item():F4}");
}

// 6. The gradient says for each of the 729 weights which way the loss grows. Go the other way.
Console.WriteLine();
for (int step = 0; step <= 10; step++)
{
    loss = Loss(W);
    Console.WriteLine($"after {step,2} steps {loss.Item():F4}");
    W.ZeroGrad();
    loss.Backward();
    using (Tensor.NoGrad())
    {
        W.SubInPlace(0.1f * W.Grad!);
    }
}

float rowOfB = W.Grad![2].Abs().Sum().Item();
Console.WriteLine($"the gradient is {W.Grad.Shape}, as W is; in the row of b, which is in no example, it sums to {rowOfB}");

Tensor Loss(Tensor weights)
{
    Tensor counts = Tensor.OneHot(xs, 27).MatMul(weights).Exp();
    Tensor probabilities = counts / counts.Sum(1, keepDim: true);
    return -probabilities[IndexTensor.Arange(5), ys].Log().Mean();
}

static string Text(Tensor values) => string.Join(", ", values.ToArray().Select(value => $"{value:F4}"));

static HeatMap Rows(Tensor values, string title, bool diverging) =>
    new(5, 27, (row, column) => values[row, column].Item(), title)
    {
        RowLabels = [.. ".emma".Select(character => $"{character}")],
        ColumnLabels = [.. characters.Select(character => $"{character}")],
        Diverging = diverging,
        CellSize = 22,
    };
