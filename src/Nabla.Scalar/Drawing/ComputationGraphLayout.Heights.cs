namespace Nabla.Scalar;

/// <content>The last step: how high each point lies in its column.</content>
internal sealed partial class ComputationGraphLayout
{
    private const int HeightSweeps = 60;

    /// <summary>Makes edges as level as the order allows, above all long ones, and those of one node symmetric.</summary>
    private void ChooseHeights()
    {
        for (int sweep = 0; sweep < HeightSweeps; sweep++)
        {
            for (int i = 0; i < Columns.Length; i++)
            {
                Level(Columns[sweep % 2 == 0 ? Columns.Length - 1 - i : i], onlyAfter: sweep == 0);
            }
        }

        foreach (int[] route in Routes)
        {
            Straighten(route);
        }

        double top = Columns.Min(column => Heights[column[0]]) - (NodeHeight / 2);
        for (int point = 0; point < Heights.Length; point++)
        {
            Heights[point] -= top;
        }
    }

    /// <summary>
    /// Moves each point of a column to the mean height of its neighbours, as far as the distances allow: those that would come
    /// too close form a block and share a mean, the least squares under an order (the pool-adjacent-violators algorithm).
    /// </summary>
    private void Level(int[] column, bool onlyAfter)
    {
        var blocks = new List<(double Sum, double Weight, int Count)>();
        double offset = 0;
        for (int i = 0; i < column.Length; i++)
        {
            offset += i == 0 ? 0 : Distance(column[i - 1], column[i]);
            var (height, weight) = WantedHeight(column[i], onlyAfter);
            var block = (Sum: weight * (height - offset), Weight: weight, Count: 1);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Weight >= block.Sum / block.Weight)
            {
                block = (block.Sum + blocks[^1].Sum, block.Weight + blocks[^1].Weight, block.Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        PlaceBlocks(column, blocks);
    }

    /// <summary>The mean height of the neighbours, and how much it counts.</summary>
    private (double Height, double Weight) WantedHeight(int point, bool onlyAfter)
    {
        double sum = 0;
        double weights = 0;
        void Pull(List<int> neighbours, int strength)
        {
            foreach (int other in neighbours)
            {
                double weight = strength * (IsNode(point) && IsNode(other) ? 1 : IsNode(point) || IsNode(other) ? 2 : 8);
                sum += weight * Heights[other];
                weights += weight;
            }
        }

        Pull(_after[point], 1);
        if (!onlyAfter)
        {
            // Inputs count more, so that a result stands at the middle of its two, and level with its only one.
            Pull(_before[point], IsNode(point) && _before[point].Count == 1 ? 12 : 4);
        }

        return weights > 0 ? (sum / weights, weights) : (0, 1);
    }

    private void PlaceBlocks(int[] column, List<(double Sum, double Weight, int Count)> blocks)
    {
        int at = 0;
        double offset = 0;
        foreach (var (sum, weight, count) in blocks)
        {
            for (int end = at + count; at < end; at++)
            {
                offset += at == 0 ? 0 : Distance(column[at - 1], column[at]);
                Heights[column[at]] = (sum / weight) + offset;
            }
        }
    }

    /// <summary>Puts runs of bends at one height, as many together as there is room for: best at that of either end.</summary>
    private void Straighten(int[] route)
    {
        for (int first = 1, last; first < route.Length - 1; first = last)
        {
            var (low, high) = Room(route[first]);
            for (last = first + 1; last < route.Length - 1; last++)
            {
                var (nextLow, nextHigh) = Room(route[last]);
                if (Math.Max(low, nextLow) > Math.Min(high, nextHigh))
                {
                    break;
                }

                (low, high) = (Math.Max(low, nextLow), Math.Min(high, nextHigh));
            }

            double before = Heights[route[first - 1]];
            double after = Heights[route[last]];
            double height = before >= low && before <= high ? before : Math.Max(low, Math.Min(after, high));
            for (int i = first; i < last; i++)
            {
                Heights[route[i]] = height;
            }
        }
    }

    /// <summary>How high and how low a point may go without coming too close to those above and below.</summary>
    private (double Low, double High) Room(int point)
    {
        int[] column = Columns[_columnOf[point]];
        int place = _place[point];
        return (
            place == 0 ? double.MinValue : Heights[column[place - 1]] + Distance(column[place - 1], point),
            place == column.Length - 1 ? double.MaxValue : Heights[column[place + 1]] - Distance(point, column[place + 1]));
    }

    private double Distance(int upper, int lower)
    {
        int nodes = (IsNode(upper) ? 1 : 0) + (IsNode(lower) ? 1 : 0);
        return (nodes * NodeHeight / 2) + (nodes > 0 ? 14 : 10);
    }
}
