using System.Globalization;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>Shows how far a byte-pair training has come, and the last merge as text.</summary>
internal sealed class MergeView(Terminal terminal) : IProgress<BytePairTrainingProgress>, IDisposable
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    private readonly ProgressLine _line = new(terminal);
    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
    private BytePairTrainingPhase? _phase;

    /// <inheritdoc/>
    public void Report(BytePairTrainingProgress value)
    {
        if (value.LastMerge is TrainedMerge merge && merge.Id == _tokens.Count)
        {
            _tokens.Add([.. _tokens[merge.Pair.Left], .. _tokens[merge.Pair.Right]]);
        }

        if (_phase != value.Phase)
        {
            _phase = value.Phase;
            _line.Begin();
        }

        if (_line.IsDue)
        {
            _line.Show(value.Phase == BytePairTrainingPhase.Counting ? Reading(value) : Merging(value));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();

    private static string Reading(BytePairTrainingProgress value) => value.TotalBytes is long total and > 0
        ? string.Create(_culture, $"reading {100 * value.BytesRead / total,3}% of {total / 1e6:N1} MB")
        : string.Create(_culture, $"reading {value.BytesRead / 1e6:N1} MB");

    private string Merging(BytePairTrainingProgress value)
    {
        string last = value.LastMerge is TrainedMerge merge && merge.Id < _tokens.Count
            ? string.Create(_culture, $"  {TokenText.Quote(_tokens[merge.Id])} {merge.Count:N0} times")
            : string.Empty;
        return string.Create(_culture,
            $"merge {value.MergesDone:N0} of {value.TotalMerges:N0}{_line.Bar(value.MergesDone, value.TotalMerges)}{last}");
    }
}

/// <summary>Shows how far a SentencePiece training has come.</summary>
internal sealed class PieceView(Terminal terminal) : IProgress<SentencePieceTrainingProgress>, IDisposable
{
    private readonly ProgressLine _line = new(terminal);
    private bool _hasBegun;

    /// <summary>Gets how many lines of the text were too long to be used.</summary>
    public long TooLongLines { get; private set; }

    /// <inheritdoc/>
    public void Report(SentencePieceTrainingProgress value)
    {
        TooLongLines = value.TooLongLines;
        if (!_hasBegun)
        {
            _hasBegun = true;
            _line.Begin();
        }

        if (_line.IsDue)
        {
            _line.Show(string.Create(CultureInfo.InvariantCulture,
                $"merge {value.Merges:N0} of {value.TotalMerges:N0}{_line.Bar(value.Merges, value.TotalMerges)}"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
