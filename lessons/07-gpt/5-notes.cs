#:project ../../src/Nabla/Nabla.csproj
#:property PublishAot=false

// What attention can see and what it cannot: each of the lecture's notes as an experiment with one head and random numbers.

using Nabla;
using Nabla.Nn;

const int batch = 4, time = 8, width = 32;
RandomGenerator random = new(1337);
Linear key = new(width, 16, bias: false, random);
Linear query = new(width, 16, bias: false, random);
Linear value = new(width, 16, bias: false, random);
Tensor x = Tensor.Randn(random, batch, time, width);
using var _ = Tensor.NoGrad();

// 1. It is talk along the arrows of a graph. Which arrows there are is the mask's affair.
Console.WriteLine($"arrows between 8 places: {Count(Weights(x, x, masked: true)[0])} with the mask, {Count(Weights(x, x, masked: false)[0])} without");

// 2. It knows of no order. Places in another order give the results in that order, and nothing else.
int[] order = [3, 1, 7, 0, 2, 6, 5, 4];
Tensor Reordered(Tensor t) => t.IndexSelect(1, IndexTensor.From(order));
Console.WriteLine();
Console.WriteLine("places reordered, so are the results and nothing more:");
Console.WriteLine($"  as it is            {Reordered(Attend(x, x, false)).AllClose(Attend(Reordered(x), Reordered(x), false), atol: 1e-5f)}");
Tensor positions = Tensor.Randn(random, time, width);
Tensor placed = x + positions;
Tensor reorderedThenPlaced = Reordered(x) + positions;
Console.WriteLine($"  with positions added {Reordered(Attend(placed, placed, false)).AllClose(Attend(reorderedThenPlaced, reorderedThenPlaced, false), atol: 1e-5f)}");

// 3. Rows of a batch never meet.
Tensor changed = x.Clone();
changed[2].CopyInPlace(Tensor.Randn(random, time, width));
Console.WriteLine();
Console.WriteLine("another row 2: " + string.Join(", ", Enumerable.Range(0, batch).Select(row =>
    $"row {row} {Word(Attend(x, x, true)[row], Attend(changed, changed, true)[row])}")));

// 4. With the mask a place hears of those before it only: a decoder, which can be trained to predict. Without: an encoder.
changed = x.Clone();
changed[.., 5].CopyInPlace(Tensor.Randn(random, batch, width));
Console.WriteLine();
foreach (bool masked in (bool[])[true, false])
{
    Console.WriteLine($"another place 5, {(masked ? "masked:  " : "unmasked:")} " + string.Join(", ", Enumerable.Range(0, time).Select(t =>
        $"{t} {Word(Attend(x, x, masked)[.., t], Attend(changed, changed, masked)[.., t])}")));
}

// 5. Self-attention asks and answers from the same x. In cross-attention keys and values are made of something else.
Tensor source = Tensor.Randn(random, batch, 5, width);
Console.WriteLine();
Console.WriteLine($"8 places ask 5 others: weights {Weights(x, source, masked: false).Shape}, results {Attend(x, source, false).Shape}");

// 6. The scores are divided by the root of the head's size: see program 4.

Tensor Weights(Tensor asking, Tensor asked, bool masked)
{
    Tensor scores = query.Forward(asking).MatMul(key.Forward(asked).Transpose(1, 2)) / MathF.Sqrt(16);
    return (masked ? scores.MaskedFill(Tensor.Ones(time, time).Triu(1), float.NegativeInfinity) : scores).Softmax(2);
}

Tensor Attend(Tensor asking, Tensor asked, bool masked) => Weights(asking, asked, masked).MatMul(value.Forward(asked));

static int Count(Tensor weights) => weights.ToArray().Count(weight => weight > 0);

static string Word(Tensor before, Tensor after) => before.AllClose(after) ? "same" : "changed";
