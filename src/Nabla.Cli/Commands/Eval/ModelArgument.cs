using System.CommandLine;
using Nabla.Cli.Training;
using Nabla.Language;

namespace Nabla.Cli.Commands.Eval;

/// <summary>The model that a command measures, and the threads that it does so on.</summary>
internal sealed class ModelArgument
{
    private readonly Option<string> _threads = new("--threads") { HelpName = "N", Description = "threads to compute on" };

    /// <summary>Gets the argument.</summary>
    public Argument<string> Argument { get; } = new("model")
    {
        HelpName = "model",
        Description = "folder of a run, such as runs/latest, of an import, or of Hugging Face",
    };

    /// <summary>Gets the option.</summary>
    public Option Threads => _threads;

    /// <summary>Sets the threads and opens the model's folder.</summary>
    public SavedModel Open(ParseResult result)
    {
        ThreadOption.Apply(result.TextOf(_threads) is string threads ? Values.WholeNumber(_threads.Name, threads) : null);
        return SavedModel.Open(RunFolders.Resolve(result.GetRequiredValue(Argument)));
    }
}
