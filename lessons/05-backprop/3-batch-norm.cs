#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// Exercise 3: back through batch norm in one formula. One hole is left for you. Take a sheet of paper: one column x of n numbers,
// its mean, its variance over n - 1, the normalised column, and y = gain * normalised + bias. dy is known; dx is wanted.

using Nabla;
using Nabla.Autograd;
using Nabla.Language.Data;

// 1. A minibatch: 32 contexts of three characters, and the character that comes next in each.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor contexts, IndexTensor labels) = Examples(words[..(words.Length * 8 / 10)]);

// 2. The parameters. Biases are small random numbers and gains are not 1, so that no zero and no one hides a mistake.
RandomGenerator random = new(2147483647);
RandomGenerator other = new(42);
Tensor C = Tensor.Randn(random, 27, 10);
Tensor W1 = Tensor.Randn(random, 30, 64) * (5 / 3f / MathF.Sqrt(30));
Tensor b1 = Tensor.Randn(random, 64) * 0.1f;
Tensor W2 = Tensor.Randn(random, 64, 27) * 0.1f;
Tensor b2 = Tensor.Randn(random, 27) * 0.1f;
Tensor bngain = (Tensor.Randn(other, 1, 64) * 0.1f) + 1;
Tensor bnbias = Tensor.Randn(other, 1, 64) * 0.1f;
foreach (Tensor parameter in (Tensor[])[C, W1, b1, W2, b2, bngain, bnbias])
{
    parameter.RequiresGrad = true;
}

const int n = 32;
IndexTensor ids = IndexTensor.Randint(random, 0, labels.Count, n);
IndexTensor x = contexts[ids];                                          // [32, 3]
IndexTensor y = labels[ids];                                            // [32]

// 3. Forward. The batch norm is three lines now.
Tensor hprebn = (C[x].View(n, 30).MatMul(W1) + b1).RetainGrad();       // [32, 64]
Tensor bnvarInv = (hprebn.Var(0, keepDim: true) + 1e-5f).Pow(-0.5f);    // [1, 64]
Tensor bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * bnvarInv;     // [32, 64]
Tensor hpreact = ((bngain * bnraw) + bnbias).RetainGrad();              // [32, 64]
Tensor loss = (hpreact.Tanh().MatMul(W2) + b2).CrossEntropy(y);
Console.WriteLine($"loss {loss.Item():F4}");

// 4. The judge. What arrives at the norm, dhpreact, is taken from it this time: the norm alone is the exercise.
loss.Backward();
using var noGrad = Tensor.NoGrad();
Tensor dhpreact = hpreact.Grad!;

// 5. By hand. Hole 1: from dhpreact, bngain, bnvarInv, bnraw and n alone. Work it out for one column, then see which way the sums
// and the rows have to broadcast for 64 columns at once.
Tensor dhprebn = Hole(hprebn);
Check("hprebn", dhprebn, hprebn);

// Two sums are 0 when it is right: of each column, and of each column times its normalised values. Why?
Console.WriteLine($"sum of column 0 {dhprebn[.., 0].Sum().Item():F4}, times bnraw {(dhprebn * bnraw)[.., 0].Sum().Item():F4}");

static Tensor Hole(Tensor like) => Tensor.Full(like.Shape, float.NaN);

void Check(string name, Tensor byHand, Tensor tensor)
{
    var comparison = GradientComparison.Compare(name, byHand, tensor);
    string verdict = comparison.IsApproximate ? "right" : byHand.ToArray().Any(float.IsNaN) ? "not yet" : "wrong";
    Console.WriteLine($"{comparison} | {verdict}");
}

static (IndexTensor Contexts, IndexTensor Labels) Examples(string[] words)
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
            context = [context[1], context[2], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
