#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// The tokenizers of GPT-2 and GPT-4, from the files that OpenAI published.

using Nabla.Language.Data;
using Nabla.Tokenizers;

DatasetStore store = DatasetStore.FromEnvironment();
RegexTokenizer gpt2 = (RegexTokenizer)await store.LoadTokenizerAsync("gpt2");
RegexTokenizer gpt4 = (RegexTokenizer)await store.LoadTokenizerAsync("cl100k_base");

// 1. One text, two tokenizers: what the lecture pastes into Tiktokenizer.
const string demo = """
    Tokenization is at the heart of much weirdness of LLMs. Do not brush it off.

    127 + 677 = 804
    1275 + 6773 = 8041

    Egg.
    I have an Egg.
    egg.
    EGG.

    만나서 반가워요. 저는 OpenAI에서 개발한 대규모 언어 모델인 ChatGPT입니다. 궁금한 것이 있으시면 무엇이든 물어보세요.

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
Console.WriteLine($"the demo text: {gpt2.Count(demo)} tokens of GPT-2, {gpt4.Count(demo)} of GPT-4");
Console.WriteLine($"vocabularies: {gpt2.VocabularySize} and {gpt4.VocabularySize}");
Console.WriteLine();

Show(gpt2, "Tokenization is at the heart");
Show(gpt2, "127 + 677 = 804");
Show(gpt2, "1275 + 6773 = 8041");
foreach (string text in (string[])["Egg.", "I have an Egg.", "egg.", "EGG."])
{
    Show(gpt2, text);
}

Console.WriteLine();

// 2. White space: GPT-2 has a token for one space and none for more, GPT-4 has many.
Show(gpt2, "    hello world!!!");
Show(gpt4, "    hello world!!!");
Show(gpt2, "        if");
Show(gpt4, "        if");
Console.WriteLine($"GPT-4's first merges: {string.Join(' ', Enumerable.Range(256, 10).Select(id => $"[{gpt4.Decode([id])}]"))}");
Console.WriteLine();

// 3. The files. Token 0 is not byte 0: printable bytes come first.
Console.WriteLine("byte  " + string.Join("  ", ((int[])[0, 10, 32, 33, 65, 127, 128, 255]).Select(value => $"{value,3}")));
Console.WriteLine("id    " + string.Join("  ", ((int[])[0, 10, 32, 33, 65, 127, 128, 255]).Select(value => $"{gpt4.Vocabulary.ByteIds[value],3}")));

// tiktoken publishes ranks; the merges behind them are recovered from the tokens' bytes.
var merges = gpt4.Vocabulary.Merges;
Console.WriteLine($"{merges.Length} merges recovered: {string.Join(' ', merges.Take(5))} ... {merges[^1]}");
Console.WriteLine($"GPT-2's, which were published: {string.Join(' ', gpt2.Vocabulary.Merges.Take(5))} ... {gpt2.Vocabulary.Merges[^1]}");

// Encoding is the loop of the third program, with these merges.
const string mixed = "hello world!!!? (안녕하세요!) lol123 😉";
Show(gpt4, mixed);
Console.WriteLine($"decoded: {gpt4.Decode(gpt4.Encode(mixed))}");
Console.WriteLine();

// 4. Special tokens, which no user may forge.
const string document = "<|endoftext|>hello world";
Console.WriteLine($"allowed: {string.Join(' ', gpt2.Encode(document, SpecialTokenPolicy.Allow))}");
Console.WriteLine($"as text: {string.Join(' ', gpt2.Encode(document, SpecialTokenPolicy.AsText))}");
try
{
    gpt2.Encode(document);
}
catch (TokenizerException exception)
{
    Console.WriteLine($"else:    {exception.Message}");
}

Show(gpt2, "<|endoftex");

RegexTokenizer chat = gpt4.WithSpecialTokens([new("<|im_start|>", 100264), new("<|im_end|>", 100265)]);
Console.WriteLine($"a chat:  {string.Join(' ', chat.Encode("<|im_start|>user\nhi<|im_end|>", SpecialTokenPolicy.Allow))}");

void Show(RegexTokenizer tokenizer, string text)
{
    int[] ids = tokenizer.Encode(text);
    string name = tokenizer == gpt2 ? "GPT-2" : "GPT-4";
    string pieces = string.Concat(ids.Select(id => $"[{tokenizer.Decode([id])}]"));
    Console.WriteLine($"{name}: {string.Join(' ', ids)}  {pieces}");
}
