namespace Nabla.Cli.Tests;

/// <summary>A folder of a test's own, gone when the test is over, with the shortest text and model that train.</summary>
public sealed class Workspace : IDisposable
{
    private static readonly string[] _tinyModel =
    [
        "--layers", "1", "--heads", "2", "--width", "8", "--context", "8",
        "--batch", "4", "--eval-batches", "2", "--threads", "1",
    ];

    public Workspace() => Folder = Directory.CreateTempSubdirectory("nabla-cli-").FullName;

    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string PathOf(params string[] names) => Path.Combine([Folder, .. names]);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    /// <summary>Writes a running text of two lines, over and over.</summary>
    public string WriteText()
        => Write("text.txt", string.Concat(Enumerable.Repeat("the quick brown fox\njumps over the lazy dog\n", 20)));

    /// <summary>Writes a list of words, made of a few syllables.</summary>
    public string WriteWords()
    {
        string[] syllables = ["ba", "ke", "li", "mo", "nu", "ra"];
        return Write("words.txt", string.Join('\n', syllables.SelectMany(a => syllables, (a, b) => a + b)));
    }

    /// <summary>Returns the arguments that train a tiny model into a folder.</summary>
    public static string[] TinyTraining(string source, string run, params string[] more)
        => ["train", source, "--out", run, .. _tinyModel, .. more];

    /// <summary>Runs a command in this process.</summary>
    public static CommandResult Nabla(params string[] args) => NablaReading([], args);

    /// <summary>Runs a command in this process, with bytes on its standard input.</summary>
    public static CommandResult NablaReading(byte[] input, params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Terminal terminal = new(output, error) { OpenInput = () => new MemoryStream(input) };
        int code = CommandLine.Run(args, terminal);
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a command did.</summary>
public sealed record CommandResult(int Code, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
