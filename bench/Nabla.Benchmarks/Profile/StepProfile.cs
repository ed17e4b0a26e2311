using System.Diagnostics;
using Nabla.Autograd;

namespace Nabla.Benchmarks.Profile;

/// <summary>One kind of operation in one direction: its time in all the steps, and its work.</summary>
internal sealed class ProfileEntry(string name, string pass)
{
    /// <summary>Gets the name of the operation.</summary>
    public string Name { get; } = name;

    /// <summary>Gets whether it is of the forward pass, the backward pass or of what is around them.</summary>
    public string Pass { get; } = pass;

    /// <summary>Gets or sets the number of times that it was done.</summary>
    public int Count { get; set; }

    /// <summary>Gets or sets the time.</summary>
    public double Seconds { get; set; }

    /// <summary>Gets or sets the multiplications and additions.</summary>
    public double Flops { get; set; }

    /// <summary>Gets or sets the bytes read and written, where there is no arithmetic to speak of.</summary>
    public double Bytes { get; set; }
}

/// <summary>
/// Adds up the time of each kind of operation: from the end of the operation before to its own end, so that what goes on in between,
/// such as taking memory, is part of it.
/// </summary>
internal sealed class StepProfile
{
    private readonly Dictionary<(string Name, string Pass), ProfileEntry> _entries = [];
    private readonly Dictionary<Op, OpWork> _works = [];
    private long _last;

    /// <summary>Gets what was seen.</summary>
    public IEnumerable<ProfileEntry> Entries => _entries.Values;

    /// <summary>Begins a step.</summary>
    public void BeginStep()
    {
        _works.Clear();
        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>Notes an operation that ended: with its output in the forward pass, with null in the backward pass.</summary>
    public void Note(Op operation, Tensor? output)
    {
        double seconds = Lap();
        if (output is not null)
        {
            OpWork work = OpWork.Of(operation, output);
            _works[operation] = work;
            Add(work.Name, "forward", seconds, work.ForwardFlops, work.ForwardBytes);
        }
        else if (_works.TryGetValue(operation, out OpWork work))
        {
            Add(work.Name, "backward", seconds, work.BackwardFlops, work.BackwardBytes);
        }

        _last = Stopwatch.GetTimestamp();
    }

    /// <summary>Notes something else that ended.</summary>
    public void Note(string name, double bytes)
    {
        Add(name, "", Lap(), 0, bytes);
        _last = Stopwatch.GetTimestamp();
    }

    private double Lap() => Stopwatch.GetElapsedTime(_last).TotalSeconds;

    private void Add(string name, string pass, double seconds, double flops, double bytes)
    {
        if (!_entries.TryGetValue((name, pass), out ProfileEntry? entry))
        {
            _entries[(name, pass)] = entry = new ProfileEntry(name, pass);
        }

        entry.Count++;
        entry.Seconds += seconds;
        entry.Flops += flops;
        entry.Bytes += bytes;
    }
}
