using System.CommandLine;
using Nabla.Cli.Training;
using Nabla.Cli.Views;
using Nabla.Language;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla plan</c>: what a training would take, before it begins.</summary>
internal sealed class PlanCommand : NablaCommand
{
    private readonly Terminal _terminal;
    private readonly TrainingArguments _training = new();
    private readonly Option<string> _vocabulary =
        Text("--vocabulary", "N", "plan for any text of so many different tokens, in place of one that is read");

    private readonly Option<string> _memory = Text("--memory", "GB", "plan for so much memory (all that this machine has)");
    private readonly Option<bool> _noTiming = new("--no-timing") { Description = "take no steps: tell no time" };
    private readonly Option<bool> _json = new("--json") { Description = "one JSON object on the output, for machines" };

    public PlanCommand(Terminal terminal)
        : base("plan", "Show what a training would take: parameters, memory, time, tokens, the loss to expect, and what would fit.")
    {
        _terminal = terminal;
        Arguments.Add(_training.Source);
        foreach (Option option in (Option[])[_vocabulary, _memory, _noTiming, .. _training.Options, _json])
        {
            Options.Add(option);
        }

        OptionGroups = _training.OptionGroups;
        Notes = _training.Notes;
        Examples =
        [
            ("nabla plan --preset gpt2-124m", "GPT-2 as its lecture trains it, on this machine"),
            ("nabla plan my.txt --preset small", "the same settings as `nabla train` takes"),
            ("nabla plan --preset gpt2-124m --memory 4", "what would have to change with 4 GB"),
            ("nabla plan --vocabulary 50257 --layers 6 --width 384 --context 512 --no-timing", "sizes alone, at once"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        TrainingPlan plan = _training.Read(result, folder: null);
        plan.Validate();
        ThreadOption.Apply(plan.Settings.Threads);
        TrainingForecast forecast = Forecast(result, plan, interrupt.Token);
        if (!result.ValueOf(_noTiming, Values.Switch, false))
        {
            if (_terminal.IsInteractive)
            {
                _terminal.Error.WriteLine("Taking a few steps ...");
            }

            forecast = forecast with { Time = StepCalibration.Measure(forecast.Model, forecast.Training, interrupt.Token) };
        }

        if (result.ValueOf(_json, Values.Switch, false))
        {
            ForecastJson.Write(_terminal.Output, forecast);
        }
        else
        {
            new ForecastText(forecast, plan.Settings.BatchTokens is not null).Write(_terminal.Output);
        }

        return ExitCode.Done;
    }

    private TrainingForecast Forecast(ParseResult result, TrainingPlan plan, CancellationToken stop)
    {
        long memory = result.TextOf(_memory) is string text ? Bytes(text) : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Vocabulary(result, plan) is int vocabulary)
        {
            LanguageModelConfig model = plan.Settings.Model.For(plan.Settings.Padded(vocabulary), boundaryId: null);
            return new TrainingForecast(model, plan.TrainingOf(model), memory);
        }

        PreparedRun run = PreparedRun.Load(plan, _terminal, stop);
        return new TrainingForecast(run.Config.Model, run.Config.Training, memory, run.Data.TrainingIds.Length);
    }

    // Without a text: what is written, what a model to begin from has, or where tokens are padded, GPT-2's; else a text is read.
    private int? Vocabulary(ParseResult result, TrainingPlan plan)
    {
        string? source = result.GetValue(_training.Source);
        if (result.TextOf(_vocabulary) is string text)
        {
            return source is null && plan.From is null
                ? Values.AtLeast(1, _vocabulary.Name, Values.WholeNumber(_vocabulary.Name, text))
                : throw new UsageException(
                    $"--vocabulary stands for a text or a model that is not there yet: leave it out, or {source ?? "--from"}.");
        }

        return source is not null || plan.Settings.Tokenizer is not null ? null
            : plan.From is not null ? plan.From.Config.VocabularySize
            : plan.Settings.VocabularyMultiple > 1 ? new GptConfig().VocabularySize
            : null;
    }

    private long Bytes(string text)
    {
        double gigabytes = Values.Number(_memory.Name, text);
        return gigabytes is > 0 and < 1e6 ? (long)(gigabytes * 1e9) : throw new UsageException(
            $"--memory takes a number of gigabytes above 0 and below a million, not '{text}'.");
    }
}
