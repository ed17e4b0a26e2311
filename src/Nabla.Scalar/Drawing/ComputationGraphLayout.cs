namespace Nabla.Scalar;

/// <summary>
/// Where each node of a graph goes in a picture whose edges all run from left to right: in which column, and how high.
/// </summary>
/// <remarks>
/// After K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures" (1981), in four
/// steps: columns; bends, one in each column that an edge passes by; an order in each column with few crossings; heights.
/// </remarks>
internal sealed partial class ComputationGraphLayout
{
    /// <summary>How high a node is, in pixels.</summary>
    public const double NodeHeight = 38;

    private const int OrderSweeps = 24;

    private readonly int _nodes;
    private readonly List<int> _columnOf;
    private readonly List<List<int>> _before = [];
    private readonly List<List<int>> _after = [];
    private readonly int[] _place;

    /// <summary>Lays a graph out.</summary>
    /// <param name="nodes">How many nodes there are; they are numbered from 0, each after its inputs.</param>
    /// <param name="links">The edges, in the order of the nodes where they end.</param>
    public ComputationGraphLayout(int nodes, ReadOnlySpan<(int From, int To)> links)
    {
        _nodes = nodes;
        _columnOf = [.. ChooseColumns(nodes, links)];
        Routes = AddBends(links);
        _place = new int[_columnOf.Count];
        Columns = new int[_columnOf.Max() + 1][];
        Heights = new double[_columnOf.Count];
        FillColumns();
        ReduceCrossings();
        ChooseHeights();
    }

    /// <summary>Gets the points of each column, top to bottom: nodes by their numbers, bends by higher ones.</summary>
    public int[][] Columns { get; private set; }

    /// <summary>Gets the points that each edge goes through: where it begins, its bends, where it ends.</summary>
    public int[][] Routes { get; }

    /// <summary>Gets how far below the top each point lies, in pixels.</summary>
    public double[] Heights { get; }

    /// <summary>Returns the column of a point.</summary>
    public int ColumnOf(int point) => _columnOf[point];

    /// <summary>Returns whether a point is a node, not a bend.</summary>
    public bool IsNode(int point) => point < _nodes;

    /// <summary>
    /// The first column after all inputs; then, last node first, moved right to just before its uses wherever that makes edges
    /// shorter. An input that is used nowhere else will follow, so the edge from it does not count.
    /// </summary>
    private static int[] ChooseColumns(int nodes, ReadOnlySpan<(int From, int To)> links)
    {
        var columns = new int[nodes];
        var nextUse = new int[nodes];
        var uses = new int[nodes];
        var shared = new int[nodes];
        foreach (var (from, to) in links)
        {
            columns[to] = Math.Max(columns[to], columns[from] + 1);
            uses[from]++;
        }

        foreach (var (from, to) in links)
        {
            shared[to] += uses[from] > 1 ? 1 : 0;
        }

        Array.Fill(nextUse, int.MaxValue);
        int link = links.Length - 1;
        for (int node = nodes - 1; node >= 0; node--)
        {
            if (uses[node] > shared[node])
            {
                columns[node] = nextUse[node] - 1;
            }

            for (; link >= 0 && links[link].To == node; link--)
            {
                int from = links[link].From;
                nextUse[from] = Math.Min(nextUse[from], columns[node]);
            }
        }

        return columns;
    }

    private int[][] AddBends(ReadOnlySpan<(int From, int To)> links)
    {
        for (int node = 0; node < _nodes; node++)
        {
            _before.Add([]);
            _after.Add([]);
        }

        var routes = new int[links.Length][];
        for (int i = 0; i < links.Length; i++)
        {
            var (from, to) = links[i];
            List<int> route = [from];
            for (int column = _columnOf[from] + 1; column < _columnOf[to]; column++)
            {
                route.Add(_columnOf.Count);
                _columnOf.Add(column);
                _before.Add([]);
                _after.Add([]);
            }

            route.Add(to);
            for (int k = 1; k < route.Count; k++)
            {
                _before[route[k]].Add(route[k - 1]);
                _after[route[k - 1]].Add(route[k]);
            }

            routes[i] = [.. route];
        }

        return routes;
    }

    /// <summary>Nodes come in the order of a walk, each with the bends behind it, so that a tree has no crossings.</summary>
    private void FillColumns()
    {
        var columns = Columns.Select(_ => new List<int>()).ToArray();
        for (int node = 0; node < _nodes; node++)
        {
            columns[_columnOf[node]].Add(node);
            foreach (int next in _after[node])
            {
                for (int point = next; !IsNode(point); point = _after[point][0])
                {
                    columns[_columnOf[point]].Add(point);
                }
            }
        }

        for (int i = 0; i < columns.Length; i++)
        {
            Columns[i] = [.. columns[i]];
            NotePlaces(Columns[i]);
        }
    }

    private void NotePlaces(int[] column)
    {
        for (int i = 0; i < column.Length; i++)
        {
            _place[column[i]] = i;
        }
    }

    /// <summary>Sorts columns by the mean place of the neighbours in the next one, to and fro, and keeps the best seen.</summary>
    private void ReduceCrossings()
    {
        long fewest = CountCrossings();
        int[][] best = [.. Columns.Select(column => (int[])column.Clone())];
        for (int sweep = 0; sweep < OrderSweeps && fewest > 0; sweep++)
        {
            for (int i = 1; i < Columns.Length; i++)
            {
                if (sweep % 2 == 0)
                {
                    SortColumn(Columns[^(i + 1)], _after);
                }
                else
                {
                    SortColumn(Columns[i], _before);
                }
            }

            long crossings = CountCrossings();
            if (crossings < fewest)
            {
                fewest = crossings;
                best = [.. Columns.Select(column => (int[])column.Clone())];
            }
        }

        Columns = best;
        Array.ForEach(Columns, NotePlaces);
    }

    /// <summary>Points without neighbours on that side stay where they are.</summary>
    private void SortColumn(int[] column, List<List<int>> neighbours)
    {
        int[] slots = [.. Enumerable.Range(0, column.Length).Where(i => neighbours[column[i]].Count > 0)];
        int[] sorted = [.. slots.Select(i => column[i]).OrderBy(point => neighbours[point].Average(other => _place[other]))];
        for (int i = 0; i < slots.Length; i++)
        {
            column[slots[i]] = sorted[i];
        }

        NotePlaces(column);
    }

    private long CountCrossings()
    {
        long crossings = 0;
        for (int i = 1; i < Columns.Length; i++)
        {
            // Two edges cross where their ends are in the other order than their beginnings. A tree of partial sums (P. Fenwick,
            // 1994) tells for each end how many of those before it lie below.
            var sums = new int[Columns[i].Length + 1];
            int seen = 0;
            foreach (int point in Columns[i - 1])
            {
                foreach (int end in _after[point].Select(other => _place[other]).Order())
                {
                    crossings += seen;
                    for (int k = end + 1; k > 0; k &= k - 1)
                    {
                        crossings -= sums[k];
                    }

                    seen++;
                    for (int k = end + 1; k < sums.Length; k += k & -k)
                    {
                        sums[k]++;
                    }
                }
            }
        }

        return crossings;
    }
}
