#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The losses of the lecture's large GPT, 10.8 million parameters, from the log of its training; or from that of your own run:
// dotnet run -c Release 9-large.cs runs/latest

using Nabla.Language;
using Nabla.Plotting;

string lesson = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
string? own = args.FirstOrDefault(argument => argument != "--quick");
using RunDirectory run = RunDirectory.Open(own ?? Path.Combine(lesson, "large"));
IReadOnlyList<StepMetrics> steps = run.ReadMetrics();
StepMetrics[] measured = [.. steps.Where(step => step.ValidationLoss is not null)];

// 1. A single batch says little, the mean of a hundred what the model has learnt of its own text. Dropout makes it look worse.
Console.WriteLine($"{run.Config.Model.Describe()}, batches of {run.Config.Training.BatchSize}");
Console.WriteLine();
Console.WriteLine($"{"step",5} {"rate",9} {"training",9} {"validation",11}");
foreach (StepMetrics step in measured)
{
    float training = steps.Where(other => other.Step <= step.Step && other.Step > step.Step - 100).Average(other => other.Loss);
    Console.WriteLine($"{step.Step + 1,5} {step.LearningRate,9:0.00000} {training,9:F3} {step.ValidationLoss,11:F3}");
}

StepMetrics best = measured.MinBy(step => step.ValidationLoss);
Console.WriteLine();
Console.WriteLine($"lowest validation loss {best.ValidationLoss:F4}, after {best.Step + 1} steps");

// 2. The same as a picture.
Chart chart = new("10.8 million parameters on tiny Shakespeare", width: 720, height: 420)
{
    X = { Label = "step" },
    Y = { Label = "loss", Minimum = 1.2, Maximum = 3 },
};
chart.Line(steps.Select(step => step.Step), steps.Select(step => step.Loss), "training, with dropout");
chart.Line(measured.Select(step => step.Step), measured.Select(step => step.ValidationLoss!.Value), "validation");
chart.HorizontalLine(1.48, "the lecture's best");
if (own is null)
{
    chart.Save(Path.Combine(lesson, "figures", "large.svg"));
}
