using Nabla.Cli.Views;
using Nabla.Language.Data;

namespace Nabla.Cli.Tokenizing;

/// <summary>The texts that a tokenizer is trained on, or a corpus is made of: files, named sets, or the standard input.</summary>
internal static class TrainingTexts
{
    /// <summary>The paths of the texts, or null for the standard input.</summary>
    /// <param name="written">What the user named.</param>
    /// <param name="terminal">Where a download is shown.</param>
    /// <param name="stop">Ends a download.</param>
    /// <exception cref="UsageException">The standard input is named beside others, or a set that is no file.</exception>
    /// <exception cref="DataFileException">A file does not exist.</exception>
    public static IReadOnlyList<string>? Paths(IReadOnlyList<string> written, Terminal terminal, CancellationToken stop)
    {
        if (!written.Contains("-"))
        {
            return [.. written.Select(name => PathOf(name, terminal, stop))];
        }

        return written.Count == 1
            ? null
            : throw new UsageException("- is the standard input, which is read alone: leave out the files, or join them into it.");
    }

    private static string PathOf(string name, Terminal terminal, CancellationToken stop)
    {
        if (NamedDataset.Find(name) is NamedDataset set)
        {
            return set.File is RemoteFile file
                ? DatasetStore.FromEnvironment().FetchAsync(file, new DownloadLine(name, terminal), stop).GetAwaiter().GetResult()
                : throw new UsageException($"{name} is part of the program and no file: take names-full, or a file of your own.");
        }

        return name == DigitDataset.Name ? throw new UsageException($"{name} is pictures of digits and not a text: name a text.")
            : Directory.Exists(name) ? throw new DataFileException($"{name} is a folder: name the files in it.")
            : File.Exists(name) ? name
            : throw new DataFileException($"{name} does not exist: check the name and the folder.");
    }
}
