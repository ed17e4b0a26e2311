#:project ../../src/Nabla.Tokenizers/Nabla.Tokenizers.csproj
#:property PublishAot=false

// From merges to text and back. The merges here are the twenty that the lecture's full blog post gives.

using System.Text;
using Nabla.Tokenizers;

BytePair[] merges =
[
    new(101, 32), new(105, 110), new(115, 32), new(116, 104), new(101, 114), new(99, 111), new(116, 32), new(226, 128),
    new(44, 32), new(97, 110), new(111, 114), new(100, 32), new(97, 114), new(101, 110), new(257, 103), new(261, 100),
    new(121, 32), new(46, 32), new(97, 108), new(259, 256),
];
BasicTokenizer tokenizer = new(merges);

// The vocabulary: each token is the bytes of its two parts, one after the other.
foreach (int id in (int[])[256, 259, 270, 275])
{
    Console.WriteLine($"{id}: \"{tokenizer.Decode([id])}\"");
}

Console.WriteLine();

// Decoding joins the bytes of all tokens and only then reads UTF-8: a character may be spread over several.
Console.WriteLine($"decode [97] = {tokenizer.Decode([97])}");
Console.WriteLine($"decode [236, 149, 136] = {tokenizer.Decode([236, 149, 136])}");

// Not every list of ids is a text. A strict decoder refuses, the usual one puts U+FFFD there.
try
{
    tokenizer.DecodeStrict([128]);
}
catch (TokenizerException exception)
{
    Console.WriteLine($"decode [128], strict: {exception.Message}");
}

Console.WriteLine($"decode [128] = U+{(int)tokenizer.Decode([128])[0]:X4}");
Console.WriteLine($"and encoded again: [{string.Join(", ", tokenizer.Encode(tokenizer.Decode([128])))}]");
Console.WriteLine();

// Encoding applies the merges in the order in which they were learned, since the later ones are made of the earlier ones.
foreach (string text in (string[])["", "h", "zq", "the ", "hello world!"])
{
    Console.WriteLine($"encode \"{text}\" = [{string.Join(", ", tokenizer.Encode(text))}]");
}

// It is this loop; the library does the same without looking at every pair again.
Console.WriteLine($"by hand: [{string.Join(", ", EncodeByHand("hello world!"))}]");

foreach (string text in (string[])["hello world!", "안녕하세요 👋", "Many common characters, including numerals, are text too."])
{
    Console.WriteLine($"round trip of \"{text}\": {tokenizer.Decode(tokenizer.Encode(text)) == text}");
}

int[] EncodeByHand(string text)
{
    int[] ids = [.. Encoding.UTF8.GetBytes(text)];
    while (ids.Length >= 2)
    {
        int rank = PairCounts.Of(ids).Select(entry => Array.IndexOf(merges, entry.Key)).Where(index => index >= 0)
            .DefaultIfEmpty(-1).Min();
        if (rank < 0)
        {
            break; // nothing is left to merge
        }

        ids = PairCounts.Merge(ids, merges[rank], 256 + rank);
    }

    return ids;
}
