using Nabla.Cli.Training;
using Nabla.Cli.Views;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>Opens the tokenizer that a user means by what stands after <c>--tokenizer</c>.</summary>
internal static class TokenizerChoice
{
    /// <summary>What the option takes, as help pages call it.</summary>
    public const string ValueName = "NAME|PATH";

    // In a folder, the first of these that is there.
    private static readonly string[] _fileNames =
        ["tokenizer.json", "tokenizer.model", "tokenizer.tiktoken", "vocab.bpe", "merges.txt"];

    /// <summary>The names after the option, each with what it stands for.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Names { get; } =
    [
        .. NamedTokenizer.All.Select(tokenizer => (tokenizer.Name, tokenizer.Description)),
        ("PATH", "a file of any format, told by its content, or the folder of a run"),
    ];

    /// <summary>
    /// Reads a tokenizer by its name, downloading its files if they are not on this machine yet, or from a file of any format,
    /// or from the folder of a run or model. A name wins over a file of that name; <c>./gpt2</c> is the file.
    /// </summary>
    /// <param name="nameOrPath">What was written.</param>
    /// <param name="terminal">Where a download is shown.</param>
    /// <param name="stop">Ends a download.</param>
    /// <param name="splitter">How text is cut, for a file that does not say it.</param>
    /// <exception cref="UsageException">There is no such name, nor a file.</exception>
    /// <exception cref="TokenizerException">The file is no tokenizer.</exception>
    /// <exception cref="DataFileException">The files of a name cannot be had.</exception>
    public static ITokenizer Load(string nameOrPath, Terminal terminal, CancellationToken stop, TextSplitter? splitter = null)
    {
        if (NamedTokenizer.Find(nameOrPath) is NamedTokenizer named)
        {
            return named.Load([.. named.Files.Select(file => Fetch(file, terminal, stop))]);
        }

        string path = RunFolders.Resolve(nameOrPath);
        if (Directory.Exists(path))
        {
            return TokenizerFile.Load(FileIn(path), splitter);
        }

        return File.Exists(path) ? TokenizerFile.Load(path, splitter) : throw Missing(nameOrPath);
    }

    private static string Fetch(RemoteFile file, Terminal terminal, CancellationToken stop)
        => DatasetStore.FromEnvironment().FetchAsync(file, new DownloadLine(file.FileName, file.Length, terminal), stop)
            .GetAwaiter().GetResult();

    private static string FileIn(string folder)
        => _fileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new TokenizerException(
                $"There is no tokenizer in the folder {folder}: name the file itself, or a folder with one of "
                + $"{string.Join(", ", _fileNames)}.");

    // What looks like a path was not meant as a name.
    private static Exception Missing(string nameOrPath)
    {
        string[] names = [.. NamedTokenizer.All.Select(tokenizer => tokenizer.Name)];
        return nameOrPath.AsSpan().IndexOfAny('/', '\\', '.') >= 0
            ? new TokenizerException($"{nameOrPath} does not exist: give the path of a tokenizer, or one of {string.Join(", ", names)}.")
            : new UsageException($"Unknown tokenizer {nameOrPath}. Did you mean {NearestName.Find(nameOrPath, names)}?");
    }
}
