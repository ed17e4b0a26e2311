namespace Nabla.Language.Tests.Planning;

public class MemoryFitTests
{
    private static readonly GptConfig _config = new() { LayerCount = 4, HeadCount = 4, Width = 256, ContextLength = 512 };

    [Fact]
    public void Smaller_batches_come_first_then_recomputation()
    {
        long whole = TrainingMemory.Bytes(_config, 12, 2)!.Value;

        IReadOnlyList<MemoryFit> ways = MemoryFit.Ways(_config, 12, 2, whole - 1);

        Assert.Equal([(8, 3, false), (12, 2, true)], ways.Select(way => (way.BatchSize, way.AccumulationSteps, way.Model.Recompute)));
        Assert.All(ways, way => Assert.True(way.Memory.Total < whole));
    }

    [Fact]
    public void Every_way_leaves_the_rows_of_a_step_as_they_are()
    {
        long least = TrainingMemory.Bytes(_config, 1, 60)!.Value;

        MemoryFit way = MemoryFit.Ways(_config, 12, 5, least + (least / 10))[0];

        Assert.Equal(60, way.BatchSize * way.AccumulationSteps);
        Assert.InRange(way.Memory.Total, 1, least + (least / 10));
    }

    [Fact]
    public void Where_neither_is_enough_both_are_tried()
    {
        long both = TrainingMemory.Bytes(_config with { Recompute = true }, 1, 12)!.Value;

        MemoryFit way = Assert.Single(MemoryFit.Ways(_config, 12, 1, both));

        Assert.Equal((1, 12, true), (way.BatchSize, way.AccumulationSteps, way.Model.Recompute));
    }

    [Fact]
    public void Where_no_row_fits_the_context_is_halved()
    {
        GptConfig shorter = _config with { ContextLength = 128, Recompute = true };
        long bytes = TrainingMemory.Bytes(shorter, 1)!.Value;

        MemoryFit way = Assert.Single(MemoryFit.Ways(_config, 1, 1, bytes));

        Assert.Equal(128, way.Model.ContextLength);
    }

    [Fact]
    public void Parameters_that_do_not_fit_have_no_way()
        => Assert.Empty(MemoryFit.Ways(_config, 8, 1, 16 * GptParameters.Of(_config).Total));
}
