using System.CommandLine;
using Nabla.Cli.Views;
using Nabla.Language.Data;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla data</c>: the texts known by name, and corpora as tokens.</summary>
internal sealed class DataCommand : NablaCommand
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _name = new("name")
    {
        HelpName = "name",
        Description = "a name that `nabla data list` shows",
    };


    public DataCommand(Terminal terminal)
        : base("data", "List and download the texts that are known by name; turn a corpus into tokens.")
    {
        _terminal = terminal;
        NablaCommand list = new("list", "Show the named sets, and where they are on this machine.")
        {
            Examples = [("nabla data list", "what there is to train on")],
        };
        list.SetAction(_ => List());
        NablaCommand get = new("get", "Download a named set, check it, and print where it is.")
        {
            Examples = [("nabla data get shakespeare", "have it on this machine before going offline")],
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
            ["name", "text", "where"],
            .. NamedDataset.All.Select(dataset => new[]
            {
                dataset.Name,
                dataset.Description,
                dataset.File is null ? "part of the program" : store.Locate(dataset) ?? "not downloaded yet",
            }),
        ]);
        return ExitCode.Done;
    }

    private int Get(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        string name = result.GetRequiredValue(_name);
        NamedDataset dataset = NamedDataset.Find(name) ?? throw new UsageException(
            $"Unknown set {name}. Did you mean {NearestName.Find(name, NamedDataset.All.Select(known => known.Name))}?");
        string where = dataset.File is null
            ? "part of the program"
            : DatasetStore.FromEnvironment().FetchAsync(dataset.File, new DownloadLine(name, _terminal), interrupt.Token)
                .GetAwaiter().GetResult();
        _terminal.Output.WriteLine(where);
        return ExitCode.Done;
    }
}
