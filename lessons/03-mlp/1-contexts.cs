#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// The examples: three characters, and the one that comes after them. And why a table of counts is no way to use them.

using Nabla;
using Nabla.Language.Data;

const string characters = ".abcdefghijklmnopqrstuvwxyz";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
Console.WriteLine($"{words.Length} names: {string.Join(' ', words[..8])} ...");

// 1. The first five names, example by example. The context starts as dots and moves on by one character each time.
foreach (string word in words[..5])
{
    Console.WriteLine();
    Console.WriteLine(word);
    foreach (var (context, label) in Examples([word], 3))
    {
        Console.WriteLine($"{Text(context)} --> {characters[label]}");
    }
}

// 2. As tensors: X holds the contexts, Y what comes next, all as numbers of characters.
Console.WriteLine();
foreach (int length in (int[])[3, 4, 5, 10])
{
    (IndexTensor X, IndexTensor Y) = Tensors(Examples(words[..5], length));
    string third = $"{Text(X[2].ToArray())} --> {characters[Y[2].Item()]}";
    Console.WriteLine($"context {length,2}: X {X.Shape}, Y {Y.Shape}; the third example is {third}");
}

// 3. Three parts, cut between names and not through them. The order is shuffled first: the list begins with the popular names.
string[] shuffled = [.. words];
new PythonRandom(42).Shuffle(shuffled.AsSpan());
int n1 = words.Length * 8 / 10;
int n2 = words.Length * 9 / 10;
Console.WriteLine();
Console.WriteLine($"shuffled: {string.Join(' ', shuffled[..8])} ...");
foreach (var (name, part) in new[] { ("train", shuffled[..n1]), ("dev", shuffled[n1..n2]), ("test", shuffled[n2..]) })
{
    (IndexTensor X, _) = Tensors(Examples(part, 3));
    Console.WriteLine($"{name,-5} {part.Length,6} names, X {X.Shape}");
}

// 4. Count, as in lesson 2? The table has a row for each context, and with longer contexts most rows stay empty.
Console.WriteLine();
Console.WriteLine("context   rows of the table   rows seen   dev examples of rows not seen   dev loss, 0.1 added to each count");
for (int length = 1; length <= 6; length++)
{
    Dictionary<string, int[]> table = [];
    foreach (var (context, label) in Examples(shuffled[..n1], length))
    {
        string row = Text(context);
        table.TryAdd(row, new int[27]);
        table[row][label]++;
    }

    var dev = Examples(shuffled[n1..n2], length);
    int unseen = 0;
    double loss = 0;
    foreach (var (context, label) in dev)
    {
        bool seen = table.TryGetValue(Text(context), out int[]? counts);
        unseen += seen ? 0 : 1;
        double probability = seen ? (counts![label] + 0.1) / (counts.Sum() + 2.7) : 1 / 27.0;
        loss -= Math.Log(probability) / dev.Count;
    }

    double share = 100.0 * unseen / dev.Count;
    Console.WriteLine($"{length,7} {Math.Pow(27, length),19:N0} {table.Count,11:N0} {share,29:F1} % {loss,35:F3}");
}

static List<(int[] Context, int Label)> Examples(IEnumerable<string> words, int length)
{
    List<(int[] Context, int Label)> examples = [];
    foreach (string word in words)
    {
        int[] context = new int[length];                      // all 0: dots
        foreach (char character in word + ".")
        {
            int label = characters.IndexOf(character);
            examples.Add((context, label));
            context = [.. context[1..], label];               // drop the oldest, append the newest
        }
    }

    return examples;
}

static (IndexTensor X, IndexTensor Y) Tensors(List<(int[] Context, int Label)> examples)
{
    int length = examples[0].Context.Length;
    IndexTensor X = IndexTensor.From([.. examples.SelectMany(example => example.Context)], examples.Count, length);
    IndexTensor Y = IndexTensor.From([.. examples.Select(example => example.Label)]);
    return (X, Y);
}

static string Text(int[] ids) => string.Concat(ids.Select(id => characters[id]));
