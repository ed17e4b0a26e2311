using Nabla.Cli.Training;
using Nabla.Cli.Views;
using Nabla.Language;

namespace Nabla.Cli.Models;

/// <summary>Opens the model that a user means: a folder, a file, or a name on Hugging Face's hub.</summary>
internal static class ModelSource
{
    /// <summary>What an argument takes, as help pages call it.</summary>
    public const string ValueName = "model";

    /// <summary>What it stands for.</summary>
    public const string Description =
        "folder of a run, such as runs/latest, of an import or as Hugging Face keeps it; a .bin of llm.c; or hf:OWNER/NAME";

    /// <summary>What the option means that goes with it.</summary>
    public const string OfflineDescription = "of hf: models, take only what was downloaded before";

    /// <summary>Opens a model, downloading it first where it is one of the hub's and not on this machine yet.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="offline">Whether to do without the network.</param>
    /// <param name="terminal">Where a download is shown.</param>
    /// <param name="stop">Ends a download.</param>
    public static SavedModel Open(string text, bool offline, Terminal terminal, CancellationToken stop)
    {
        if (!text.StartsWith(HubModelName.Scheme, StringComparison.Ordinal))
        {
            return SavedModel.Open(RunFolders.Resolve(text));
        }

        HuggingFaceHub hub = HuggingFaceHub.FromEnvironment(offline);
        return SavedModel.Open(hub.FetchAsync(HubModelName.Parse(text), new HubLine(terminal), stop).GetAwaiter().GetResult());
    }
}
