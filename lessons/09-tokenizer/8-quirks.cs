#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// What is strange about language models, as far as the tokenizer is to blame.

using Nabla.Language.Data;
using Nabla.Tokenizers;

DatasetStore store = DatasetStore.FromEnvironment();
ITokenizer gpt2 = await store.LoadTokenizerAsync("gpt2");
ITokenizer gpt4 = await store.LoadTokenizerAsync("cl100k_base");

Console.WriteLine("spelling");
const string word = ".DefaultCellStyle";
Console.WriteLine($"  {word}: {gpt4.Count(word)} token of GPT-4, {gpt2.Count(word)} of GPT-2");
Console.WriteLine($"  how many l? {word.Count(letter => letter is 'l' or 'L')}; reversed: {string.Concat(word.Reverse())}");
Console.WriteLine($"  letter by letter it would be {gpt4.Count(string.Join(' ', word.AsEnumerable()))} tokens, one for each");

Console.WriteLine("other languages");
foreach (string text in (string[])["Hello how are you?", "안녕하세요 어떻게 지내세요?", "hello", "안녕하세요", " 안녕"])
{
    Console.WriteLine($"  {gpt4.Count(text),2} tokens: {text}");
}

Console.WriteLine("arithmetic: how GPT-2 splits the numbers from 1000 to 9999");
var splits = Enumerable.Range(1000, 9000)
    .GroupBy(number => string.Join('+', gpt2.Encode($"{number}").Select(id => gpt2.TokenBytes(id).Length)))
    .OrderBy(split => split.Key);
foreach (var split in splits)
{
    Console.WriteLine($"  {split.Key,-5} {split.Count(),4} numbers, such as {split.First()}");
}

Console.WriteLine("Python: tokens of one line indented by eight spaces");
Console.WriteLine($"  GPT-2 {gpt2.Count("        if")}, GPT-4 {gpt4.Count("        if")}");

Console.WriteLine("a space at the end");
const string prompt = "Here's a tagline for an ice cream shop: ";
Console.WriteLine($"  the last token is {gpt4.Encode(prompt)[^1]}; \" Oh\" would have been one token, {gpt4.Encode(" Oh")[0]}");

Console.WriteLine("an unfinished token");
Console.WriteLine($"  .DefaultCellSta: {string.Join(' ', gpt4.Encode(".DefaultCellSta"))}, but .DefaultCellStyle: {gpt4.Encode(word)[0]}");

Console.WriteLine("tokens that hardly any text holds");
foreach (string glitch in (string[])[" SolidGoldMagikarp", " attRot", "EStreamFrame", "PsyNetMessage", "StreamerBot"])
{
    Console.WriteLine($"  {glitch.Trim(),-17} GPT-2: {string.Join(' ', gpt2.Encode(glitch)),-6} GPT-4: {string.Join(' ', gpt4.Encode(glitch))}");
}

Console.WriteLine("JSON or YAML");
const string json = """
    {
      "name": "Alice",
      "age": 30,
      "skills": ["C#", "BPE"],
      "address": {
        "city": "Prague",
        "zip": "11000"
      }
    }
    """;
const string yaml = """
    name: Alice
    age: 30
    skills:
      - C#
      - BPE
    address:
      city: Prague
      zip: "11000"

    """;
Console.WriteLine($"  JSON {gpt4.Count(json)} tokens, YAML {gpt4.Count(yaml)}");
