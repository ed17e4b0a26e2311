#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// The network of the last lessons, taken apart into modules: the same numbers, and code that no longer knows the shapes.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;

const string characters = ".abcdefghijklmnopqrstuvwxyz";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor X, IndexTensor Y) = Examples(words[..(words.Length * 8 / 10)], contextLength: 3);
Console.WriteLine($"{Y.Count} examples, contexts {X.Shape}");

// 1. The parts. Each makes its own parameters, and draws them from the generator that it is given.
RandomGenerator random = new(42);
Embedding embedding = new(27, 10, random);
Linear hidden = new(30, 200, bias: false, random);         // no bias: batch norm would take it away again
BatchNorm1d norm = new(200);
Linear output = new(200, 27, random: random);
using (Tensor.NoGrad())
{
    output.Weight.MulInPlace(0.1f);                        // to begin with, all characters about equally likely
}

// 2. The chain. What goes in comes out as logits.
Sequential layers = new(new Flatten(), hidden, norm, new Tanh(), output);
Console.WriteLine(embedding);
Console.WriteLine(layers);

// 3. The same by hand, as in the lessons before.
IndexTensor x = X[..32];
IndexTensor y = Y[..32];
Tensor concatenated = embedding.Weight[x].View(32, 30);
Tensor before = concatenated.MatMul(hidden.Weight.Transpose(0, 1));
Tensor mean = before.Mean(0, keepDim: true);
Tensor variance = before.Var(0, unbiased: false, keepDim: true);
Tensor h = (((before - mean) / (variance + 1e-5f).Sqrt() * norm.Weight!) + norm.Bias!).Tanh();
Tensor byHand = h.MatMul(output.Weight.Transpose(0, 1)) + output.Bias!;

Tensor logits = layers.Forward(embedding.Forward(x));
Console.WriteLine();
Console.WriteLine($"logits {logits.Shape}, by hand {byHand.Shape}; equal: {byHand.AllClose(logits, atol: 1e-5f)}");
Console.WriteLine($"loss {logits.CrossEntropy(y).Item():F2}, ln 27 is {Math.Log(27):F2}");

// 4. What the chain knows about itself.
Console.WriteLine();
long sum = embedding.ParameterCount + layers.ParameterCount;
Console.WriteLine($"{embedding.ParameterCount} + {layers.ParameterCount} = {sum} parameters");
foreach ((string name, Tensor parameter) in layers.NamedParameters())
{
    Console.WriteLine($"  {name,-9} {parameter.Shape}");
}

layers.Eval();
Console.WriteLine($"after layers.Eval() the batch norm is in {(norm.IsTraining ? "training" : "evaluation")} mode");

// 5. Flatten copies nothing: it reads the same numbers as rows of another length.
Console.WriteLine();
Tensor ten = Tensor.Arange(10);
Console.WriteLine(ten.View(2, 5));
Console.WriteLine($"View(5, 2) is {ten.View(5, 2).Shape}, View(-1, 5) is {ten.View(-1, 5).Shape}");
Tensor flat = ten.View(5, 2);
ten.FillInPlace(7);
Console.WriteLine($"after filling the ten with 7, their view holds {flat[4, 1].Item()}");
try
{
    ten.View(3, -1);
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

static (IndexTensor X, IndexTensor Y) Examples(IEnumerable<string> words, int contextLength)
{
    List<int> contexts = [];
    List<int> labels = [];
    foreach (string word in words)
    {
        int[] context = new int[contextLength];
        foreach (char character in word + ".")
        {
            int label = characters.IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, contextLength), IndexTensor.From([.. labels]));
}
