#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// New names: draw a character by the chances of what follows the last one, until the dot is drawn.

using Nabla;
using Nabla.Language.Data;

const string characters = ".abcdefghijklmnopqrstuvwxyz";

// 1. Chance with a seed: the same numbers on every machine, and PyTorch's.
RandomGenerator random = new(2147483647);
Tensor three = Tensor.Rand(random, 3);
three = three / three.Sum();
Console.WriteLine($"three probabilities: {three}");
IndexTensor draws = three.Multinomial(20, random, replacement: true);
Console.WriteLine($"20 draws: {string.Join(' ', draws.ToArray())}");
int[] many = three.Multinomial(3000, random, replacement: true).ToArray();
int Occurs(int category) => many.Count(draw => draw == category);
Console.WriteLine($"of 3000 draws {Occurs(0)} are 0, {Occurs(1)} are 1, {Occurs(2)} are 2");
try
{
    three.Multinomial(20, random);
}
catch (ArgumentException exception)
{
    Console.WriteLine($"without replacement: {exception.Message}");
}

// 2. The counts of program 1, as a tensor.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
float[,] counted = new float[27, 27];
foreach (string word in words)
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

// 3. One draw: how does a name begin?
Tensor begin = counts[0] / counts[0].Sum();
int letter = begin.Multinomial(1, new RandomGenerator(2147483647), replacement: true).Item();
Console.WriteLine();
Console.WriteLine($"the first draw is {letter}, {characters[letter]}: {counts[0, letter].Item()} names of {words.Length} begin with it");

// 4. Whole names; beside them what a model makes that knows nothing, drawn in the same way.
Console.WriteLine();
Console.WriteLine("by the counts    all alike");
string[] names = Sample(counts, 10);
string[] garbage = Sample(Tensor.Ones(27, 27), 10);
for (int i = 0; i < names.Length; i++)
{
    Console.WriteLine($"{names[i],-16} {garbage[i]}");
}

// 5. Why h. can be a name: the model looks at h, not at the dot before it.
Console.WriteLine();
int h = characters.IndexOf('h');
float beginsWithH = (counts[0, h] / counts[0].Sum()).Item();
float endsAfterH = (counts[h, 0] / counts[h].Sum()).Item();
Console.WriteLine($"a name begins with h: {beginsWithH:P1}; after an h it ends: {endsAfterH:P1}");

static string[] Sample(Tensor counts, int number)
{
    RandomGenerator random = new(2147483647);
    string[] names = new string[number];
    for (int i = 0; i < number; i++)
    {
        int current = 0;
        do
        {
            Tensor row = counts[current];
            Tensor probabilities = row / row.Sum();
            current = probabilities.Multinomial(1, random, replacement: true).Item();
            names[i] += characters[current];
        }
        while (current != 0);
    }

    return names;
}
