using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// Finds the places of a pair whose positions are not stored, by reading the text again. Only a text of hundreds of megabytes
/// that is not split comes to this: its positions would take several times the memory of the text.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="threadCount">How many ranges are searched at once.</param>
/// <param name="rangeLength">How many slots a range has.</param>
internal sealed class PairSearch(SymbolSequence text, int threadCount, int rangeLength = 1 << 22)
{
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = threadCount };
    private readonly List<int>[] _found = [.. Enumerable.Range(0, threadCount).Select(_ => new List<int>())];
    private readonly int[] _starts = new int[threadCount + 1];

    /// <summary>Receives places where a pair begins, in ascending order, and may merge it there.</summary>
    public delegate void Visitor(ReadOnlySpan<int> positions);

    /// <summary>Finds all places of a pair, some at a time.</summary>
    public void Visit(BytePair pair, Visitor visitor)
    {
        while (_starts[threadCount] < text.Length)
        {
            // Ranges meet where a token is certain to begin. What the visitor merges at the end of the last one may reach into
            // the next group; but that is a longer token now, and none of the pair's is found within it.
            _starts[0] = _starts[threadCount];
            for (var range = 1; range <= threadCount; range++)
            {
                _starts[range] = text.NextByte((int)Math.Min(text.Length, _starts[0] + ((long)range * rangeLength)));
            }

            Parallel.For(0, threadCount, _parallel, range => Find(pair, range));
            foreach (List<int> found in _found)
            {
                visitor(CollectionsMarshal.AsSpan(found));
            }
        }

        _starts[threadCount] = 0;
    }

    private void Find(BytePair pair, int range)
    {
        List<int> found = _found[range];
        found.Clear();
        var length = text.TokenLength(pair.Left);
        for (var from = _starts[range]; (from = text.IndexOf(pair, from, _starts[range + 1])) >= 0; from += length)
        {
            found.Add(from);
        }
    }
}
