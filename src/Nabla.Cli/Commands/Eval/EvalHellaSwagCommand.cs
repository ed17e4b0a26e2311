using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Eval;

/// <summary><c>nabla eval hellaswag</c>: how often a model finds the sensible one of four endings.</summary>
internal sealed class EvalHellaSwagCommand : NablaCommand
{
    private readonly Terminal _terminal;
    private readonly ModelArgument _model = new();
    private readonly Argument<string> _file = new("file")
    {
        HelpName = "file.jsonl",
        Description = "questions as HellaSwag's authors publish them, such as hellaswag_val.jsonl",
    };

    private readonly Option<string> _limit = Text("--limit", "N", "ask the first N questions only");
    private readonly Option<string> _rank = Text("--rank", "R", "ask every W-th question only, from question R on (0)");
    private readonly Option<string> _world = Text("--world", "W", "the number of processes that share the questions (1)");
    private readonly Option<bool> _json = new("--json") { Description = "one JSON object on the output, for machines" };

    public EvalHellaSwagCommand(Terminal terminal)
        : base("hellaswag", "Ask a model which of four endings is the sensible one: 25 % is chance, GPT-2 (124M) has 29.55 %.")
    {
        _terminal = terminal;
        Arguments.Add(_model.Argument);
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_limit, _rank, _world, _json, .. _model.Options])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla eval hellaswag runs/latest hellaswag_val.jsonl", "all 10,042 questions"),
            ("nabla eval hellaswag runs/latest hellaswag_val.jsonl --limit 1000 --json", "the first thousand, for a script"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        int limit = Values.AtLeast(1, _limit.Name, result.ValueOf(_limit, Values.WholeNumber, int.MaxValue));
        int world = Values.AtLeast(1, _world.Name, result.ValueOf(_world, Values.WholeNumber, 1));
        int rank = Values.AtLeast(0, _rank.Name, result.ValueOf(_rank, Values.WholeNumber, 0));
        if (rank >= world)
        {
            throw new UsageException(FormattableString.Invariant(
                $"--rank {rank} of --world {world}: ranks are counted from 0, so the last one is {world - 1}."));
        }

        IReadOnlyList<HellaSwagQuestion> asked =
            HellaSwagFile.Share([.. HellaSwagFile.Read(result.GetRequiredValue(_file)).Take(limit)], rank, world);
        SavedModel saved = _model.Open(result, _terminal, interrupt.Token);
        ITokenizer tokenizer = saved.LoadTokenizer();
        ChoiceQuestion[] questions = [.. asked.Select(question => question.Encode(tokenizer))];
        ChoiceScorer scorer = new(saved.LoadModel());
        ProgressLine<ChoiceScore> line = new(_terminal, score => string.Create(CultureInfo.InvariantCulture,
            $"{score.Questions:N0} of {questions.Length:N0} questions, {score.AccuracyByMean:P1} right"));
        IReadOnlyList<ChoiceLosses> losses = scorer.Score(questions, line, interrupt.Token);
        line.End();
        NoteCut(questions.Count(scorer.IsCut), questions.Length);
        Show(ChoiceScore.Of(questions, losses), result);
        return ExitCode.Done;
    }

    private void NoteCut(int cut, int questions)
    {
        if (cut > 0)
        {
            _terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cut:N0} of {questions:N0} questions were longer than the model's context: their beginnings were left out."));
        }
    }

    private void Show(ChoiceScore score, ParseResult result)
    {
        if (result.ValueOf(_json, Values.Switch, false))
        {
            JsonLine.Write(_terminal.Output, json =>
            {
                json.WriteNumber("questions", score.Questions);
                json.WriteNumber("rightByMean", score.RightByMean);
                json.WriteFinite("accuracyByMean", score.AccuracyByMean);
                json.WriteFinite("standardErrorByMean", score.ErrorByMean);
                json.WriteNumber("rightBySum", score.RightBySum);
                json.WriteFinite("accuracyBySum", score.AccuracyBySum);
                json.WriteFinite("standardErrorBySum", score.ErrorBySum);
            });
            return;
        }

        Columns.Write(_terminal.Output,
        [
            Row("by mean", score.RightByMean, score.AccuracyByMean, score.ErrorByMean, "likeliest tokens, as in the lecture"),
            Row("by sum", score.RightBySum, score.AccuracyBySum, score.ErrorBySum, "likeliest ending as a whole"),
        ]);

        string[] Row(string name, int right, double accuracy, double error, string meaning) =>
        [
            name,
            score.Questions > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100 * accuracy:F2} % +- {100 * error:F2}") : "none asked",
            string.Create(CultureInfo.InvariantCulture, $"{right:N0} of {score.Questions:N0}"),
            meaning,
        ];
    }
}
