#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// All rows divided by their sums in one line, and the same line with one word missing: wrong, and no error tells of it.

using Nabla;
using Nabla.Language.Data;

const string characters = ".abcdefghijklmnopqrstuvwxyz";
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
float[,] counted = new float[27, 27];
foreach (string word in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
{
    int previous = 0;
    foreach (char character in word + ".")
    {
        int next = characters.IndexOf(character);
        counted[previous, next]++;
        previous = next;
    }
}

Tensor counts = Tensor.From(counted);

// 1. Sums along a dimension.
Console.WriteLine($"Sum()                   {counts.Sum().Shape}, {counts.Sum().Item()}");
Console.WriteLine($"Sum(0, keepDim: true)   {counts.Sum(0, keepDim: true).Shape}   down each column");
Console.WriteLine($"Sum(1, keepDim: true)   {counts.Sum(1, keepDim: true).Shape}   along each row");
Console.WriteLine($"Sum(1)                  {counts.Sum(1).Shape}");

// 2. What may stand on the two sides of an operator.
Console.WriteLine();
Console.WriteLine($"[27, 27] / [27, 1] = {(counts / Tensor.Ones(27, 1)).Shape}");
Console.WriteLine($"[27, 27] / [27]    = {(counts / Tensor.Ones(27)).Shape}");
try
{
    Tensor impossible = Tensor.Ones(3, 2) + Tensor.Ones(3);
}
catch (ShapeException exception)
{
    Console.WriteLine(exception.Message);
}

// 3. Right, and wrong. The shapes are the same.
Tensor right = counts / counts.Sum(1, keepDim: true);
Tensor wrong = counts / counts.Sum(1);
Console.WriteLine();
foreach (var (name, table) in (ReadOnlySpan<(string, Tensor)>)[("right", right), ("wrong", wrong)])
{
    Console.WriteLine($"{name} {table.Shape}: the first row sums to {table[0].Sum().Item():F4}, "
        + $"the first column to {table[.., 0].Sum().Item():F4}");
}

// 4. The wrong table still draws something: Multinomial takes any weights that are not negative.
Console.WriteLine();
Console.WriteLine($"by the right table: {string.Join(' ', Sample(right, 8))}");
Console.WriteLine($"by the wrong table: {string.Join(' ', Sample(wrong, 8))}");

// 5. How it is noticed: by a line that says what must be so.
Console.WriteLine();
Console.WriteLine($"every row of the right table sums to one: {SumsToOne(right)}");
Console.WriteLine($"every row of the wrong table sums to one: {SumsToOne(wrong)}");

// 6. In place: no second table is made. A view of a row sees the change.
Tensor row = counts[0];
counts.DivInPlace(counts.Sum(1, keepDim: true));
Console.WriteLine();
Console.WriteLine($"in place the same: {counts.AllClose(right)}; the row taken before now sums to {row.Sum().Item():F4}");

static bool SumsToOne(Tensor probabilities) => probabilities.Sum(1).AllClose(Tensor.Ones(27));

static string[] Sample(Tensor probabilities, int number)
{
    RandomGenerator random = new(2147483647);
    string[] names = new string[number];
    for (int i = 0; i < number; i++)
    {
        int current = 0;
        do
        {
            current = probabilities[current].Multinomial(1, random, replacement: true).Item();
            names[i] += characters[current];
        }
        while (current != 0);
    }

    return names;
}
