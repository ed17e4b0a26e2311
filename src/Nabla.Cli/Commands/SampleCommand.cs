using System.CommandLine;
using Nabla.Cli.Models;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla sample</c>: writes text with a run's model, or an imported one.</summary>
internal sealed class SampleCommand : NablaCommand
{
    private const int DefaultDocuments = 20;

    private static readonly GenerationOptions _defaults = new();

    private readonly Terminal _terminal;
    private readonly Argument<string> _model = new(ModelSource.ValueName) { HelpName = ModelSource.ValueName, Description = ModelSource.Description };

    private readonly Option<string> _prompt = Text("--prompt", "TEXT", "what the text begins with");
    private readonly Option<string> _count = Text("--count", "N", "texts to write (20 for word lists, else 1)");
    private readonly Option<string> _seed = Text("--seed", "S", "seed of the first text; the next has S + 1 (1337)");
    private readonly Option<string> _temperature =
        Text("--temperature", "T", "below 1 bolder, above 1 wilder, 0 always the likeliest (1)");

    private readonly Option<string> _maxTokens = Text("--max-tokens", "N", "longest text, in tokens (500)");
    private readonly Option<string> _topK = Text("--top-k", "K", "draw from the K likeliest tokens; 0 for all (0)");
    private readonly Option<string> _topP =
        Text("--top-p", "P", "draw from the likeliest tokens that reach probability P together (1)");

    private readonly Option<string> _stop = Text("--stop", "TEXT", "end before this text");
    private readonly Option<string> _precision =
        Text("--precision", "TYPE", "float32, or bfloat16: half the memory, nearly twice the speed of a large GPT (float32)");

    private readonly Option<string> _threads = Text("--threads", "N", "threads to compute on");
    private readonly Option<bool> _offline = new("--offline") { Description = ModelSource.OfflineDescription };

    public SampleCommand(Terminal terminal)
        : base("sample", "Write text with the model of a run, or with an imported one.")
    {
        _terminal = terminal;
        Arguments.Add(_model);
        foreach (Option option in (Option[])[_prompt, _count, _seed, _temperature, _maxTokens, _topK, _topP, _stop, _precision, _threads, _offline])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla sample runs/latest", "more of what training ended with"),
            ("nabla sample runs/latest --prompt \"ROMEO:\" --max-tokens 200", "go on from a prompt"),
            ("nabla sample runs/latest --count 5 --temperature 0.8 --seed 7", "five texts, a little bolder"),
            ("nabla sample gpt2 --prompt \"Hello, I'm a language model,\" --count 5 --max-tokens 22 --top-k 50", "GPT-2's lecture"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        GenerationOptions options = Read(result);
        int? count = WholeNumber(result, _count);
        bool narrow = result.ValueOf(_precision, Precision, false);
        ThreadOption.Apply(WholeNumber(result, _threads));
        SavedModel saved = ModelSource.Open(result.GetRequiredValue(_model), result.GetValue(_offline), _terminal, interrupt.Token);
        ITokenizer tokenizer = saved.LoadTokenizer();
        LanguageModel model = saved.LoadModel();
        if (narrow)
        {
            Narrow(model);
        }

        Sampling sampling = new(model, tokenizer, saved.BoundaryId, opensPrompts: saved.Run is not null);
        int texts = count ?? (saved.Run?.Data.Kind == TextKind.WordList ? DefaultDocuments : 1);
        string prompt = result.TextOf(_prompt) ?? string.Empty;
        if (texts == 1)
        {
            // One text is shown as it comes; several come one by one, since they are written together.
            foreach (string piece in sampling.Stream(prompt, options, interrupt.Token))
            {
                _terminal.Output.Write(piece);
                _terminal.Output.Flush();
            }

            _terminal.Output.WriteLine();
        }
        else
        {
            WriteAll(sampling.Many(prompt, texts, options, interrupt.Token), interrupt.Token);
        }

        return interrupt.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static bool Precision(string name, string text) => Values.Choice(name, text, [("float32", false), ("bfloat16", true)]);

    private static void Narrow(LanguageModel model)
    {
        if (model is not Gpt gpt)
        {
            throw new UsageException("--precision bfloat16 is for GPTs; this model is small and gains nothing: leave the option out.");
        }

        gpt.StoreAsBFloat16();
    }

    private void WriteAll(IEnumerable<string> texts, CancellationToken stop)
    {
        foreach (string text in texts)
        {
            _terminal.Output.WriteLine(text);
            _terminal.Output.Flush();
            if (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static int? WholeNumber(ParseResult result, Option option)
        => result.TextOf(option) is string text ? Values.WholeNumber(option.Name, text) : null;

    private GenerationOptions Read(ParseResult result)
    {
        GenerationOptions options = new()
        {
            Seed = result.ValueOf(_seed, Values.Seed, _defaults.Seed),
            Temperature = (float)result.ValueOf(_temperature, Values.Number, _defaults.Temperature),
            MaxTokens = result.ValueOf(_maxTokens, Values.WholeNumber, _defaults.MaxTokens),
            TopK = result.ValueOf(_topK, Values.WholeNumber, _defaults.TopK),
            TopP = (float)result.ValueOf(_topP, Values.Number, _defaults.TopP),
            StopStrings = result.TextOf(_stop) is string stop ? [stop] : [],
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
