#:project ../../src/Nabla.Tokenizers/Nabla.Tokenizers.csproj
#:property PublishAot=false

// Before merging, GPT-2 and its followers cut the text into chunks that no merge may cross.

using Nabla.Tokenizers;

const string fizzBuzz = """
    for i in range(1, 101):
        if i % 3 == 0 and i % 5 == 0:
            print("FizzBuzz")
        elif i % 3 == 0:
            print("Fizz")
        elif i % 5 == 0:
            print("Buzz")
        else:
            print(i)
    """;

Console.WriteLine($"GPT-2: {SplitPatterns.Gpt2}");
foreach (string text in (string[])
    [
        "Hello", "Hello world", "Hello world how are you", "Hello world123 how are you", "Hello've world123 how's are you",
        " how’s", "HOUSE'S", "how are you!!!?", "Hello've world123 how's are       you!!!?    ",
    ])
{
    Show(TextSplitter.Gpt2, text);
}

Console.WriteLine($"  FizzBuzz: {TextSplitter.Gpt2.Split(fizzBuzz).Length} chunks");
Console.WriteLine();

// GPT-4's pattern: contractions in any case, numbers in at most three digits, line breaks with the punctuation before them.
Console.WriteLine($"GPT-4: {SplitPatterns.Cl100k}");
foreach (string text in (string[])["HOUSE'S", "how’s", "1234567", " 101", "    hello world!!!"])
{
    Show(TextSplitter.Cl100k, text);
}

Console.WriteLine();

// What the chunks are for: without them "dog" merges with what follows it, and each "dog." takes a token.
const string dogs = "the dog. the dog! the dog? the dog. the dog! the dog?";
BasicTokenizer basic = BasicTokenizer.Train(dogs, 266);
RegexTokenizer regex = RegexTokenizer.Train(dogs, 266, TextSplitter.Gpt2);
Console.WriteLine($"without chunks: {Tokens(basic, 256, basic.VocabularySize)}");
Console.WriteLine($"with chunks:    {Tokens(regex, 256, regex.VocabularySize)}");

void Show(TextSplitter splitter, string text)
{
    string[] chunks = splitter.Split(text);
    Console.WriteLine($"  {chunks.Length} {string.Concat(chunks.Select(chunk => $"[{chunk}]"))}");
}

string Tokens(ITokenizer tokenizer, int first, int end) =>
    string.Concat(Enumerable.Range(first, end - first).Select(id => $"[{tokenizer.Decode([id])}]"));
