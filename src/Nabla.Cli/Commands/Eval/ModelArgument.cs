using System.CommandLine;
using Nabla.Cli.Models;
using Nabla.Language;

namespace Nabla.Cli.Commands.Eval;

/// <summary>The model that a command measures, and the threads that it does so on.</summary>
internal sealed class ModelArgument
{
    private readonly Option<string> _threads = new("--threads") { HelpName = "N", Description = "threads to compute on" };
    private readonly Option<bool> _offline = new("--offline") { Description = ModelSource.OfflineDescription };

    /// <summary>Gets the argument.</summary>
    public Argument<string> Argument { get; } = new(ModelSource.ValueName)
    {
        HelpName = ModelSource.ValueName,
        Description = ModelSource.Description,
    };

    /// <summary>Gets the options.</summary>
    public IReadOnlyList<Option> Options => [_offline, _threads];

    /// <summary>Sets the threads and opens the model, which may be downloaded for it.</summary>
    public SavedModel Open(ParseResult result, Terminal terminal, CancellationToken stop)
    {
        ThreadOption.Apply(result.TextOf(_threads) is string threads ? Values.WholeNumber(_threads.Name, threads) : null);
        return ModelSource.Open(result.GetRequiredValue(Argument), result.GetValue(_offline), terminal, stop);
    }
}
