#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A whole name in one go: the tree, slid over the name, is a stack of dilated causal convolutions.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
const string characters = ".abcdefghijklmnopqrstuvwxyz";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
new PythonRandom(42).Shuffle(words.AsSpan());
(IndexTensor Xtr, IndexTensor Ytr) = Examples(words[..(words.Length * 8 / 10)], contextLength: 8);

// 1. A tree, trained a little, so that its numbers are not those that it began with.
RandomGenerator random = new(42);
Embedding embedding = new(27, 10, random);
Linear first = new(20, 68, bias: false, random);
Linear second = new(136, 68, bias: false, random);
Linear third = new(136, 68, bias: false, random);
BatchNorm1d firstNorm = new(68), secondNorm = new(68), thirdNorm = new(68);
Linear output = new(68, 27, random: random);
Sequential tree = new(
    new FlattenConsecutive(2), first, firstNorm, new Tanh(),
    new FlattenConsecutive(2), second, secondNorm, new Tanh(),
    new FlattenConsecutive(2), third, thirdNorm, new Tanh(),
    output);
Sgd sgd = new([.. embedding.Parameters(), .. tree.Parameters()], learningRate: 0.1f);
for (int step = 0; step < 300; step++)
{
    using MemoryScope scope = MemoryScope.Begin();
    IndexTensor ix = IndexTensor.Randint(random, 0, Ytr.Count, 32);
    Tensor loss = tree.Forward(embedding.Forward(Xtr[ix])).CrossEntropy(Ytr[ix]);
    sgd.ZeroGrad();
    loss.Backward();
    sgd.Step();
}

tree.Eval();

// 2. One name is eight examples. The loop: the tree eight times.
(IndexTensor X, IndexTensor Y) = Examples(["diondre"], contextLength: 8);
Tensor[] loop = new Tensor[8];
for (int i = 0; i < 8; i++)
{
    loop[i] = tree.Forward(embedding.Forward(X[i..(i + 1)]))[0];
    Console.WriteLine($"{Spell(X[i])} > {characters[Y[i].Item()]}  {loop[i].Shape}");
}

// 3. The name once, with the dots that stand before it.
int[] ids = [.. "........diondre".Select(character => characters.IndexOf(character))];
Tensor row = embedding.Forward(IndexTensor.From(ids, 1, ids.Length));
Console.WriteLine();
Console.WriteLine($"the name with its dots {row.Shape}");

// 4. Plainly: a layer joins the place t with the place t - d; d is 1, then 2, then 4. The first d places have no partner.
Tensor x = row;
(Linear, BatchNorm1d, int)[] joins = [(first, firstNorm, 1), (second, secondNorm, 2), (third, thirdNorm, 4)];
foreach ((Linear product, BatchNorm1d norm, int distance) in joins)
{
    Tensor earlier = x[.., ..^distance];
    Tensor later = x[.., distance..];
    x = norm.Forward(product.Forward(Tensor.Cat([earlier, later], dim: 2))).Tanh();
    Console.WriteLine($"joined over a distance of {distance}: {x.Shape}");
}

Tensor plain = output.Forward(x)[0];
Console.WriteLine($"logits {plain.Shape}, as the loop's: {plain.AllClose(Tensor.Stack(loop), atol: 1e-4f)}");

// 5. The same layer from the library, which puts zeros before the start. Its weight is [out, in, taps], that of the tree
// [out, taps x in].
Sequential convolutions = new(
    Convolution(first, 1), firstNorm, new Tanh(),
    Convolution(second, 2), secondNorm, new Tanh(),
    Convolution(third, 4), thirdNorm, new Tanh(),
    output);
convolutions.Eval();
Tensor all = convolutions.Forward(row)[0];
Console.WriteLine($"by CausalConv1d {all.Shape}; its last eight as the loop's: {all[^8..].AllClose(Tensor.Stack(loop), atol: 1e-4f)}");

// 6. What is saved: neurons are shared by neighbouring trees.
Console.WriteLine();
Console.WriteLine($"places computed by the loop: 8 x (4 + 2 + 1) = {8 * (4 + 2 + 1)}, in one go: 14 + 12 + 8 = {14 + 12 + 8}");
int length = 1000;
Console.WriteLine($"for a text of {length} characters: {length * (4 + 2 + 1)} and {(length + 6) + (length + 4) + length}");

// 7. The figure: all neurons, and the tree of the last place.
Chart chart = new("All places of a name at once", 720, 360)
{
    X = { Minimum = 0.3, Maximum = 15.7, Label = "place" },
    Y = { Minimum = -0.4, Maximum = 3.7, Label = "layer" },
};
List<double> x1 = [], y1 = [], x2 = [], y2 = [];
for (int level = 0; level < 3; level++)
{
    int distance = 1 << level;
    for (int place = 2 * distance; place <= 15; place++)
    {
        foreach (int from in (int[])[place, place - distance])
        {
            bool last = (15 - place) % (2 * distance) == 0 && 15 - place < 8;
            (last ? x2 : x1).AddRange([from, place, double.NaN]);                       // NaN lifts the pen
            (last ? y2 : y1).AddRange([level, level + 1, double.NaN]);
        }
    }
}

chart.Line(x1, y1, name: "shared with other places");
chart.Line(x2, y2, name: "the tree of the last place");
string[] labels = [.. "........diondre.".Select(character => $"{character}")];
chart.Scatter(Enumerable.Range(1, 15), Enumerable.Repeat(0, 15), labels: labels[..15], size: 10);
chart.Scatter(Enumerable.Range(8, 8), Enumerable.Repeat(3, 8), labels: labels[8..], size: 10);
chart.Save(Path.Combine(figures, "convolution.svg"));

CausalConv1d Convolution(Linear product, int dilation)
{
    int inputs = product.Weight.Shape[1] / 2;
    CausalConv1d convolution = new(inputs, 68, kernelSize: 2, dilation, bias: false);
    using var _ = Tensor.NoGrad();
    convolution.Weight.CopyInPlace(product.Weight.View(68, 2, inputs).Transpose(1, 2));
    return convolution;
}

static string Spell(IndexTensor context) => string.Concat(context.ToArray().Select(id => characters[id]));

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
