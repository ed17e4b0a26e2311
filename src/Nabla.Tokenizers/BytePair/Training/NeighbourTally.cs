using System.Runtime.InteropServices;

namespace Nabla.Tokenizers;

/// <summary>
/// What one merge meets on one side of the pair: which tokens stand there, where and how often. One side of all these pairs
/// is the same token, so an array by the other one does for a hash table.
/// </summary>
internal sealed class NeighbourTally(int tokenLimit)
{
    private readonly long[] _weights = new long[tokenLimit];
    private readonly int[] _ends = new int[tokenLimit];
    private readonly List<int> _neighbours = [];
    private (int Neighbour, int Position)[] _meetings = new (int, int)[256];
    private int _meetingCount;

    /// <summary>Whether positions are noted from now on, or only weights.</summary>
    public bool NotesPositions { get; set; }

    /// <summary>The tokens met, in the order in which each was met first.</summary>
    public ReadOnlySpan<int> Neighbours => CollectionsMarshal.AsSpan(_neighbours);

    /// <summary>How often a token was met, each chunk times its weight.</summary>
    public long WeightOf(int neighbour) => _weights[neighbour];

    /// <summary>Notes a neighbour, and where the new pair of it and the merged token begins; positions ascend.</summary>
    public void Meet(int neighbour, int position, int weight)
    {
        if (NotesPositions)
        {
            if (_meetingCount == _meetings.Length)
            {
                Array.Resize(ref _meetings, 2 * _meetings.Length);
            }

            _meetings[_meetingCount++] = (neighbour, position);
        }

        if (_ends[neighbour]++ == 0)
        {
            _neighbours.Add(neighbour);
        }

        _weights[neighbour] += weight;
    }

    /// <summary>How many positions were noted for a token.</summary>
    public int PositionCount(int neighbour) => _ends[neighbour];

    /// <summary>
    /// Says that the positions of a token are to go into the stretch from <paramref name="start"/> on, or nowhere if that is
    /// negative.
    /// </summary>
    public void Place(int neighbour, int start) => _ends[neighbour] = start;

    /// <summary>Writes the positions of each token into its stretch, and forgets everything.</summary>
    public void Store(int[] positions)
    {
        foreach ((int neighbour, int position) in _meetings.AsSpan(0, _meetingCount))
        {
            if (_ends[neighbour] >= 0)
            {
                positions[_ends[neighbour]++] = position;
            }
        }

        foreach (var neighbour in _neighbours)
        {
            _weights[neighbour] = 0;
            _ends[neighbour] = 0;
        }

        _neighbours.Clear();
        _meetingCount = 0;
    }
}
