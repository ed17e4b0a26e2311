#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The bigram table of lesson 2 on this text: what a language model is measured and sampled by, before it knows anything of attention.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("shakespeare")!);
char[] characters = [.. text.Distinct().Order()];
int[] data = [.. text.Select(character => Array.IndexOf(characters, character))];
int[] training = data[..(int)(0.9 * data.Length)];
const int context = 8;

// 1. The model is a table: the row of a character holds the logits of the next one.
var (x, y) = Batch(4, new RandomGenerator(1337));
RandomGenerator random = new(1337);
Embedding table = new(characters.Length, characters.Length, random);
Tensor logits = table.Forward(x);
Console.WriteLine($"{table.ParameterCount} parameters; ids {x.Shape} give logits {logits.Shape}");

// 2. The loss: the mean over all 32 places. A model that finds all 65 characters alike has ln 65.
Console.WriteLine($"loss {logits.CrossEntropy(y).Item():F4}, of a guess {Math.Log(characters.Length):F4}");

// 3. A hundred characters of it, from a line break.
Console.WriteLine();
Console.WriteLine(Generate(100));

// 4. Training.
AdamW optimizer = new(table.Parameters(), learningRate: 1e-3f);
List<float> losses = [];
for (int step = 0; step < 10_000; step++)
{
    using MemoryScope scope = MemoryScope.Begin();
    (x, y) = Batch(32, random);
    Tensor loss = table.Forward(x).CrossEntropy(y);
    table.ZeroGrad();
    loss.Backward();
    optimizer.Step();
    losses.Add(loss.Item());
}

Console.WriteLine();
foreach (int step in (int[])[0, 99, 999, 2999, 9999])
{
    Console.WriteLine($"batch {step + 1,5}: {losses[step]:F2}");
}

Console.WriteLine($"mean of the last 1000: {losses[^1000..].Average():F2}");
Console.WriteLine();
Console.WriteLine(Generate(300));

Chart chart = new("The loss of the bigram table") { X = { Label = "step" }, Y = { Label = "loss", Minimum = 2 } };
chart.Line(Enumerable.Range(0, 100).Select(i => 100 * i), losses.Chunk(100).Select(some => some[0]), name: "one batch");
chart.Line(Enumerable.Range(0, 100).Select(i => (100 * i) + 50), losses.Chunk(100).Select(some => some.Average()), name: "mean of 100");
chart.HorizontalLine(Math.Log(characters.Length), "a guess");
chart.Save(Path.Combine(figures, "bigram.svg"));

(IndexTensor X, IndexTensor Y) Batch(int size, RandomGenerator random)
{
    int[] starts = IndexTensor.Randint(random, 0, training.Length - context, size).ToArray();
    IndexTensor Windows(int shift) =>
        IndexTensor.From([.. starts.SelectMany(start => training[(start + shift)..(start + shift + context)])], size, context);
    return (Windows(0), Windows(1));
}

// Ask for the logits of the last place, make probabilities of them, draw, append, again.
string Generate(int count)
{
    using var _ = Tensor.NoGrad();
    IndexTensor ids = IndexTensor.Zeros(1, 1);
    for (int i = 0; i < count; i++)
    {
        Tensor last = table.Forward(ids)[.., ^1];
        IndexTensor next = last.Softmax(1).Multinomial(1, random);
        ids = IndexTensor.Cat([ids, next], dim: 1);
    }

    return string.Concat(ids.ToArray().Select(id => characters[id])).Trim();
}
