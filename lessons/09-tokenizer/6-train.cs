#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// A tokenizer of one's own: what it learns is what its text is full of.

using System.Text;
using Nabla.Language.Data;
using Nabla.Tokenizers;

DatasetStore store = DatasetStore.FromEnvironment();
string page = await store.ReadAsync(NamedDataset.Find("taylorswift")!);
int bytes = Encoding.UTF8.GetByteCount(page);

// Without chunks, tokens run across the border of words and sentences.
BasicTokenizer basic = BasicTokenizer.Train(page, 276);
Console.WriteLine("raw bytes, the first twenty tokens:");
Console.WriteLine($"  {Tokens(basic, 256, 276)}");
int count = basic.Count(page);
Console.WriteLine($"  {bytes} bytes, {count} tokens of 276 kinds, compression {(double)bytes / count:F2}");
Console.WriteLine();

// With GPT-4's chunks they do not.
RegexTokenizer regex = RegexTokenizer.Train(page, 512, TextSplitter.Cl100k);
Console.WriteLine("within chunks, the first ten and the last three of 256 merges:");
Console.WriteLine($"  {Tokens(regex, 256, 266)} ... {Tokens(regex, 509, 512)}");
Console.WriteLine($"  {TextSplitter.Cl100k.Split(page).Length} chunks, {regex.Count(page)} tokens of 512 kinds");
Console.WriteLine();

// The larger the vocabulary, the shorter the text.
foreach (int size in (int[])[256, 276, 300, 512, 1024, 2048])
{
    RegexTokenizer tokenizer = RegexTokenizer.Train(page, size);
    int tokens = tokenizer.Count(page);
    Console.WriteLine($"  vocabulary {size,4}: {tokens,6} tokens, compression {(double)bytes / tokens:F2}");
}

Console.WriteLine();

// Beside GPT-4's, merge by merge. The texts differ, and nothing else.
ITokenizer gpt4 = await store.LoadTokenizerAsync("cl100k_base");
Console.WriteLine("id   this page   GPT-4");
for (int id = 256; id < 276; id++)
{
    Console.WriteLine($"{id}  {Quote(regex, id),-10}  {Quote(gpt4, id)}");
}

string Tokens(ITokenizer tokenizer, int first, int end) =>
    string.Join(' ', Enumerable.Range(first, end - first).Select(id => Quote(tokenizer, id)));

string Quote(ITokenizer tokenizer, int id) => $"\"{tokenizer.Decode([id]).Replace("\n", "\\n")}\"";
