#:project ../../src/Nabla.Scalar/Nabla.Scalar.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// Neurons side by side are a layer, layers in a row a network. Four examples, one loss, and steps against the gradient.

using Nabla.Plotting;
using Nabla.Scalar;

string figures = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "figures");

Value[][] inputs = [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]];
double[] targets = [1, -1, -1, 1];

Mlp model = NewModel();
Console.WriteLine($"a network of {string.Join(", ", model.Layers.Select(layer => layer.Neurons.Length))} neurons: "
    + $"{model.Parameters.Count()} parameters");
ComputationGraph.Of(model.Output(inputs[0])).Save(Path.Combine(figures, "network.svg"));

// What the untrained network says, and one number for how wrong it is.
Value[] predictions = [.. inputs.Select(x => model.Output(x))];
Value loss = Loss.SquaredError(predictions, targets);
Console.WriteLine($"it says {Show(predictions)}, it should say {string.Join("  ", targets)}: loss {loss.Data:0.0000}");

// The loss is a Value like any other, so every parameter learns how the loss depends on it.
loss.Backward();
Value weight = model.Layers[0].Neurons[0].Weights[0];
Console.WriteLine($"the first weight: {weight.Data:0.0000}, gradient {weight.Grad:0.0000}; "
    + $"the graph of this loss has {loss.TopologicalOrder().Count} values");

// One step: every parameter a little against its gradient.
Console.WriteLine();
foreach (Value parameter in model.Parameters)
{
    parameter.Data -= 0.01 * parameter.Grad;
}

Console.WriteLine($"after one step of 0.01:  the weight {weight.Data:0.0000}, loss {CurrentLoss(model).Data:0.0000}");

// Up instead of down, the commonest slip of the sign.
Mlp wrong = NewModel();
CurrentLoss(wrong).Backward();
foreach (Value parameter in wrong.Parameters)
{
    parameter.Data += 0.01 * parameter.Grad;
}

Console.WriteLine($"with the sign mistaken:  loss {CurrentLoss(wrong).Data:0.0000}");

// And again, and again.
Console.WriteLine();
model = NewModel();
double[] losses = Train(model, steps: 100, rate: 0.05);
foreach (int step in (int[])[0, 1, 2, 3, 4, 5, 10, 20, 40, 60, 80, 99])
{
    Console.WriteLine($"step {step,3}: loss {losses[step]:0.0000}");
}

Console.WriteLine($"it says {Show([.. inputs.Select(x => model.Output(x))])}");

// How far to step, and what forgetting to zero the gradients does.
Chart chart = new("The loss over 100 steps") { X = { Label = "step" }, Y = { Label = "loss", Logarithmic = true, Minimum = 1e-4, Maximum = 20 } };
foreach (double rate in (double[])[0.005, 0.05, 0.5])
{
    double[] curve = Train(NewModel(), 100, rate);
    chart.Line(Enumerable.Range(0, curve.Length), curve, $"rate {rate}");
}

double[] forgotten = Train(NewModel(), 100, 0.05, zeroGrad: false);
chart.Line(Enumerable.Range(0, forgotten.Length), forgotten, "rate 0.05, ZeroGrad forgotten", dashed: true);
chart.Save(Path.Combine(figures, "rates.svg"));
Console.WriteLine();
Console.WriteLine($"after 20 steps of 0.05: loss {losses[20]:0.0000}, and {forgotten[20]:0.0e+0} where ZeroGrad was forgotten");

// Always the same random numbers, so that the printed ones stay the same.
static Mlp NewModel() => new(3, [4, 4, 1], new Random(1));

Value CurrentLoss(Mlp mlp) => Loss.SquaredError([.. inputs.Select(x => mlp.Output(x))], targets);

double[] Train(Mlp mlp, int steps, double rate, bool zeroGrad = true)
{
    double[] curve = new double[steps];
    for (int step = 0; step < steps; step++)
    {
        Value current = CurrentLoss(mlp);   // forward
        if (zeroGrad)
        {
            mlp.ZeroGrad();
        }

        current.Backward();                 // backward
        foreach (Value parameter in mlp.Parameters)
        {
            parameter.Data -= rate * parameter.Grad; // update
        }

        curve[step] = current.Data;
    }

    return curve;
}

static string Show(Value[] values) => string.Join("  ", values.Select(value => $"{value.Data:0.00}"));
