#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// The text as numbers, and what a network is shown of it: windows of nine characters, eight examples each, many at once.

using Nabla;
using Nabla.Language.Data;

// 1. All of it is one string.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("shakespeare")!);
Console.WriteLine($"{text.Length} characters. It begins:");
Console.WriteLine(text[..72]);
Console.WriteLine("...");

// 2. Each different character gets a number: its place in the sorted list.
char[] characters = [.. text.Distinct().Order()];
int[] Encode(string s) => [.. s.Select(character => Array.IndexOf(characters, character))];
string Decode(IEnumerable<int> ids) => string.Concat(ids.Select(id => characters[id]));
Console.WriteLine($"{characters.Length} different ones: {string.Concat(characters).Replace("\n", "\\n")}");
Console.WriteLine($"hii there = {string.Join(' ', Encode("hii there"))} = {Decode(Encode("hii there"))}");

// 3. Nine tenths to learn from, the rest to be judged by.
int[] data = Encode(text);
int[] training = data[..(int)(0.9 * data.Length)];
int[] validation = data[training.Length..];
Console.WriteLine($"{training.Length} to train on, {validation.Length} to validate");

// 4. Nine characters in a row hold eight examples, one for each length of the context.
const int context = 8;
int[] chunk = training[..(context + 1)];
Console.WriteLine();
Console.WriteLine($"the first chunk is {string.Join(' ', chunk)}, \"{Decode(chunk)}\"");
for (int t = 0; t < context; t++)
{
    Console.WriteLine($"after {string.Join(' ', chunk[..(t + 1)]),-23} comes {chunk[t + 1]}");
}

// 5. Four chunks from random places, stacked: x [4, 8] is what is read, y the same one place further on.
RandomGenerator random = new(1337);
int[] starts = IndexTensor.Randint(random, 0, training.Length - context, 4).ToArray();
IndexTensor x = IndexTensor.From([.. starts.SelectMany(start => training[start..(start + context)])], 4, context);
IndexTensor y = IndexTensor.From([.. starts.SelectMany(start => training[(start + 1)..(start + 1 + context)])], 4, context);
Console.WriteLine();
Console.WriteLine($"windows at {string.Join(", ", starts)}");
Console.WriteLine($"x {x.Shape} =");
Console.WriteLine(x);
Console.WriteLine($"y {y.Shape} =");
Console.WriteLine(y);
Console.WriteLine($"{x.Count} examples; the third of the first row: after \"{Decode(x[0, ..3].ToArray())}\" comes \"{characters[y[0, 2].Item()]}\"");
