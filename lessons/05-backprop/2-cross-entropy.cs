#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// Exercise 2: from the loss back to the logits in one formula. One hole is left for you. Take a sheet of paper first: write down
// the loss of one example as a formula of its 27 logits, and differentiate it by one of them.

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

// 3. Forward. All that comes after the logits can be one call. The judge goes through the pieces.
Tensor hprebn = C[x].View(n, 30).MatMul(W1) + b1;
Tensor bnraw = (hprebn - hprebn.Mean(0, keepDim: true)) * (hprebn.Var(0, keepDim: true) + 1e-5f).Pow(-0.5f);
Tensor h = ((bngain * bnraw) + bnbias).Tanh();
Tensor logits = (h.MatMul(W2) + b2).RetainGrad();                       // [32, 27]
Tensor counts = logits.Exp();
Tensor probs = counts * counts.Sum(1, keepDim: true).Pow(-1);
Tensor loss = -probs.Log()[IndexTensor.Arange(n), y].Mean();
Console.WriteLine($"loss in pieces {loss.Item():F4}, in one call {logits.CrossEntropy(y).Item():F4}");

// 4. The judge.
loss.Backward();
using var noGrad = Tensor.NoGrad();

// 5. By hand. Hole 1: of logits and y alone, in three lines. First for one example: the derivative by the logit of a wrong answer,
// and by that of the right one. Then: the loss is a mean over 32 of them. (logits.Softmax(1) is yours to use; an element is changed
// in place by dlogits[i, y[i].Item()].SubInPlace(...).)
Tensor dlogits = Hole(logits);
Check("logits", dlogits, logits);

// Every row of a right one sums to 0. Why?
Console.WriteLine($"sum of the first row {dlogits[0].Sum().Item():F4}");

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
