#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// How GPT-2 begins: one tensor for both ends, and projections that are drawn smaller the deeper the network is.

using Nabla;
using Nabla.Diagnostics;
using Nabla.Language;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// 1. One tensor, used at both ends: it gets the gradients of both uses.
GptConfig tied = new() { VocabularySize = 100, ContextLength = 8, LayerCount = 2, HeadCount = 2, Width = 16 };
Gpt one = new(tied, new RandomGenerator(1337));
Gpt two = new(tied with { TieWeights = false }, new RandomGenerator(1337));
Dictionary<string, Tensor> ofTwo = two.NamedParameters().ToDictionary();
using (Tensor.NoGrad())
{
    foreach (var (name, parameter) in one.NamedParameters())
    {
        ofTwo[name].CopyInPlace(parameter);
    }

    ofTwo["lm_head.weight"].CopyInPlace(ofTwo["wte.weight"]);
}

IndexTensor x = IndexTensor.Randint(new RandomGenerator(1), 0, 100, 4, 8);
IndexTensor y = IndexTensor.Randint(new RandomGenerator(2), 0, 100, 4, 8);
one.Loss(x, y).Backward();
two.Loss(x, y).Backward();
Tensor sum = ofTwo["wte.weight"].Grad! + ofTwo["lm_head.weight"].Grad!;
Console.WriteLine($"parameters {one.ParameterCount:N0} and {two.ParameterCount:N0}");
bool isSum = one.Parameters()[0].Grad!.AllClose(sum, 1e-4f, 1e-7f);
Console.WriteLine($"the gradient of the one is the sum of those of the two: {isSum}");
Console.WriteLine($"in GPT-2 (124M): {50257 * 768:N0} numbers less, {100.0 * 50257 * 768 / 124_439_808:F0} % of the model");
Console.WriteLine();

// 2. The toy: a stream to which a hundred layers add something of deviation 1.
RandomGenerator random = new(1337);
const int layers = 100;
foreach (float scale in (float[])[1, 1 / MathF.Sqrt(layers)])
{
    Tensor stream = Tensor.Zeros(768);
    for (int layer = 0; layer < layers; layer++)
    {
        stream += scale * Tensor.Randn(random, 768);
    }

    Console.WriteLine($"{layers} additions times {scale:F1}: deviation {stream.Std().Item():F1}");
}

Console.WriteLine();

// 3. A network of GPT-2's depth and heads of its size: what its weights are drawn with, and what the stream grows to.
GptConfig deep = new() { VocabularySize = 1000, ContextLength = 64, LayerCount = 12, HeadCount = 3, Width = 192 };
Gpt model = new(deep, new RandomGenerator(1337));
Dictionary<string, Tensor> parameters = model.NamedParameters().ToDictionary();
string[] names = ["wte", "wpe", "h.0.attn.c_attn", "h.0.attn.c_proj", "h.0.mlp.c_fc", "h.0.mlp.c_proj"];
foreach (string name in names)
{
    Console.WriteLine($"{name,-15} deviation {parameters[$"{name}.weight"].Std().Item():F4}");
}

Console.WriteLine($"0.02 / sqrt(2 * 12) = {0.02 / Math.Sqrt(24):F4}; sqrt(1 / 768) = {1 / Math.Sqrt(768):F4}");
Chart chart = new("deviation of the residual stream in an untrained network of 12 blocks", width: 720)
{
    X = { Label = "after block" },
    Y = { Label = "deviation", Minimum = 0 },
};
IndexTensor ids = IndexTensor.Randint(random, 0, 1000, 8, 64);
double[] scaled = Stream(model);
using (Tensor.NoGrad())
{
    foreach (var (_, projection) in parameters.Where(pair => pair.Key.EndsWith("c_proj.weight", StringComparison.Ordinal)))
    {
        projection.CopyInPlace(projection * MathF.Sqrt(24));
    }
}

double[] unscaled = Stream(model);
chart.Line(Enumerable.Range(0, 13), unscaled, "all weights of deviation 0.02");
chart.Line(Enumerable.Range(0, 13), scaled, "projections divided by sqrt(24)");
chart.Save(Path.Combine(figures, "stream.svg"));
Console.Write($"the stream begins at {scaled[0]:F3}; after 12 blocks {scaled[^1]:F3}");
Console.WriteLine($", with projections like the others {unscaled[^1]:F3}");

// The deviation of what goes from block to block: an observer sees what each part of the model puts out.
double[] Stream(Gpt model)
{
    using var _ = Tensor.NoGrad();
    double first = (parameters["wte.weight"][ids] + parameters["wpe.weight"]).Std().Item();
    using LayerObserver observer = LayerObserver.Begin(model);
    model.Forward(ids);
    return [first, .. observer.Layers.Where(layer => layer.Kind == "Block").Select(layer => layer.Outputs.StandardDeviation)];
}
