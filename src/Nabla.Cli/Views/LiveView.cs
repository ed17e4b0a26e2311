using System.Diagnostics;
using System.Globalization;
using Nabla.Language;
using Spectre.Console;

namespace Nabla.Cli.Views;

/// <summary>Shows a training run as a few lines that are drawn over ten times a second: for a terminal.</summary>
internal sealed class LiveView : LinesView
{
    private const int MostColumns = 60;
    private const int CurveHeight = 3;
    private const int BarLength = 30;

    // The width of the titles, and room for the numbers beside the curve.
    private const int Margin = 20;

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly LossCurve _curve;
    private LiveDisplayContext? _display;
    private long _begun;
    private long _drawn;
    private int _firstStep = -1;
    private string _answers = string.Empty;
    private float? _best;
    private int _bestStep;

    private LiveView(Terminal terminal, IAnsiConsole console)
        : base(terminal)
        => (_console, _curve) = (console, new LossCurve(Math.Min(MostColumns, console.Profile.Width - Margin), CurveHeight));

    /// <summary>Returns the view for a terminal; null for one that is narrow or cannot draw over what it shows.</summary>
    public static LiveView? For(Terminal terminal)
    {
        if (!terminal.IsInteractive)
        {
            return null;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        return console.Profile is { Capabilities: { Ansi: true, Unicode: true }, Width: > 2 * Margin }
            ? new LiveView(terminal, console)
            : null;
    }

    /// <inheritdoc/>
    public override bool Watch(Func<bool> training)
    {
        bool isDone = false;
        _begun = Stopwatch.GetTimestamp();
        _console.Live(new Text(string.Empty)).Start(display =>
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

        _answers = value.HellaSwag is null ? _answers : Answers(value);

        foreach (string warning in value.Warnings)
        {
            _console.MarkupLineInterpolated($"[yellow]warning: {warning}[/]");
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
        }
    }

    private Markup Draw(TrainingProgress value)
    {
        string[] curve = _curve.Draw();
        string best = _best is float loss
            ? string.Create(_culture, $"   [grey]best validation[/] [green]{loss:F4}[/] [grey]at step {_bestStep:N0}{_answers}[/]")
            : string.Empty;
        int full = (int)((long)(value.Step + 1) * BarLength / value.Steps);
        string bar = $"[blue]{new string('━', full)}[/][grey]{new string('━', BarLength - full)}[/]";
        return new Markup(string.Create(_culture,
            $"""
                       [blue]{curve[0]}[/]  [grey]{_curve.High:F2}[/]
                       [blue]{curve[1]}[/]
                       [blue]{curve[2]}[/]  [grey]{_curve.Low:F2}[/]
             [grey]loss[/]      [bold]{value.Loss:F4}[/]{best}
             [grey]speed[/]     {value.TokensPerSecond:N0} [grey]tokens/s, a step in[/] {Duration(value.StepTime)}
             [grey]rate[/]      {value.LearningRate:0.0e-0}[grey], gradient norm[/] {value.GradientNorm:G3}
             [grey]step[/]      {value.Step + 1:N0} [grey]of {value.Steps:N0}[/]  {bar}  {Left(value)}
             """));
    }

    private string Left(TrainingProgress value)
    {
        int done = value.Step + 1 - _firstStep;
        TimeSpan left = Stopwatch.GetElapsedTime(_begun) / done * (value.Steps - value.Step - 1);
        return left.TotalHours >= 1
            ? string.Create(_culture, $"{(int)left.TotalHours}:{left:mm\\:ss} [grey]left[/]")
            : string.Create(_culture, $"{left:m\\:ss} [grey]left[/]");
    }
}
