#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// The whole network on 32 examples, its loss by hand and by CrossEntropy, and three reasons to prefer the second.

using Nabla;

(IndexTensor X, IndexTensor Y) = Examples(["emma", "olivia", "ava", "isabella", "sophia"]);

// 1. The parameters, all drawn from one generator in this order.
RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 2);
Tensor W1 = Tensor.Randn(g, 6, 100);
Tensor b1 = Tensor.Randn(g, 100);
Tensor W2 = Tensor.Randn(g, 100, 27);
Tensor b2 = Tensor.Randn(g, 27);
Tensor[] parameters = [C, W1, b1, W2, b2];
Console.WriteLine($"{parameters.Sum(parameter => parameter.Count)} parameters");

// 2. Forward: look up, hidden layer, output layer.
Tensor emb = C[X];
Tensor h = (emb.View(-1, 6).MatMul(W1) + b1).Tanh();
Tensor logits = h.MatMul(W2) + b2;
Console.WriteLine($"emb {emb.Shape}, h {h.Shape} from {h.Min().Item():F4} to {h.Max().Item():F4}, logits {logits.Shape}");

// 3. The loss by hand, as in lesson 2.
Tensor counts = logits.Exp();
Tensor probabilities = counts / counts.Sum(1, keepDim: true);
Tensor right = probabilities[IndexTensor.Arange(32), Y];
Tensor loss = -right.Log().Mean();
Console.WriteLine($"the right answers got from {right.Min().Item():E1} to {right.Max().Item():F4}");
Console.WriteLine($"loss by hand {loss.Item():F4}, by CrossEntropy {logits.CrossEntropy(Y).Item():F4}");

// 4. First reason: Exp overflows. A float ends at 3.4E38, which is e to the 88.7.
Console.WriteLine();
Show("four logits      ", Tensor.From([-2, -3, 0, 5]));
Show("all 3 less       ", Tensor.From([-2, -3, 0, 5]) - 3);
Show("one is -100      ", Tensor.From([-100, -3, 0, 5]));
Show("one is 100       ", Tensor.From([-2, -3, 0, 100]));
Show("less the largest ", Tensor.From([-2, -3, 0, 100]) - 100);
Tensor large = Tensor.From([-2, -3, 0, 100], 1, 4);
Console.WriteLine($"CrossEntropy with the logit of 100 right: {large.CrossEntropy(IndexTensor.From([3])).Item():F1}, "
    + $"wrong: {large.CrossEntropy(IndexTensor.From([0])).Item():F1}");

// 5. Second reason: the way back is short. The slope of the loss by a logit is its probability, less 1 for the right answer.
logits.RequiresGrad = true;
logits.CrossEntropy(Y).Backward();
Tensor expected = (probabilities - Tensor.OneHot(Y, 27)) / 32;
Console.WriteLine();
bool same = logits.Grad!.AllClose(expected, 1e-5f, 1e-7f);
Console.WriteLine($"gradient of the logits = (probabilities - one-hot) / 32: {same}");
Console.WriteLine($"each row of it sums to 0: {logits.Grad!.Sum(1).Abs().Max().Item() < 1e-7f}");

static void Show(string what, Tensor logits)
{
    Tensor counts = logits.Exp();
    Tensor probabilities = counts / counts.Sum();
    Console.WriteLine($"{what} counts {Text(counts, "G3"),-30} probabilities {Text(probabilities, "F4")}");
}

static string Text(Tensor values, string format)
    => string.Join(", ", values.ToArray().Select(value => value.ToString(format)));

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
