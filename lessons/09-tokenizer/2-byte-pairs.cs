#:project ../../src/Nabla.Tokenizers/Nabla.Tokenizers.csproj
#:property PublishAot=false

// Byte-pair encoding from nothing: count the pairs of neighbours, replace the most frequent one by a new token, repeat.

using System.Text;
using Nabla.Tokenizers;

// 1. On letters, where one can see it. Z, Y and X stand for the new tokens.
string symbols = "aaabdaaabac";
Console.WriteLine($"{symbols}  {symbols.Length} symbols of {symbols.Distinct().Count()} kinds");
int kinds = symbols.Distinct().Count();
foreach ((string pair, string token) in (ReadOnlySpan<(string, string)>)[("aa", "Z"), ("ab", "Y"), ("ZY", "X")])
{
    symbols = symbols.Replace(pair, token);
    kinds++;
    Console.WriteLine($"{symbols,-11}  {symbols.Length} symbols of {kinds} kinds, after {pair} -> {token}");
}

Console.WriteLine();

// 2. On bytes: a paragraph of Nathan Reed's "A Programmer's Introduction to Unicode" (2017), the text of the lecture.
const string paragraph = "Ｕｎｉｃｏｄｅ! 🅤🅝🅘🅒🅞🅓🅔‽ 🇺\u200C🇳\u200C🇮\u200C🇨\u200C🇴\u200C🇩\u200C🇪! 😄 The very name strikes fear and awe into "
    + "the hearts of programmers worldwide. We all know we ought to “support Unicode” in our software (whatever that "
    + "means—like using wchar_t for all the strings, right?). But Unicode can be abstruse, and diving into the "
    + "thousand-page Unicode Standard plus its dozens of supplementary annexes, reports, and notes can be more than a "
    + "little intimidating. I don’t blame programmers for still finding the whole thing mysterious, even 30 years after "
    + "Unicode’s inception.";

int[] ids = [.. Encoding.UTF8.GetBytes(paragraph)];
Console.WriteLine($"{paragraph.EnumerateRunes().Count()} code points, {ids.Length} bytes");

var counts = PairCounts.Of(ids).OrderByDescending(entry => entry.Value)
    .ThenByDescending(entry => entry.Key.Left).ThenByDescending(entry => entry.Key.Right);
Console.WriteLine("most frequent pairs:");
foreach ((BytePair pair, int count) in counts.Take(5))
{
    Console.WriteLine($"  {count,2} x {pair}");
}

BytePair top = PairCounts.MostFrequent(ids)!.Value;
Console.WriteLine($"the first of them is '{(char)top.Left}' and '{(char)top.Right}'");
Console.WriteLine($"merge([5, 6, 6, 7, 9, 1], (6, 7), 99) = [{string.Join(", ", PairCounts.Merge([5, 6, 6, 7, 9, 1], new(6, 7), 99))}]");
int[] merged = PairCounts.Merge(ids, top, 256);
Console.WriteLine($"after merging it: {merged.Length} tokens, {merged.Count(id => id == 256)} of them 256");
Console.WriteLine();

// 3. The training loop. The list is a copy: the text's own bytes are needed again for the ratio at the end.
const int vocabularySize = 276;
int[] tokens = [.. ids];
List<BytePair> merges = [];
for (int id = 256; id < vocabularySize; id++)
{
    BytePair pair = PairCounts.MostFrequent(tokens)!.Value;
    Console.WriteLine($"merging {pair} into a new token {id}");
    tokens = PairCounts.Merge(tokens, pair, id);
    merges.Add(pair);
}

Console.WriteLine($"{ids.Length} bytes, {tokens.Length} tokens, compression {(double)ids.Length / tokens.Length:F2}X");

// 4. The same by the library's trainer, which never counts a second time.
BasicTokenizer tokenizer = BasicTokenizer.Train(paragraph, vocabularySize);
Console.WriteLine($"the library learns the same merges: {tokenizer.Merges.SequenceEqual(merges)}");
