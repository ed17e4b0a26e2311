using System.Diagnostics;
using System.Globalization;
using Nabla.Language;
using Spectre.Console;

namespace Nabla.Cli.Views;

/// <summary>Shows a training run as a few lines that are drawn over ten times a second: for a terminal.</summary>
internal sealed class LiveView : LinesView
{
    private const int CurveWidth = 60;

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly LossCurve _curve = new(CurveWidth);
    private LiveDisplayContext? _display;
    private long _begun;
    private long _drawn;
    private int _firstStep = -1;
    private float? _best;
    private int _bestStep;

    /// <summary>Creates the view.</summary>
    public LiveView(Terminal terminal)
        : base(terminal)
        => _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });

    /// <inheritdoc/>
    public override bool Watch(Func<bool> training)
    {
        bool isDone = false;
        _begun = Stopwatch.GetTimestamp();
        _console.Live(new Text("")).Start(display =>
        {
            _display = display;
            isDone = training();
        });
        return isDone;
    }

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        _firstStep = _firstStep < 0 ? value.Step : _firstStep;
        _curve.Add(value.Step, value.Steps, value.Loss);
        if (value.ValidationLoss is float loss && !(loss >= _best))
        {
            (_best, _bestStep) = (loss, value.Step + 1);
        }

        if (value.Warning is not null)
        {
            _console.MarkupLineInterpolated($"[yellow]warning: {value.Warning}[/]");
        }

        if (value.Sample is not null)
        {
            _console.MarkupLineInterpolated($"[grey]{SampleText(value)}[/]");
        }

        // Drawing costs more than a small step, so what the eye cannot follow is not drawn.
        bool isLast = value.Step + 1 == value.Steps;
        if (isLast || Stopwatch.GetElapsedTime(_drawn) >= _pause)
        {
            _drawn = Stopwatch.GetTimestamp();
            _display?.UpdateTarget(Draw(value));
            _display?.Refresh();
        }
    }

    private Rows Draw(TrainingProgress value)
    {
        int done = value.Step + 1;
        string best = _best is float loss
            ? string.Create(_culture, $"[grey]validation[/] [green]{loss:F4}[/] [grey]best, at step {_bestStep:N0}[/]   ")
            : string.Empty;
        string numbers = string.Create(_culture,
            $"[grey]loss[/] [bold]{value.Loss:F4}[/]   {best}[grey]rate[/] {value.LearningRate:0.0e-0}   "
            + $"{value.TokensPerSecond:N0} [grey]tokens/s[/]");
        string position = string.Create(_culture, $"step {done:N0} of {value.Steps:N0}   [grey]{Left(value)}[/]");
        return new Rows(
            new Markup($"[blue]{_curve.Draw()}[/]"),
            new Markup($"{Bar(done, value.Steps)}  {position}"),
            new Markup(numbers));
    }

    private string Left(TrainingProgress value)
    {
        int done = value.Step + 1 - _firstStep;
        TimeSpan left = Stopwatch.GetElapsedTime(_begun) / done * (value.Steps - value.Step - 1);
        return left.TotalHours >= 1
            ? string.Create(_culture, $"{(int)left.TotalHours}:{left:mm\\:ss} left")
            : string.Create(_culture, $"{left:m\\:ss} left");
    }

    private static string Bar(int done, int steps)
    {
        const int Width = 30;
        int full = (int)((long)done * Width / Math.Max(steps, 1));
        return $"[blue]{new string('━', full)}[/][grey]{new string('━', Width - full)}[/]";
    }
}
