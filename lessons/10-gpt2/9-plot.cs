#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:project ../../src/Nabla.Plotting/Nabla.Plotting.csproj
#:property PublishAot=false

// The log of program 8 as a table and as the lecture's last figure; or another log: dotnet run -c Release 9-plot.cs log.txt

using System.Globalization;
using Nabla.Plotting;

string lesson = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
string? own = args.FirstOrDefault(argument => argument != "--quick");

// 1. A line of the log is a step, the name of a series, a number.
static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
ILookup<string, (int Step, double Value)> series = File.ReadLines(own ?? Path.Combine(lesson, "log", "log.txt"))
    .Select(line => line.Split(' '))
    .ToLookup(parts => parts[1], parts => ((int)Number(parts[0]), Number(parts[2])));
(int Step, double Value)[] train = [.. series["train"]], validation = [.. series["val"]], right = [.. series["hella"]];

Console.WriteLine($"{"step",5} {"training",9} {"validation",11} {"right",7}");
foreach (var (step, loss) in validation)
{
    double[] before = [.. train.Where(entry => entry.Step < step && entry.Step >= step - 25).Select(entry => entry.Value)];
    string mean = before.Length == 0 ? "" : $"{before.Average():F3}";
    Console.WriteLine($"{step,5} {mean,9} {loss,11:F3} {100 * right.First(entry => entry.Step == step).Value,5:F1} %");
}

(int best, double least) = validation.MinBy(entry => entry.Value);
Console.WriteLine($"least validation loss {least:F4} after {best} steps");

// 2. Two panels. The models of lesson 7 spoke of characters; in the text that they are judged by, 3.09 of them are a token.
const double charactersPerToken = 3.09, small = 1.82, large = 1.4734;
Chart losses = new("loss", width: 460, height: 380)
{
    X = { Label = "step" },
    Y = { Label = "nats a token", Minimum = 4, Maximum = 11 },
};
losses.Line(train.Select(entry => entry.Step), train.Select(entry => entry.Value), "training");
losses.Line(validation.Select(entry => entry.Step), validation.Select(entry => entry.Value), "validation");
losses.HorizontalLine(small * charactersPerToken, "lesson 7, 209,729 parameters");
losses.HorizontalLine(large * charactersPerToken, "lesson 7, 10.8 million");
Chart choices = new("which of four endings?", width: 460, height: 380)
{
    X = { Label = "step" },
    Y = { Label = "% right", Minimum = 20 },
};
choices.Line(right.Select(entry => entry.Step), right.Select(entry => 100 * entry.Value), "this model");
choices.HorizontalLine(25, "chance");
if (own is null)
{
    new Panels([losses, choices]).Save(Path.Combine(lesson, "figures", "run.svg"));
}
