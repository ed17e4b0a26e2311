#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// Tiny Shakespeare in GPT-2's tokens, and the loader that makes batches of it.

using Nabla;
using Nabla.Language.Data;
using Nabla.Tokenizers;

// 1. How much it is.
DatasetStore store = DatasetStore.FromEnvironment();
string text = await store.ReadAsync(NamedDataset.Find("shakespeare")!);
ITokenizer tokenizer = await store.LoadTokenizerAsync("gpt2");
int[] tokens = tokenizer.Encode(text);
int lines = text.Count(character => character == '\n');
int words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
Console.WriteLine($"{lines:N0} lines, {words:N0} words, {text.Length:N0} characters");
int kinds = tokens.Distinct().Count();
Console.WriteLine($"{tokens.Length:N0} tokens, {kinds:N0} of the {tokenizer.VocabularySize:N0} that there are");
Console.WriteLine($"{(double)text.Length / tokens.Length:F2} characters a token");
Console.WriteLine($"the first 1,000 characters: {tokenizer.Encode(text[..1000]).Length} tokens");
Console.WriteLine();

// 2. A batch of four rows of six: 24 tokens, and one more, which is what the last of them predicts.
ReadOnlySpan<int> buffer = tokens.AsSpan(0, 25);
IndexTensor x = IndexTensor.From(buffer[..^1], 4, 6);
IndexTensor y = IndexTensor.From(buffer[1..], 4, 6);
Console.WriteLine($"x {x}");
Console.WriteLine($"y {y}");
Console.WriteLine($"25 is '{tokenizer.Decode([25])}', 198 a line break, 13 '{tokenizer.Decode([13])}'");
Console.WriteLine();

// 3. The loader: page by page through the text, and from the beginning when the next page is not whole.
Loader loader = new(tokens, 4, 32);
int Pages(int B, int T) => (tokens.Length - 1) / (B * T);
Console.WriteLine($"pages of 4 x 32 tokens: {Pages(4, 32):N0} in an epoch; of 16 x 1024: {Pages(16, 1024)}");
int pages = 0;
do
{
    loader.Next();
    pages++;
}
while (loader.Position > 0);
Console.WriteLine($"after {pages:N0} pages it is at the beginning again");

// 4. The library's does the same, over files that need not fit into memory; of several processes each takes every so-many-th page.
SequentialBatches library = new(tokens, batchSize: 4, contextLength: 32);
(int[] theirX, int[] theirY) = (new int[128], new int[128]);
bool same = true;
for (int page = 0; page < 3000; page++)
{
    (int[] ourX, int[] ourY) = loader.Next();
    library.Next(theirX, theirY);
    same &= ourX.SequenceEqual(theirX) && ourY.SequenceEqual(theirY);
}

Console.WriteLine($"3,000 pages of the library's SequentialBatches are the same: {same}");
SequentialBatches[] processes =
    [.. Enumerable.Range(0, 8).Select(rank => new SequentialBatches(tokens, 4, 32, rank, worldSize: 8))];
List<int> joined = [];
for (int step = 0; step < 2; step++)
{
    foreach (SequentialBatches process in processes)
    {
        process.Next(theirX, theirY);
        joined.AddRange(theirX);
    }
}

bool inOrder = joined.SequenceEqual(tokens.Take(joined.Count));
Console.WriteLine($"8 processes, 2 steps: together they read the first {joined.Count:N0} tokens in order: {inOrder}");

sealed class Loader(int[] tokens, int B, int T)
{
    public int Position { get; private set; }

    public (int[] X, int[] Y) Next()
    {
        int[] page = tokens[Position..(Position + (B * T) + 1)];
        Position += B * T;
        if (Position + (B * T) + 1 > tokens.Length)
        {
            Position = 0;
        }

        return (page[..^1], page[1..]);
    }
}
