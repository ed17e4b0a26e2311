using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Eval;

/// <summary><c>nabla eval logprobs</c>: the numbers themselves, to be compared with those of another program.</summary>
internal sealed class EvalLogprobsCommand : NablaCommand
{
    private readonly Terminal _terminal;
    private readonly ModelArgument _model = new();
    private readonly Option<string> _ids = Text("--ids", "IDS", "the tokens, whole numbers with spaces between");
    private readonly Option<bool> _logits = new("--logits") { Description = "the logits of the token after the last, too" };

    public EvalLogprobsCommand(Terminal terminal)
        : base("logprobs", "Print the logarithm of each token's probability, given those before it, as one JSON object.")
    {
        _terminal = terminal;
        Arguments.Add(_model.Argument);
        foreach (Option option in (Option[])[_ids, _logits, .. _model.Options])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla eval logprobs runs/latest --ids \"464 2068 7586 21831\"", "natural logarithms; null for the first token"),
            ("nabla eval logprobs runs/latest --ids \"464 2068\" --logits", "what comes next: a logit for each token there is"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        int[] ids = Ids(result.TextOf(_ids) ?? throw new UsageException("--ids IDS is missing."));
        SavedModel saved = _model.Open(result, _terminal, interrupt.Token);
        LanguageModel model = saved.LoadModel();
        float[] logarithms = TokenProbabilities.Logarithms(model, ids);
        float[]? logits = result.ValueOf(_logits, Values.Switch, false) ? TokenProbabilities.NextLogits(model, ids) : null;
        JsonLine.Write(_terminal.Output, json =>
        {
            json.WriteStartArray("ids");
            foreach (int id in ids)
            {
                json.WriteNumberValue(id);
            }

            json.WriteEndArray();
            json.WriteStartArray("logprobs");
            json.WriteNullValue();
            foreach (float logarithm in logarithms)
            {
                json.WriteNumberValue(logarithm);
            }

            json.WriteEndArray();
            if (logits is not null)
            {
                json.WriteStartArray("logits");
                foreach (float logit in logits)
                {
                    json.WriteNumberValue(logit);
                }

                json.WriteEndArray();
            }
        });
        return ExitCode.Done;
    }

    private static int[] Ids(string text)
    {
        try
        {
            int[] ids = IdText.Read(text);
            return ids.Length > 0 ? ids : throw new UsageException("--ids: there is no id: give at least one.");
        }
        catch (TokenizerException error)
        {
            throw new UsageException($"--ids: {error.Message}");
        }
    }
}
