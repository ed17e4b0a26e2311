using System.CommandLine;
using Nabla.Cli.Views;
using Nabla.Language.Data;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla data</c>: the texts and digits known by name, and corpora as tokens.</summary>
internal sealed class DataCommand : NablaCommand
{
    private const string NotHere = "not downloaded yet";

    private readonly Terminal _terminal;
    private readonly Argument<string> _name = new("name")
    {
        HelpName = "name",
        Description = "a name that `nabla data list` shows",
    };

    public DataCommand(Terminal terminal)
        : base("data", "List and download the sets that are known by name; turn a corpus into tokens.")
    {
        _terminal = terminal;
        NablaCommand list = new("list", "Show the named sets, and where they are on this machine.")
        {
            Examples = [("nabla data list", "what there is to train on")],
        };
        list.SetAction(_ => List());
        NablaCommand get = new("get", "Download a named set, check it, and print where it is.")
        {
            Examples =
            [
                ("nabla data get shakespeare", "have it on this machine before going offline"),
                ("nabla data get mnist", "the digits of lessons/02b-digits: four files, 12 MB"),
            ],
        };
        get.Arguments.Add(_name);
        get.SetAction(Get);
        Subcommands.Add(list);
        Subcommands.Add(get);
        DataPrepareCommand prepare = new(terminal);
        Subcommands.Add(prepare);
        Examples = [.. list.Examples, .. get.Examples, prepare.Examples[0]];
    }

    private int List()
    {
        DatasetStore store = DatasetStore.FromEnvironment();
        Columns.Write(_terminal.Output,
        [
            ["name", "what", "where"],
            .. NamedDataset.All.Select(dataset => new[]
            {
                dataset.Name,
                dataset.Description,
                dataset.File is null ? "part of the program" : store.Locate(dataset) ?? NotHere,
            }),
            [DigitDataset.Name, DigitDataset.Description, WhereDigitsAre(store)],
        ]);
        return ExitCode.Done;
    }

    private int Get(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        string name = result.GetRequiredValue(_name);
        foreach (RemoteFile file in FilesOf(name))
        {
            DownloadLine progress = new(file.FileName, file.Length, _terminal);
            _terminal.Output.WriteLine(
                DatasetStore.FromEnvironment().FetchAsync(file, progress, interrupt.Token).GetAwaiter().GetResult());
        }

        if (NamedDataset.Find(name) is { File: null })
        {
            _terminal.Output.WriteLine("part of the program");
        }

        return ExitCode.Done;
    }

    private static IReadOnlyList<RemoteFile> FilesOf(string name)
    {
        if (name == DigitDataset.Name)
        {
            return DigitDataset.Files;
        }

        IEnumerable<string> names = NamedDataset.All.Select(known => known.Name).Append(DigitDataset.Name);
        NamedDataset dataset = NamedDataset.Find(name)
            ?? throw new UsageException($"Unknown set {name}. Did you mean {NearestName.Find(name, names)}?");
        return dataset.File is null ? [] : [dataset.File];
    }

    private static string WhereDigitsAre(DatasetStore store)
    {
        string?[] folders = [.. DigitDataset.Files.Select(file => Path.GetDirectoryName(store.Locate(file))).Distinct()];
        return folders is [string folder] ? folder
            : folders.Any(found => found is not null) ? "only some of its files"
            : NotHere;
    }
}
