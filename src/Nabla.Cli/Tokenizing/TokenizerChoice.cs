using Nabla.Cli.Training;
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

    /// <summary>Reads a tokenizer from a file of any format, or from the folder of a run or model.</summary>
    /// <param name="nameOrPath">What was written.</param>
    /// <param name="terminal">Where a download is shown.</param>
    /// <param name="stop">Ends a download.</param>
    /// <exception cref="TokenizerException">There is no such file, or it is no tokenizer.</exception>
    public static ITokenizer Load(string nameOrPath, Terminal terminal, CancellationToken stop)
    {
        string path = RunFolders.Resolve(nameOrPath);
        return TokenizerFile.Load(Directory.Exists(path) ? FileIn(path) : path);
    }

    private static string FileIn(string folder)
        => _fileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new TokenizerException(
                $"There is no tokenizer in the folder {folder}: name the file itself, or a folder with one of "
                + $"{string.Join(", ", _fileNames)}.");
}
