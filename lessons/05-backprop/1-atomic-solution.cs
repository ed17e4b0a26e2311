#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// Exercise 1, solved: the gradient of every tensor between the loss and the parameters, one line for each.

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

// 5. By hand, from the loss back to the table of embeddings. dx is how the loss changes with x, and has the shape of x.

// 1: the loss is -1/n times the sum of 32 elements of logprobs. The others take no part in it.
Tensor dlogprobs = Tensor.ZerosLike(logprobs);
for (int i = 0; i < n; i++)
{
    dlogprobs[i, y[i].Item()] = Tensor.Scalar(-1f / n);
}

Check(nameof(logprobs), dlogprobs, logprobs);

// 2: the slope of the logarithm is 1/p.
Tensor dprobs = probs.Pow(-1) * dlogprobs;
Check(nameof(probs), dprobs, probs);

// 3: probs = counts * countsSumInv, where the column countsSumInv is replicated 27 times.
Tensor dcountsSumInv = (counts * dprobs).Sum(1, keepDim: true);
Check(nameof(countsSumInv), dcountsSumInv, countsSumInv);

// 4: the other factor of the same product. Not to be checked yet: counts is used once more.
Tensor dcounts = countsSumInv * dprobs;

// 5: the slope of 1/s is -1/s².
Tensor dcountsSum = -countsSum.Pow(-2) * dcountsSumInv;
Check(nameof(countsSum), dcountsSum, countsSum);

// 6: the second use of counts, a sum along each row.
dcounts += Tensor.OnesLike(counts) * dcountsSum;
Check(nameof(counts), dcounts, counts);

// 7: the slope of exp is exp itself, and that is there already.
Tensor dnormLogits = counts * dcounts;
Check(nameof(normLogits), dnormLogits, normLogits);

// 8: the left side of a difference.
Tensor dlogits = dnormLogits.Clone();

// 9: the right side of it, a column that was replicated 27 times.
Tensor dlogitMaxes = (-dnormLogits).Sum(1, keepDim: true);
Check(nameof(logitMaxes), dlogitMaxes, logitMaxes);

// 10: the second use of logits. The maximum was read at one place of each row, and only that place is to be told.
dlogits += Tensor.OneHot(argMax.View(n), 27) * dlogitMaxes;
Check(nameof(logits), dlogits, logits);

// 11 to 13: a linear layer, logits = h W2 + b2.
Tensor dh = dlogits.MatMul(W2.Transpose(0, 1));
Tensor dW2 = h.Transpose(0, 1).MatMul(dlogits);
Tensor db2 = dlogits.Sum(0);
Check(nameof(h), dh, h);
Check(nameof(W2), dW2, W2);
Check(nameof(b2), db2, b2);

// 14: the slope of tanh is 1 - tanh², and the tanh is there already.
Tensor dhpreact = (1 - h.Pow(2)) * dh;
Check(nameof(hpreact), dhpreact, hpreact);

// 15 to 17: hpreact = bngain * bnraw + bnbias; gain and bias are rows that were replicated 32 times.
Tensor dbngain = (bnraw * dhpreact).Sum(0, keepDim: true);
Tensor dbnraw = bngain * dhpreact;
Tensor dbnbias = dhpreact.Sum(0, keepDim: true);
Check(nameof(bngain), dbngain, bngain);
Check(nameof(bnraw), dbnraw, bnraw);
Check(nameof(bnbias), dbnbias, bnbias);

// 18 and 19: bnraw = bndiff * bnvarInv. The first is not complete: bndiff is used once more.
Tensor dbndiff = bnvarInv * dbnraw;
Tensor dbnvarInv = (bndiff * dbnraw).Sum(0, keepDim: true);
Console.WriteLine($"{GradientComparison.Compare("bndiff so far", dbndiff, bndiff)} | one of its two uses");
Check(nameof(bnvarInv), dbnvarInv, bnvarInv);

// 20: a power, v^-0.5.
Tensor dbnvar = -0.5f * (bnvar + 1e-5f).Pow(-1.5f) * dbnvarInv;
Check(nameof(bnvar), dbnvar, bnvar);

// 21: a sum over 32 rows, times 1/31.
Tensor dbndiff2 = (1f / (n - 1)) * Tensor.OnesLike(bndiff2) * dbnvar;
Check(nameof(bndiff2), dbndiff2, bndiff2);

// 22: the second use of bndiff, a square.
dbndiff += 2 * bndiff * dbndiff2;
Check(nameof(bndiff), dbndiff, bndiff);

// 23 to 25: bndiff = hprebn - bnmean, and bnmean was computed from hprebn: two uses again.
Tensor dhprebn = dbndiff.Clone();
Tensor dbnmean = (-dbndiff).Sum(0, keepDim: true);
dhprebn += (1f / n) * Tensor.OnesLike(hprebn) * dbnmean;
Check(nameof(bnmean), dbnmean, bnmean);
Check(nameof(hprebn), dhprebn, hprebn);

// 26 to 28: a linear layer, hprebn = embcat W1 + b1.
Tensor dembcat = dhprebn.MatMul(W1.Transpose(0, 1));
Tensor dW1 = embcat.Transpose(0, 1).MatMul(dhprebn);
Tensor db1 = dhprebn.Sum(0);
Check(nameof(embcat), dembcat, embcat);
Check(nameof(W1), dW1, W1);
Check(nameof(b1), db1, b1);

// 29: a view only says how the same numbers are arranged.
Tensor demb = dembcat.View(32, 3, 10);
Check(nameof(emb), demb, emb);

// 30: each of the 96 places took a row of C. A row that was taken more than once gets the sum.
Tensor dC = Tensor.ZerosLike(C);
for (int k = 0; k < n; k++)
{
    for (int j = 0; j < 3; j++)
    {
        dC[x[k, j].Item()].AddInPlace(demb[k, j]);
    }
}

Check(nameof(C), dC, C);
Console.WriteLine($"{right} of {all} right");

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
