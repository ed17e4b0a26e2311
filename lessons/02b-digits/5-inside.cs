#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// What has the network of program 3 learned? Its first layer as pictures, and its opinion of pictures that show nothing.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
(DigitDataset training, DigitDataset test) = await DigitDataset.LoadAsync(DatasetStore.FromEnvironment());
training = training.Take(20_000);

// The same network, the same training.
RandomGenerator random = new(1);
Linear first = new(784, 16, random: random);
Tensor before = first.Weight.Detach().Clone();
Sequential network = new(
    first, new Sigmoid(),
    new Linear(16, 16, random: random), new Sigmoid(),
    new Linear(16, 10, random: random), new Sigmoid());
Sgd optimizer = new(network.Parameters(), learningRate: 1);
for (int epoch = 0; epoch < 10; epoch++)
{
    IndexTensor order = IndexTensor.Randperm(training.Count, random);
    for (int start = 0; start < training.Count; start += 32)
    {
        IndexTensor batch = order[start..(start + 32)];
        Tensor cost = (network.Forward(training.Images[batch]) - Tensor.OneHot(training.Labels[batch], 10)).Square().Sum(1).Mean();
        optimizer.ZeroGrad();
        cost.Backward();
        optimizer.Step();
    }
}

// A neuron of the first layer has one weight for each pixel, so its weights are a picture themselves.
new ImageGrid(28, 28, Enumerable.Range(0, 16).Select(neuron => first.Weight[neuron].Detach().ToArray()),
    "What the 16 neurons of the first layer look for")
    { Columns = 8, Diverging = true, ScaleEach = true, Scale = 3 }
    .Save(Path.Combine(figures, "weights.svg"));

// A pixel that is always 0 gives its weights no gradient. Are they still what they were before the training?
float[] ink = training.Images.Max(0).Values.ToArray();
int[] blank = [.. Enumerable.Range(0, 784).Where(pixel => ink[pixel] == 0)];
int unmoved = blank.Sum(pixel => Enumerable.Range(0, 16).Count(n => first.Weight[n, pixel].Item() == before[n, pixel].Item()));
Console.WriteLine($"pixels without ink in all of the {training.Count} digits: {blank.Length} of 784");
Console.WriteLine($"weights of these pixels: {16 * blank.Length}, of which {unmoved} are what they were before the training");
Console.WriteLine();

// How bright is the brightest output? On digits it has never seen, and on noise.
Tensor noise = Tensor.Rand(random, 1000, 784);
(Tensor sure, IndexTensor answers) = Brightest(test.Images);
(Tensor sureOfNoise, IndexTensor answersToNoise) = Brightest(noise);
int[] labels = test.Labels.ToArray();
float[] brightness = sure.ToArray();
bool[] right = [.. answers.ToArray().Zip(labels, (answer, label) => answer == label)];
Console.WriteLine("the brightest output, on average:");
Console.WriteLine($"  test digits that are read rightly  {brightness.Where((_, i) => right[i]).Average():F2}");
Console.WriteLine($"  test digits that are misread       {brightness.Where((_, i) => !right[i]).Average():F2}");
Console.WriteLine($"  1,000 pictures of noise            {sureOfNoise.Mean().Item():F2}");
Console.WriteLine();
Console.WriteLine("what it takes noise for:");
foreach (var answer in answersToNoise.ToArray().CountBy(answer => answer).OrderByDescending(answer => answer.Value))
{
    Console.WriteLine($"  {answer.Key}: {answer.Value} of 1,000");
}

string[] captions = [.. Enumerable.Range(0, 8).Select(i => $"{answersToNoise[i].Item()}: {sureOfNoise[i].Item():F2}")];
new ImageGrid(28, 28, Enumerable.Range(0, 8).Select(i => noise[i].ToArray()), "What the network says of noise")
    { Columns = 8, Captions = captions, Scale = 2 }
    .Save(Path.Combine(figures, "noise.svg"));

(Tensor Values, IndexTensor Indices) Brightest(Tensor images)
{
    using var _ = Tensor.NoGrad();
    return network.Forward(images).Max(1);
}
