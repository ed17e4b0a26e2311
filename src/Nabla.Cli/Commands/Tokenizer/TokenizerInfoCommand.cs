using System.CommandLine;
using Nabla.Cli.Views.Tokens;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer info</c>: what is in a tokenizer.</summary>
internal sealed class TokenizerInfoCommand : CommandWithTokenizer
{
    private const int DefaultExamples = 10;

    private readonly Option<string> _examples = Text("--examples", "N", "tokens to show of each list (10)");
    private readonly Option<bool> _json = new("--json") { Description = "all of it as a JSON object, the lists whole" };

    public TokenizerInfoCommand(Terminal terminal)
        : base(terminal, "info", "Show what is in a tokenizer: its longest tokens, those that never occur, its first merges.")
    {
        Options.Add(_examples);
        Options.Add(_json);
        Examples =
        [
            ("nabla tokenizer info --tokenizer gpt2", "what GPT-2 reads with"),
            ("nabla tokenizer info --tokenizer my.json --examples 50", "more of each list"),
            ("nabla tokenizer info --tokenizer runs/latest", "what a model of one's own reads with"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(Terminal);
        int examples = Values.AtLeast(0, _examples.Name, result.ValueOf(_examples, Values.WholeNumber, DefaultExamples));
        bool json = result.ValueOf(_json, Values.Switch, false);

        (string name, ITokenizer tokenizer) = LoadAll(result, interrupt.Token)[0];
        TokenizerReport report = new(name, tokenizer, VocabularySurvey.Of(tokenizer, interrupt.Token), examples);
        if (json)
        {
            report.WriteJson(Terminal.Output);
        }
        else
        {
            report.Write(Terminal.Output);
        }

        return ExitCode.Done;
    }
}
