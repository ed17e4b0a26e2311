#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Two things changed since the first networks: the cost and the neuron. The same network three times: as it was, with
// cross-entropy for squared differences, and with rectifiers for sigmoids as well.

using Nabla;
using Nabla.Language.Data;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");
(DigitDataset training, DigitDataset test) = await DigitDataset.LoadAsync(DatasetStore.FromEnvironment());
training = training.Take(20_000);

Tensor Squares(Tensor outputs, IndexTensor labels) => (outputs.Sigmoid() - Tensor.OneHot(labels, 10)).Square().Sum(1).Mean();
Tensor CrossEntropy(Tensor outputs, IndexTensor labels) => outputs.CrossEntropy(labels);

Chart chart = new("Test digits read rightly, %") { X = { Label = "epoch" }, Y = { Minimum = 60, Maximum = 100 } };
Train("sigmoid, squares", () => new Sigmoid(), Squares, learningRate: 1);
Train("sigmoid, cross-entropy", () => new Sigmoid(), CrossEntropy, learningRate: 0.5f);
Train("ReLU, cross-entropy", () => new Relu(), CrossEntropy, learningRate: 0.1f);
chart.Save(Path.Combine(figures, "relu.svg"));

void Train(string name, Func<Layer> neuron, Func<Tensor, IndexTensor, Tensor> costOf, float learningRate)
{
    RandomGenerator random = new(1);
    Linear[] layers = [new(784, 16, random: random), new(16, 16, random: random), new(16, 10, random: random)];
    Sequential network = new(layers[0], neuron(), layers[1], neuron(), layers[2]);
    Sgd optimizer = new(network.Parameters(), learningRate);
    List<double> accuracies = [];
    for (int epoch = 0; epoch < 10; epoch++)
    {
        IndexTensor order = IndexTensor.Randperm(training.Count, random);
        for (int start = 0; start < training.Count; start += 32)
        {
            IndexTensor batch = order[start..(start + 32)];
            Tensor cost = costOf(network.Forward(training.Images[batch]), training.Labels[batch]);
            optimizer.ZeroGrad();
            cost.Backward();
            if (optimizer.StepCount == 0)
            {
                // How steep is it for the weights of each layer, before the first step?
                var steepness = layers.Select(layer => layer.Weight.Grad!.Norm().Item());
                Console.WriteLine($"{name}: gradient {string.Join(", ", steepness.Select(norm => $"{norm:F2}"))}");
            }

            optimizer.Step();
        }

        accuracies.Add(100 * Accuracy(network, test));
    }

    Console.WriteLine($"  test digits read rightly, %:  {string.Join("  ", accuracies.Select(accuracy => $"{accuracy:F0}"))}");
    Console.WriteLine($"  training digits at the end: {100 * Accuracy(network, training):F0} %");
    chart.Line(Enumerable.Range(1, 10), accuracies, name);
}

double Accuracy(Sequential network, DigitDataset digits)
{
    using var _ = Tensor.NoGrad();
    int[] answers = network.Forward(digits.Images).ArgMax(1).ToArray();
    return answers.Zip(digits.Labels.ToArray()).Average(pair => pair.First == pair.Second ? 1 : 0);
}
