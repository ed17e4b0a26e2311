#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// Ten numbers for each letter, 200 hidden neurons, 200,000 steps. Then the model writes names.

using Nabla;
using Nabla.Language.Data;

const string characters = ".abcdefghijklmnopqrstuvwxyz";
bool quick = args.Contains("--quick");
string format = quick ? "F1" : "F3";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
HashSet<string> known = [.. words];
new PythonRandom(42).Shuffle(words.AsSpan());
int n1 = words.Length * 8 / 10;
int n2 = words.Length * 9 / 10;
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..n1]);
(IndexTensor Xdev, IndexTensor Ydev) = Examples(words[n1..n2]);
(IndexTensor Xte, IndexTensor Yte) = Examples(words[n2..]);

RandomGenerator g = new(2147483647);
Tensor C = Tensor.Randn(g, 27, 10);
Tensor W1 = Tensor.Randn(g, 30, 200);
Tensor b1 = Tensor.Randn(g, 200);
Tensor W2 = Tensor.Randn(g, 200, 27);
Tensor b2 = Tensor.Randn(g, 27);
Tensor[] parameters = [C, W1, b1, W2, b2];
foreach (Tensor parameter in parameters)
{
    parameter.RequiresGrad = true;
}

Console.WriteLine($"{parameters.Sum(parameter => parameter.Count)} parameters");

// 1. Half of the steps at 0.1, half at 0.01.
string[] before = Sample(4);
Console.WriteLine($"untrained: train {Loss(Xtr, Ytr):F1}, dev {Loss(Xdev, Ydev):F1}");
int half = quick ? 20 : 100_000;
foreach (float rate in (float[])[0.1f, 0.01f])
{
    Train(half, rate);
    Console.WriteLine($"{half} steps at {rate,-4}: train {Loss(Xtr, Ytr).ToString(format)}, "
        + $"dev {Loss(Xdev, Ydev).ToString(format)}");
}

// 2. The test names are looked at once, at the end.
Console.WriteLine($"test {Loss(Xte, Yte).ToString(format)}");

// 3. Write: start with dots, draw a character, move the context on by it, until the dot is drawn.
string[] names = Sample(quick ? 10 : 1000);
Console.WriteLine();
Console.WriteLine("untrained: " + string.Join(' ', before.Select(name => name.Length > 20 ? name[..20] + "..." : name)));
Console.WriteLine("trained:");
foreach (string[] line in names.Take(20).Chunk(5))
{
    Console.WriteLine(string.Join(' ', line));
}

if (!quick)
{
    Console.WriteLine();
    Console.WriteLine($"of 1000 names {names.Count(known.Contains)} are in the list");
}

string[] Sample(int count)
{
    using var _ = Tensor.NoGrad();
    RandomGenerator random = new(2147483657);
    string[] names = new string[count];
    for (int i = 0; i < count; i++)
    {
        int[] context = [0, 0, 0];
        List<char> name = [];
        while (true)
        {
            Tensor probabilities = Logits(IndexTensor.From(context, 1, 3)).Softmax(1);
            int next = probabilities.Multinomial(1, random, replacement: true).Item();
            if (next == 0)
            {
                break;
            }

            name.Add(characters[next]);
            context = [.. context[1..], next];
        }

        names[i] = string.Concat(name);
    }

    return names;
}

void Train(int steps, float rate)
{
    for (int step = 0; step < steps; step++)
    {
        using MemoryScope scope = MemoryScope.Begin();
        IndexTensor ix = IndexTensor.Randint(g, 0, Ytr.Count, 32);
        Tensor loss = Logits(Xtr[ix]).CrossEntropy(Ytr[ix]);
        foreach (Tensor parameter in parameters)
        {
            parameter.ZeroGrad();
        }

        loss.Backward();
        using (Tensor.NoGrad())
        {
            foreach (Tensor parameter in parameters)
            {
                parameter.SubInPlace(rate * parameter.Grad!);
            }
        }
    }
}

Tensor Logits(IndexTensor contexts)
{
    Tensor h = (C[contexts].View(-1, 30).MatMul(W1) + b1).Tanh();
    return h.MatMul(W2) + b2;
}

float Loss(IndexTensor X, IndexTensor Y)
{
    using MemoryScope scope = MemoryScope.Begin();
    using var _ = Tensor.NoGrad();
    return Logits(X).CrossEntropy(Y).Item();
}

static (IndexTensor X, IndexTensor Y) Examples(IEnumerable<string> words)
{
    List<int> contexts = [];
    List<int> labels = [];
    foreach (string word in words)
    {
        int[] context = [0, 0, 0];
        foreach (char character in word + ".")
        {
            int label = characters.IndexOf(character);
            contexts.AddRange(context);
            labels.Add(label);
            context = [.. context[1..], label];
        }
    }

    return (IndexTensor.From([.. contexts], labels.Count, 3), IndexTensor.From([.. labels]));
}
