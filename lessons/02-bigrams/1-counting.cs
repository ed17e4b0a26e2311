#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// 32,033 names, cut into pairs of neighbouring characters, and the pairs counted: all that the model of this lesson knows.

using Nabla.Language.Data;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. The data.
string text = await DatasetStore.FromEnvironment().ReadAsync(NamedDataset.Find("names-full")!);
string[] words = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
Console.WriteLine($"{words.Length} names, of {words.Min(word => word.Length)} to {words.Max(word => word.Length)} letters");
Console.WriteLine($"the first three: {string.Join(", ", words[..3])}");
Console.WriteLine($"their letters: {string.Concat(string.Concat(words).Distinct().Order())}");

// 2. The pairs of one name, with a mark for the start (<) and one for the end (>).
Console.WriteLine($"emma: {string.Join(' ', Pairs("<emma>"))}");

// 3. The pairs of three names, counted. Then those of all names.
Dictionary<string, int> some = Count(words[..3].Select(word => $"<{word}>"));
Console.WriteLine($"three names: {some.Values.Sum()} pairs, {some.Count} different; a> {some["a>"]} times, the others once");

Dictionary<string, int> all = Count(words.Select(word => $"<{word}>"));
Console.WriteLine($"all names: {all.Values.Sum()} pairs, {all.Count} different");
foreach (var (pair, count) in all.OrderByDescending(entry => entry.Value).Take(5))
{
    Console.WriteLine($"  {pair} {count,4}");
}

Console.WriteLine($"seen only once: {string.Join(' ', all.Where(entry => entry.Value == 1).Select(entry => entry.Key).Order())}");

// 4. As a table: a row for the first character of a pair, a column for the second. Two marks waste a row and a column.
const string marked = "abcdefghijklmnopqrstuvwxyz<>";
int[,] wasteful = Table(marked, words.Select(word => $"<{word}>"));
Console.WriteLine($"28 x 28: the row of > sums to {Row(wasteful, 27).Sum()}, the column of < to {Column(wasteful, 26).Sum()}");

// 5. One mark, the dot, does for both ends. It comes first, so that a is 1.
const string characters = ".abcdefghijklmnopqrstuvwxyz";
int[,] counts = Table(characters, words.Select(word => $".{word}."));
string begins = string.Join(' ', Row(counts, 0).Take(4));
Console.WriteLine($"27 x 27: the row of the dot begins {begins}, and .. occurs {counts[0, 0]} times");
Console.WriteLine($"cells that are zero: {counts.Cast<int>().Count(count => count == 0)} of {counts.Length}");
bool same = Enumerable.Range(0, 27).All(place => Row(counts, place).Sum() == Column(counts, place).Sum());
Console.WriteLine($"every character begins as many pairs as it ends: {same}");

new HeatMap(27, 27, (first, second) => counts[first, second], "How often the second character follows the first")
{
    RowLabels = [.. characters.Select(character => $"{character}")],
    ColumnLabels = [.. characters.Select(character => $"{character}")],
    CellText = (first, second) => $"{characters[first]}{characters[second]}\n{counts[first, second]}",
    CellSize = 40,
}.Save(Path.Combine(figures, "counts.svg"));

static IEnumerable<string> Pairs(string word) => word.Zip(word.Skip(1), (first, second) => $"{first}{second}");

static Dictionary<string, int> Count(IEnumerable<string> words) =>
    words.SelectMany(Pairs).CountBy(pair => pair).ToDictionary();

static int[,] Table(string characters, IEnumerable<string> words)
{
    int[,] table = new int[characters.Length, characters.Length];
    foreach (string pair in words.SelectMany(Pairs))
    {
        table[characters.IndexOf(pair[0]), characters.IndexOf(pair[1])]++;
    }

    return table;
}

static IEnumerable<int> Row(int[,] table, int row) =>
    Enumerable.Range(0, table.GetLength(1)).Select(column => table[row, column]);

static IEnumerable<int> Column(int[,] table, int column) =>
    Enumerable.Range(0, table.GetLength(0)).Select(row => table[row, column]);
