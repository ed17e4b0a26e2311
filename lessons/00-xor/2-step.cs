#:project ../../src/Nabla/Nabla.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The gradient says how the loss answers when a number of the model is moved a little. A step moves all of them against it.

using Nabla;
using Nabla.Nn;
using Nabla.Optim;
using Nabla.Plotting;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Tensor x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
Tensor y = Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } });

// The model of the first program, written as a chain of layers; from the same seed it has the same nine numbers.
RandomGenerator random = new(42);
Linear first = new(2, 2, random: random), second = new(2, 1, random: random);
Sequential model = new(first, new Sigmoid(), second, new Sigmoid());

float Loss() => model.Forward(x).MseLoss(y).Item();

// 1. One number alone: the bias of the output. A little more of it, a little less, and the loss each time.
Tensor bias = second.Bias!;
float start = bias.Item();
Console.WriteLine("output bias   loss");
foreach (float value in (float[])[start + 0.01f, start, start - 0.01f, start - 0.1f, start - 0.5f])
{
    Console.WriteLine($"{value,11:0.0000}   {LossAt(value):0.0000}");
}

float LossAt(float value)
{
    Set(bias, [value]);
    float loss = Loss();
    Set(bias, [start]);
    return loss;
}

// What is done to a model's numbers by hand is no part of what it computes.
void Set(Tensor parameter, float[] values)
{
    using (Tensor.NoGrad())
    {
        parameter.CopyFrom(values);
    }
}

// 2. The slope of the loss by each of the nine: measured as above, and as Backward computes it, for all of them in one go.
model.Forward(x).MseLoss(y).Backward();
Console.WriteLine();
Console.WriteLine("              value    measured   Backward");
foreach ((string name, Tensor parameter) in model.NamedParameters())
{
    float[] values = parameter.ToArray(), gradient = parameter.Grad!.ToArray();
    for (int i = 0; i < values.Length; i++)
    {
        Console.WriteLine($"{name,-9}{i}  {values[i],8:0.0000}  {Slope(parameter, values, i),8:0.000}   {gradient[i],8:0.000}");
    }
}

float Slope(Tensor parameter, float[] values, int index)
{
    const float little = 0.01f;
    float[] moved = [.. values];
    moved[index] = values[index] + little;
    Set(parameter, moved);
    float up = Loss();
    moved[index] = values[index] - little;
    Set(parameter, moved);
    float down = Loss();
    Set(parameter, values);
    return (up - down) / (2 * little);
}

// 3. The loss against that one bias, with the slope where the model stands.
float slope = bias.Grad!.Item();
float lossAtStart = Loss();
new Chart("The loss, if only the output's bias is moved")
{
    X = { Label = "output bias" },
    Y = { Label = "loss" },
}
    .Line(value => LossAt((float)value), from: -2.5, to: 2.5, name: "loss")
    .Line(value => lossAtStart + (slope * (value - start)), from: start - 1, to: start + 1, name: "slope")
    .Scatter([start], [lossAtStart], "the model now")
    .Save(Path.Combine(figures, "slope.svg"));

// 4. Steps: every number of the model minus the learning rate times its slope.
Console.WriteLine();
foreach (float learningRate in (float[])[0.1f, 1, 10, 100])
{
    float[][] before = [.. model.Parameters().Select(parameter => parameter.ToArray())];
    new Sgd(model.Parameters(), learningRate).Step();
    string answers = string.Join(" ", model.Forward(x).ToArray().Select(answer => $"{answer:0.0000}"));
    Console.WriteLine($"learning rate {learningRate,3}: loss {lossAtStart:0.0000} -> {Loss():0.0000}, answers {answers}");
    foreach ((Tensor parameter, float[] values) in model.Parameters().Zip(before))
    {
        Set(parameter, values);
    }
}
