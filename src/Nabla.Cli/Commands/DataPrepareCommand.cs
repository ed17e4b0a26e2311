using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Tokenizing;
using Nabla.Cli.Training;
using Nabla.Cli.Views;
using Nabla.Language.Data;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla data prepare</c>: a corpus becomes files of tokens, once, for any number of trainings.</summary>
internal sealed class DataPrepareCommand : NablaCommand
{
    private static readonly (string, TokenShardFormat)[] _formats =
        [("npy", TokenShardFormat.Npy), ("bin", TokenShardFormat.Bin)];

    private readonly Terminal _terminal;
    private readonly Argument<string[]> _files = new("file")
    {
        HelpName = "set|file...",
        Description = "texts or JSON lines of any length, packed by gzip or not, in order, or named sets such as shakespeare",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _tokenizer = Text("--tokenizer", TokenizerChoice.ValueName, "what makes the tokens");
    private readonly Option<string> _out = Text("--out", "FOLDER", "where the files of tokens go");
    private readonly Option<string> _documents =
        Text("--documents", "FORM", "what a document is: file, line, jsonl:FIELD, or the text between two (file; of .jsonl, jsonl:text)");

    private readonly Option<string> _name = Text("--name", "NAME", "what the files' names begin with (that of the first file)");
    private readonly Option<string> _format = Text("--format", "npy|bin", "NumPy's files of uint16 or uint32, or llm.c's (npy)");
    private readonly Option<string> _shardTokens = Text("--shard-tokens", "N", "tokens in a file (100000000)");
    private readonly Option<string> _share =
        Text("--val-fraction", "F", "share of the corpus, from its beginning, to validate on (0.1, but one file at most)");

    private readonly Option<string> _shards = Text("--validation-shards", "N", "files to validate on, instead of a share");
    private readonly Option<string> _threads = Text("--threads", "N", "threads to encode on; the files do not depend on it");

    public DataPrepareCommand(Terminal terminal)
        : base("prepare", "Turn a corpus into files of tokens, each document begun with the end-of-text token.")
    {
        _terminal = terminal;
        Arguments.Add(_files);
        foreach (Option option in (Option[])
            [_tokenizer, _out, _documents, _name, _format, _shardTokens, _share, _shards, _threads])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla data prepare my.txt --tokenizer gpt2 --out my", "then: nabla train my"),
            ("nabla data prepare web.jsonl.gz --documents jsonl:text --tokenizer gpt2 --out web", "a document a line, as JSON"),
            ("nabla data prepare stories.txt --documents '<|endoftext|>' --tokenizer gpt2 --out s", "documents by a mark"),
            ("nabla data prepare *.txt --tokenizer my.json --out books --format bin", "a document a file, for llm.c"),
        ];
        SetAction(Run);
    }

    private static string Required(ParseResult result, Option option) => result.TextOf(option)
        ?? throw new UsageException($"{option.Name} {option.HelpName} is missing.");

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        string[] files = result.GetRequiredValue(_files);
        (string folder, string tokenizer) = (Required(result, _out), Required(result, _tokenizer));
        ShardOptions options = Read(result, files[0]);
        IReadOnlyList<string> paths = TrainingTexts.Paths(files, _terminal, interrupt.Token)
            ?? throw new UsageException("- is no file: a corpus is prepared from files, whose lengths are known.");
        ThreadOption.Apply(result.TextOf(_threads) is string threads ? Values.WholeNumber(_threads.Name, threads) : null);
        ShardLine line = new(_terminal);
        using NewFolder made = new(folder);
        try
        {
            TokenShardIndex index = ShardPreparation.Run(
                paths, folder, TokenizerChoice.Load(tokenizer, _terminal, interrupt.Token), options, line, interrupt.Token);
            made.Keep();
            line.End(isWhole: true);
            foreach (TokenShard shard in index.Shards)
            {
                _terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{Path.Combine(folder, shard.File)} {shard.Tokens}"));
            }

            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            made.Keep();
            line.End(isWhole: false);
            _terminal.Error.WriteLine($"Stopped: the files in {folder} are whole, but not all: take it away to begin again.");
            return ExitCode.Interrupted;
        }
    }

    private ShardOptions Read(ParseResult result, string first)
    {
        int? shards = result.TextOf(_shards) is string count ? Values.WholeNumber(_shards.Name, count) : null;
        double? share = result.TextOf(_share) is string number ? Values.Number(_share.Name, number) : null;
        if (shards is not null && share is not null)
        {
            throw new UsageException($"{_share.Name} and {_shards.Name} say the same thing in two ways: leave one out.");
        }

        try
        {
            ShardOptions defaults = new()
            {
                Name = result.TextOf(_name) ?? ShardOptions.NameFor(first),
                Documents = DocumentForm.For(first),
            };
            ShardOptions options = defaults with
            {
                Format = result.ValueOf(_format, (name, text) => Values.Choice(name, text, _formats), defaults.Format),
                ShardTokens = result.ValueOf(_shardTokens, Values.WholeNumber, defaults.ShardTokens),
                Documents = result.ValueOf(_documents, (_, text) => DocumentForm.Parse(text), defaults.Documents),
                ValidationFraction = share ?? (shards is null ? defaults.ValidationFraction : 1),
                MostValidationShards = share is null ? shards ?? defaults.MostValidationShards : null,
            };
            options.Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
