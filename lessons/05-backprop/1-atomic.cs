#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// Exercise 1: the gradient of every tensor between the loss and the parameters, one line for each. Thirty holes are left for you.
// Fill them from the top, run, and go on when the line says right: what comes after a wrong gradient is wrong as well.

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

// 3. Forward, in steps so small that the gradient of each can be written down. Each tensor keeps its gradient, to compare.
Tensor emb = C[x].RetainGrad();                                         // [32, 3, 10]
Tensor embcat = emb.View(n, 30).RetainGrad();                           // [32, 30]
Tensor hprebn = (embcat.MatMul(W1) + b1).RetainGrad();                  // [32, 64]

Tensor bnmean = ((1f / n) * hprebn.Sum(0, keepDim: true)).RetainGrad(); // [1, 64]
Tensor bndiff = (hprebn - bnmean).RetainGrad();                         // [32, 64]
Tensor bndiff2 = bndiff.Pow(2).RetainGrad();                            // [32, 64]
Tensor bnvar = ((1f / (n - 1)) * bndiff2.Sum(0, keepDim: true)).RetainGrad(); // [1, 64]
Tensor bnvarInv = (bnvar + 1e-5f).Pow(-0.5f).RetainGrad();              // [1, 64]
Tensor bnraw = (bndiff * bnvarInv).RetainGrad();                        // [32, 64]
Tensor hpreact = ((bngain * bnraw) + bnbias).RetainGrad();              // [32, 64]

Tensor h = hpreact.Tanh().RetainGrad();                                 // [32, 64]
Tensor logits = (h.MatMul(W2) + b2).RetainGrad();                       // [32, 27]

(Tensor logitMaxes, IndexTensor argMax) = logits.Max(1, keepDim: true); // [32, 1] both
logitMaxes.RetainGrad();
Tensor normLogits = (logits - logitMaxes).RetainGrad();                 // [32, 27]
Tensor counts = normLogits.Exp().RetainGrad();                          // [32, 27]
Tensor countsSum = counts.Sum(1, keepDim: true).RetainGrad();           // [32, 1]
Tensor countsSumInv = countsSum.Pow(-1).RetainGrad();                   // [32, 1]
Tensor probs = (counts * countsSumInv).RetainGrad();                    // [32, 27]
Tensor logprobs = probs.Log().RetainGrad();                             // [32, 27]
Tensor loss = -logprobs[IndexTensor.Arange(n), y].Mean();               // a number
Console.WriteLine($"loss {loss.Item():F4}");

// 4. The judge.
loss.Backward();
(int right, int all) = (0, 0);
using var noGrad = Tensor.NoGrad();

// 5. By hand, from the loss back to the table of embeddings. dx is how the loss changes with x, and has the shape of x. A hole is
// a tensor of that shape, full of NaN; put your formula in its place. The tensors of part 3 are yours to use, never their Grad.

// Hole 1: the loss is -1/n times the sum of 32 elements of logprobs. The others take no part in it. (Begin with ZerosLike; an
// element is written as dlogprobs[i, y[i].Item()] = Tensor.Scalar(...).)
Tensor dlogprobs = Hole(logprobs);
Check(nameof(logprobs), dlogprobs, logprobs);

// Hole 2: the slope of the logarithm is 1/p.
Tensor dprobs = Hole(probs);
Check(nameof(probs), dprobs, probs);

// Hole 3: probs = counts * countsSumInv, where the column countsSumInv is replicated 27 times.
Tensor dcountsSumInv = Hole(countsSumInv);
Check(nameof(countsSumInv), dcountsSumInv, countsSumInv);

// Hole 4: the other factor of the same product. Not to be checked yet: counts is used once more.
Tensor dcounts = Hole(counts);

// Hole 5: the slope of 1/s is -1/s².
Tensor dcountsSum = Hole(countsSum);
Check(nameof(countsSum), dcountsSum, countsSum);

// Hole 6: the second use of counts, a sum along each row.
dcounts += Hole(counts);
Check(nameof(counts), dcounts, counts);

// Hole 7: the slope of exp is exp itself, and that is there already.
Tensor dnormLogits = Hole(normLogits);
Check(nameof(normLogits), dnormLogits, normLogits);

// Hole 8: the left side of a difference.
Tensor dlogits = Hole(logits);

// Hole 9: the right side of it, a column that was replicated 27 times.
Tensor dlogitMaxes = Hole(logitMaxes);
Check(nameof(logitMaxes), dlogitMaxes, logitMaxes);

// Hole 10: the second use of logits. The maximum was read at one place of each row, and only that place is to be told.
dlogits += Hole(logits);
Check(nameof(logits), dlogits, logits);

// Holes 11 to 13: a linear layer, logits = h W2 + b2.
Tensor dh = Hole(h);
Tensor dW2 = Hole(W2);
Tensor db2 = Hole(b2);
Check(nameof(h), dh, h);
Check(nameof(W2), dW2, W2);
Check(nameof(b2), db2, b2);

// Hole 14: the slope of tanh is 1 - tanh², and the tanh is there already.
Tensor dhpreact = Hole(hpreact);
Check(nameof(hpreact), dhpreact, hpreact);

// Holes 15 to 17: hpreact = bngain * bnraw + bnbias; gain and bias are rows that were replicated 32 times.
Tensor dbngain = Hole(bngain);
Tensor dbnraw = Hole(bnraw);
Tensor dbnbias = Hole(bnbias);
Check(nameof(bngain), dbngain, bngain);
Check(nameof(bnraw), dbnraw, bnraw);
Check(nameof(bnbias), dbnbias, bnbias);

// Holes 18 and 19: bnraw = bndiff * bnvarInv. The first is not complete: bndiff is used once more.
Tensor dbndiff = Hole(bndiff);
Tensor dbnvarInv = Hole(bnvarInv);
Check(nameof(bnvarInv), dbnvarInv, bnvarInv);

// Hole 20: a power, v^-0.5.
Tensor dbnvar = Hole(bnvar);
Check(nameof(bnvar), dbnvar, bnvar);

// Hole 21: a sum over 32 rows, times 1/31.
Tensor dbndiff2 = Hole(bndiff2);
Check(nameof(bndiff2), dbndiff2, bndiff2);

// Hole 22: the second use of bndiff, a square.
dbndiff += Hole(bndiff);
Check(nameof(bndiff), dbndiff, bndiff);

// Holes 23 to 25: bndiff = hprebn - bnmean, and bnmean was computed from hprebn: two uses again.
Tensor dhprebn = Hole(hprebn);
Tensor dbnmean = Hole(bnmean);
dhprebn += Hole(hprebn);
Check(nameof(bnmean), dbnmean, bnmean);
Check(nameof(hprebn), dhprebn, hprebn);

// Holes 26 to 28: a linear layer, hprebn = embcat W1 + b1.
Tensor dembcat = Hole(embcat);
Tensor dW1 = Hole(W1);
Tensor db1 = Hole(b1);
Check(nameof(embcat), dembcat, embcat);
Check(nameof(W1), dW1, W1);
Check(nameof(b1), db1, b1);

// Hole 29: a view only says how the same numbers are arranged.
Tensor demb = Hole(emb);
Check(nameof(emb), demb, emb);

// Hole 30: each of the 96 places took a row of C. What does a row get that was taken more than once?
// (Begin with ZerosLike; a row is added to by dC[x[k, j].Item()].AddInPlace(...).)
Tensor dC = Hole(C);
Check(nameof(C), dC, C);
Console.WriteLine($"{right} of {all} right");

static Tensor Hole(Tensor like) => Tensor.Full(like.Shape, float.NaN);

void Check(string name, Tensor byHand, Tensor tensor)
{
    var comparison = GradientComparison.Compare(name, byHand, tensor);
    all++;
    right += comparison.IsApproximate ? 1 : 0;
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
