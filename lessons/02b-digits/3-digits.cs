#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// A network of 42 neurons learns to read handwritten digits: 784 pixels in, 16 neurons, 16 neurons, 10 answers out.
// Sigmoid neurons and the sum of squared differences, as the first networks had them.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

// Digits to learn from, and others to be tested on. Of the 60,000 in MNIST the first 20,000 do.
(DigitDataset training, DigitDataset test) = await DigitDataset.LoadAsync(DatasetStore.FromEnvironment());
training = training.Take(20_000);
Console.WriteLine($"{training.Count} digits to learn from: images {training.Images.Shape}, labels {training.Labels.Shape}");
Console.WriteLine($"{test.Count} digits to be tested on");

RandomGenerator random = new(1);
Sequential network = new(
    new Linear(784, 16, random: random), new Sigmoid(),
    new Linear(16, 16, random: random), new Sigmoid(),
    new Linear(16, 10, random: random), new Sigmoid());
int weights = network.Parameters().Where(p => p.Rank == 2).Sum(p => p.Count);
Console.WriteLine($"{weights} weights and {network.Parameters().Sum(p => p.Count) - weights} biases");

// What the network says of one digit before it has learned anything, and what that costs.
Tensor said = network.Forward(training.Images[..1]);
Tensor meant = Tensor.OneHot(training.Labels[..1], 10);
Console.WriteLine($"label  {training.Labels[0].Item()}");
Console.WriteLine($"says   {string.Join(' ', said.ToArray().Select(output => output.ToString("F2")))}");
Console.WriteLine($"should {string.Join("    ", meant.ToArray())}");
Console.WriteLine($"cost   {(said - meant).Square().Sum().Item():F2}");
Console.WriteLine();

// The training loop of all of deep learning: some examples, what is said, what that costs, the gradient, a step downhill.
Sgd optimizer = new(network.Parameters(), learningRate: 1);
List<double> costs = [], onTraining = [], onTest = [];
Console.WriteLine("epoch   cost   right on training digits   right on test digits");
Report(0, double.NaN);
for (int epoch = 1; epoch <= 10; epoch++)
{
    double sum = 0;
    IndexTensor order = IndexTensor.Randperm(training.Count, random);
    for (int start = 0; start < training.Count; start += 32)
    {
        IndexTensor batch = order[start..(start + 32)];
        Tensor outputs = network.Forward(training.Images[batch]);
        Tensor cost = (outputs - Tensor.OneHot(training.Labels[batch], 10)).Square().Sum(1).Mean();

        optimizer.ZeroGrad();
        cost.Backward();
        optimizer.Step();
        sum += cost.Item();
    }

    Report(epoch, sum / (training.Count / 32));
}

void Report(int epoch, double cost)
{
    costs.Add(cost);
    onTraining.Add(100 * Accuracy(training));
    onTest.Add(100 * Accuracy(test));
    Console.WriteLine($"{epoch,5}   {(epoch == 0 ? "" : $"{cost:F2}"),4}   {onTraining[^1],22:F0} %   {onTest[^1],18:F0} %");
}

// The network's answer is the neuron that shines brightest.
int[] Answers(DigitDataset digits)
{
    using var _ = Tensor.NoGrad();
    return network.Forward(digits.Images).ArgMax(1).ToArray();
}

double Accuracy(DigitDataset digits)
    => Answers(digits).Zip(digits.Labels.ToArray()).Average(pair => pair.First == pair.Second ? 1 : 0);

// Which digits does it get wrong, and what does it take them for?
int[] answers = Answers(test);
int[] labels = test.Labels.ToArray();
int[] wrong = [.. Enumerable.Range(0, test.Count).Where(i => answers[i] != labels[i])];
Console.WriteLine();
Console.WriteLine("most often misread:");
foreach (var pair in wrong.CountBy(i => (Label: labels[i], Answer: answers[i])).OrderByDescending(pair => pair.Value).Take(2))
{
    Console.WriteLine($"  a {pair.Key.Label} taken for a {pair.Key.Answer}: {pair.Value} times");
}

new ImageGrid(28, 28, Images(training, Enumerable.Range(0, 24)), "Digits to learn from")
    { Columns = 8, Captions = [.. training.Labels[..24].ToArray().Select(label => $"{label}")], Scale = 2 }
    .Save(Path.Combine(figures, "digits.svg"));
new ImageGrid(28, 28, Images(test, wrong.Take(24)), "The first 24 test digits that are misread")
    { Columns = 8, Captions = [.. wrong.Take(24).Select(i => $"{labels[i]} as {answers[i]}")], Scale = 2 }
    .Save(Path.Combine(figures, "misread.svg"));
new Panels(
    [
        new Chart("Cost", 400, 320) { X = { Label = "epoch" }, Y = { Minimum = 0 } }.Line(Enumerable.Range(1, 10), costs.Skip(1)),
        new Chart("Digits read rightly, %", 400, 320) { X = { Label = "epoch" }, Y = { Minimum = 0, Maximum = 100 } }
            .Line(onTraining, "training digits").Line(onTest, "test digits", dashed: true),
    ])
    .Save(Path.Combine(figures, "training.svg"));

IEnumerable<float[]> Images(DigitDataset digits, IEnumerable<int> which) => which.Select(i => digits.Images[i].ToArray());
