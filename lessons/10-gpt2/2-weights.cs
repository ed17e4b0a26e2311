#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// GPT-2's weights: what their file holds, and text from them. Give the folder of a model; without one a random model stands in.
//     nabla import hf:openai-community/gpt2 --out gpt2
//     dotnet run -c Release 2-weights.cs gpt2

using Nabla;
using Nabla.IO;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Plotting;
using Nabla.Tokenizers;

string? folder = args.FirstOrDefault(argument => argument != "--quick");
DirectoryInfo temporary = Directory.CreateTempSubdirectory("nabla-");
ITokenizer tokenizer = await DatasetStore.FromEnvironment().LoadTokenizerAsync("gpt2");
bool isReal = folder is not null;
if (!isReal)
{
    Console.WriteLine("no folder was given: a small random model stands in for GPT-2");
    folder = Path.Combine(temporary.FullName, "stand-in");
    GptConfig small = new() { ContextLength = 64, LayerCount = 2, HeadCount = 2, Width = 32 };
    HuggingFaceFolder.Save(folder, new Gpt(small, new RandomGenerator(1337)));
}

// 1. What is in the file. OpenAI's program multiplied from the other side, so four matrices of each block lie there transposed.
SavedModel saved = SavedModel.Open(folder!);
Console.WriteLine($"{saved.Form}: {saved.Config.Describe()}");
LanguageModel model = saved.LoadModel();
Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
string[] transposed = ["attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight"];
foreach (StoredTensor stored in saved.ReadTensors())
{
    string name = stored.Name.Replace("transformer.", "", StringComparison.Ordinal);
    if (!name.StartsWith("h.", StringComparison.Ordinal) || name.StartsWith("h.0.", StringComparison.Ordinal))
    {
        string note = transposed.Any(name.EndsWith) && parameters.TryGetValue(name, out Tensor? own) ? $"here {own.Shape}" : "";
        Console.WriteLine($"  {name,-24} {stored.Shape,-14} {note}".TrimEnd());
    }
}

Console.WriteLine($"{model.ParameterCount:N0} parameters");
Console.WriteLine();

// 2. Five texts. In each round: the logits of the last place, softmax, the fifty likeliest, one of them, appended.
const string prefix = "Hello, I'm a language model,";
const int rows = 5, length = 30, topK = 50;
int[] prompt = tokenizer.Encode(prefix);
Console.WriteLine($"{prompt.Length} tokens: {string.Join(' ', prompt)}");
RandomGenerator random = new(42);                                // a generator of its own
List<int>[] texts = [.. Enumerable.Range(0, rows).Select(_ => prompt.ToList())];
model.Eval();
using (Tensor.NoGrad())
{
    while (texts[0].Count < length)
    {
        using MemoryScope scope = MemoryScope.Begin();
        IndexTensor ids = IndexTensor.From([.. texts.SelectMany(text => text)], rows, texts[0].Count);
        Tensor logits = model.Forward(ids)[.., ^1];              // [5, V]; all other places were computed for nothing
        Tensor probabilities = logits.Softmax(1);
        for (int row = 0; row < rows; row++)
        {
            float[] p = probabilities[row].ToArray();
            int[] likeliest = [.. Enumerable.Range(0, tokenizer.VocabularySize).OrderByDescending(id => p[id]).Take(topK)];
            Tensor kept = Tensor.From([.. likeliest.Select(id => p[id])], topK);
            texts[row].Add(likeliest[kept.Multinomial(1, random).Item()]);   // in proportion: no need to divide by the sum
        }
    }
}

foreach (List<int> text in texts)
{
    Console.WriteLine($"> {tokenizer.Decode([.. text]).ReplaceLineEndings(" ")}");
}

// 3. What training has made of the positions: with the real weights, three columns of wpe are three waves.
if (isReal)
{
    Tensor positions = parameters["wpe.weight"];
    int count = positions.Shape[0], width = positions.Shape[1];
    Chart waves = new("three channels of the position embedding", width: 720) { X = { Label = "position" } };
    foreach (int channel in (int[])[width / 5, width / 4, width / 3])
    {
        waves.Line(positions[.., channel].ToArray(), $"channel {channel}");
    }

    ImageGrid map = new(count, width, [positions.ToArray()], "all of it: a row is a position") { Diverging = true, Scale = 1 };
    new Panels([waves, map], columns: 1).Save("wpe.svg");
    Console.WriteLine("wpe.svg shows the position embedding");
}

temporary.Delete(recursive: true);
