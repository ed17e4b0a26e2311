using System.CommandLine;
using System.Diagnostics;
using Nabla.Cli.Tokenizing;
using Nabla.Cli.Views.Tokens;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer train</c>: from text to a tokenizer's file.</summary>
internal sealed class TrainTokenizerCommand : NablaCommand
{
    private const int DefaultSize = 8000;

    private static readonly IReadOnlyList<(string, TokenizerType)> _types =
    [
        ("bytes", TokenizerType.Bytes), ("regex", TokenizerType.Regex), ("sentencepiece", TokenizerType.SentencePiece),
    ];

    private static readonly IReadOnlyList<(string, TieRule)> _tieRules =
        [("first-seen", TieRule.FirstSeen), ("lowest-ids", TieRule.LowestIds)];

    private readonly Terminal _terminal;
    private readonly Argument<string[]> _files = new("file")
    {
        HelpName = "file...",
        Description = "UTF-8 text files, named sets such as shakespeare, or - for the standard input",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _type = Text("--type", "TYPE", "bytes, regex or sentencepiece (regex)");
    private readonly Option<string> _size = Text("--vocab-size", "N", "tokens to end with (8000)");
    private readonly Option<string> _out = Text("--out", "PATH", "the file to write; its ending tells the format");
    private readonly Option<bool> _json = new("--json") { Description = "say what was learned as a JSON object" };
    private readonly Option<string> _pattern =
        Text("--pattern", SplitterChoice.ValueName, "how text is split: gpt2, gpt4, o200k or your own (gpt4)");

    private readonly Option<string[]> _special = new("--special")
    {
        HelpName = "TEXT",
        Description = "a special token, such as \"<|endoftext|>\", on top of the size; may be given several times",
    };

    private readonly Option<string> _ties =
        Text("--ties", "RULE", "which of two equally frequent pairs merges first: first-seen or lowest-ids (first-seen)");

    private readonly Option<string> _minimum = Text("--min-count", "N", "merge no pair that occurs less often (1)");
    private readonly IReadOnlyList<SentencePieceSetting> _pieceSettings = SentencePieceSetting.All();

    public TrainTokenizerCommand(Terminal terminal)
        : base("train", "Learn a tokenizer from text.")
    {
        _terminal = terminal;
        Arguments.Add(_files);
        Option[] pairOptions = [_pattern, _special, _ties, _minimum];
        Option[] pieceOptions = [.. _pieceSettings.Select(setting => setting.Option)];
        foreach (Option option in (Option[])[_type, _size, _out, _json, .. pairOptions, .. pieceOptions])
        {
            Options.Add(option);
        }

        OptionGroups = [("Types bytes and regex", pairOptions), ("Type sentencepiece", pieceOptions)];
        Notes =
        [
            ("Types",
            [
                ("bytes", "byte pairs merged wherever they stand, as the lecture begins"),
                ("regex", "byte pairs within words, numbers and punctuation, as GPT-2 and GPT-4"),
                ("sentencepiece", "pairs of characters, as Llama 2; rare characters become bytes or unknown"),
            ]),
            ("Endings of --out", TokenizerFormats.Endings),
        ];
        Examples =
        [
            ("nabla tokenizer train my.txt --vocab-size 1000 --out my.json", "a tokenizer like GPT-4's"),
            ("nabla tokenizer train my.txt --type bytes --vocab-size 276 --out toy.model", "the lecture's twenty merges"),
            ("nabla tokenizer train *.txt --special \"<|endoftext|>\" --out my.json", "with a sign between documents"),
            ("nabla tokenizer train my.txt --type sentencepiece --byte-fallback --out my.model", "one like Llama 2's"),
            ("nabla train my.txt --tokenizer my.json", "then a GPT that reads with it"),
        ];
        SetAction(Run);
    }

    private enum TokenizerType
    {
        Bytes,
        Regex,
        SentencePiece,
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        TokenizerType type = result.ValueOf(_type, (name, text) => Values.Choice(name, text, _types), TokenizerType.Regex);
        int size = result.ValueOf(_size, Values.WholeNumber, DefaultSize);
        bool json = result.ValueOf(_json, Values.Switch, false);
        string path = result.TextOf(_out)
            ?? throw new UsageException("No place is named for the tokenizer: write --out my.json, or another file.");
        bool pieces = type == TokenizerType.SentencePiece;
        TokenizerFormat format = TokenizerFormats.ByEnding(path, pieces);
        if (pieces && format != TokenizerFormat.SentencePiece)
        {
            throw new UsageException($"{path}: a SentencePiece model is written to a .model file.");
        }

        RefuseOthers(result, type);
        BytePairTrainingOptions? pairOptions = pieces ? null : PairOptions(result, type, size);
        SentencePieceTrainingOptions? pieceOptions = pieces ? PieceOptions(result, size) : null;
        OutputFile.Require(path);
        Stopwatch clock = Stopwatch.StartNew();
        IReadOnlyList<string>? texts = TrainingTexts.Paths(result.GetValue(_files) ?? [], _terminal, interrupt.Token);
        TokenizerTraining training = new(texts, _terminal, isQuiet: json, interrupt.Token);
        TrainedTokenizer trained = pieceOptions is null ? training.Train(pairOptions!) : training.Train(pieceOptions);
        interrupt.Token.ThrowIfCancellationRequested();
        IReadOnlyList<string> files = TokenizerFormats.Save(trained.Tokenizer, path, format);
        TokenizerSummary summary = new(trained, clock.Elapsed, files);
        if (json)
        {
            summary.WriteJson(_terminal);
        }
        else
        {
            summary.Show(_terminal);
        }

        return ExitCode.Done;
    }

    // An option of another type is refused rather than passed over.
    private void RefuseOthers(ParseResult result, TokenizerType type)
    {
        IEnumerable<Option> others = type switch
        {
            TokenizerType.SentencePiece => [_pattern, _special, _ties, _minimum],
            TokenizerType.Bytes => [_pattern, _special, .. _pieceSettings.Select(setting => setting.Option)],
            _ => _pieceSettings.Select(setting => setting.Option),
        };
        if (others.FirstOrDefault(option => result.TextOf(option) is not null) is Option other)
        {
            string mend = other == _special && type == TokenizerType.SentencePiece ? ": write --control-symbols or --user-defined-symbols"
                : other == _pattern || other == _special ? ": leave it out, or take --type regex"
                : type == TokenizerType.SentencePiece ? ": leave it out"
                : ": leave it out, or take --type sentencepiece";
            throw new UsageException($"{other.Name} is not for --type {_types.First(known => known.Item2 == type).Item1}{mend}.");
        }
    }

    private SentencePieceTrainingOptions PieceOptions(ParseResult result, int size)
    {
        SentencePieceTrainingOptions options = new() { VocabularySize = Values.AtLeast(1, _size.Name, size) };
        foreach (SentencePieceSetting setting in _pieceSettings)
        {
            if (result.TextOf(setting.Option) is string text)
            {
                options = setting.Apply(options, setting.Option.Name, text);
            }
        }

        return options;
    }

    private BytePairTrainingOptions PairOptions(ParseResult result, TokenizerType type, int size)
    {
        if (size < 256)
        {
            throw new UsageException($"{_size.Name} must be at least 256, the number of bytes, not {size}.");
        }

        int minimum = Values.AtLeast(1, _minimum.Name, result.ValueOf(_minimum, Values.WholeNumber, 1));

        string[] special = result.GetValue(_special) ?? [];
        if (special.FirstOrDefault(text => text.Length == 0 || special.Count(other => other == text) > 1) is string wrong)
        {
            throw new UsageException($"{_special.Name} \"{wrong}\": give each special token a text of its own.");
        }

        return new BytePairTrainingOptions
        {
            VocabularySize = size,
            Splitter = type == TokenizerType.Bytes
                ? TextSplitter.None
                : result.ValueOf(_pattern, SplitterChoice.Read, TextSplitter.Cl100k),
            SpecialTokens = special,
            Ties = result.ValueOf(_ties, (name, text) => Values.Choice(name, text, _tieRules), TieRule.FirstSeen),
            MinimumCount = minimum,
        };
    }
}
