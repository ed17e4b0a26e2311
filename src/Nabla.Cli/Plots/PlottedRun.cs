using System.Globalization;
using Nabla.Cli.Training;
using Nabla.Language;

namespace Nabla.Cli.Plots;

/// <summary>A run whose steps are drawn.</summary>
/// <param name="Name">What the figure calls it.</param>
/// <param name="Config">What it computes.</param>
/// <param name="Steps">Its steps so far; at least one.</param>
internal sealed record PlottedRun(string Name, RunConfig Config, IReadOnlyList<StepMetrics> Steps)
{
    private long TokensPerStep
        => (long)Config.Training.BatchSize * Config.Training.AccumulationSteps * Config.Model.ContextLength;

    /// <summary>Opens runs in the order of their paths, each once; those that have not made a step yet are left out.</summary>
    /// <param name="paths">Folders of runs; <c>runs/latest</c> and patterns such as <c>runs/*</c> stand for what they mean.</param>
    /// <param name="leftOut">Told of a run that is left out.</param>
    /// <exception cref="InvalidRunException">There is no run in a folder, or no step in any of them.</exception>
    public static IReadOnlyList<PlottedRun> Open(IEnumerable<string> paths, Action<string> leftOut)
    {
        string[] folders =
        [
            .. paths.SelectMany(RunFolders.Expand).Select(RunFolders.Resolve)
                .Select(path => Path.TrimEndingDirectorySeparator(path))
                .DistinctBy(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))),
        ];
        string[] names = [.. folders.Select(path => Path.GetFileName(Path.GetFullPath(path)))];
        if (names.Distinct().Count() < names.Length)
        {
            names = folders;
        }

        List<PlottedRun> runs = [];
        foreach ((string folder, string name) in folders.Zip(names))
        {
            using RunDirectory run = RunDirectory.Open(folder);
            IReadOnlyList<StepMetrics> steps = run.ReadMetrics();
            if (steps.Count > 0)
            {
                runs.Add(new PlottedRun(name, run.Config, steps));
            }
            else if (folders.Length == 1)
            {
                throw new InvalidRunException(
                    $"The run in {run.Path} has no step to draw yet: let it train, with `nabla train --resume {folder}`.");
            }
            else
            {
                leftOut(folder);
            }
        }

        return runs.Count > 0 ? runs : throw new InvalidRunException(
            $"None of the {folders.Length} runs has a step to draw yet: let one train, with `nabla train --resume {folders[0]}`.");
    }

    /// <summary>Where a step lies on the axis: how many have been taken with it, or on how many tokens.</summary>
    public double Position(StepMetrics step, bool inTokens) => (step.Step + 1.0) * (inTokens ? TokensPerStep : 1);

    /// <summary>How far it is and how well it does, as a row below <see cref="Columns"/>.</summary>
    public string[] Row()
    {
        StepMetrics best = Steps.Where(step => step.ValidationLoss is not null).DefaultIfEmpty().MinBy(step => step.ValidationLoss);
        return
        [
            Name,
            (Steps[^1].Step + 1).ToString("N0", CultureInfo.InvariantCulture),
            Steps[^1].Loss.ToString("F4", CultureInfo.InvariantCulture),
            best.ValidationLoss is float loss
                ? string.Create(CultureInfo.InvariantCulture, $"{loss:F4} at step {best.Step + 1:N0}")
                : "not measured",
        ];
    }

    /// <summary>Gets what the parts of <see cref="Row"/> are.</summary>
    public static string[] Columns => ["run", "steps", "last loss", "best validation"];
}
