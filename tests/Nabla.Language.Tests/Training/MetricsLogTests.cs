using Nabla.Language.Tests.Data;

namespace Nabla.Language.Tests.Training;

/// <summary>What a log says can be read, also while it is written.</summary>
public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read_to_the_same_bits()
    {
        using (MetricsLog log = MetricsLog.Open(Path, 0))
        {
            log.Append(new StepMetrics(0, 1f / 3, null, 1e-5f, 2.5f));
            log.Append(new StepMetrics(1, float.Epsilon, 4.125f, 1, 0));
        }

        Assert.Equal(
            [new StepMetrics(0, 1f / 3, null, 1e-5f, 2.5f), new StepMetrics(1, float.Epsilon, 4.125f, 1, 0)],
            MetricsLog.Read(Path));
    }

    [Fact]
    public void A_log_can_be_read_while_a_trainer_has_it_open()
    {
        using MetricsLog log = MetricsLog.Open(Path, 0);
        log.Append(new StepMetrics(0, 3, null, 1, 1));

        Assert.Equal(0, Assert.Single(MetricsLog.Read(Path)).Step);
    }

    [Theory]
    [InlineData("""{"step":1,"loss":2.5,"learni""")]
    [InlineData("""{"step":1,"loss":2.5,"learningRate":1,"gradientNorm":1}""")]
    public void A_last_line_without_its_end_is_not_read(string half)
    {
        using (MetricsLog log = MetricsLog.Open(Path, 0))
        {
            log.Append(new StepMetrics(0, 3, null, 1, 1));
        }

        File.AppendAllText(Path, half);

        Assert.Equal(0, Assert.Single(MetricsLog.Read(Path)).Step);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"step":1}""")]
    [InlineData("""{"step":"1","loss":2.5,"learningRate":1,"gradientNorm":1}""")]
    [InlineData("[1]")]
    public void A_whole_line_that_is_no_step_is_an_error_that_names_it(string line)
    {
        using (MetricsLog log = MetricsLog.Open(Path, 0))
        {
            log.Append(new StepMetrics(0, 3, null, 1, 1));
        }

        File.AppendAllText(Path, line + "\n");

        Assert.Equal(
            $"{Path}, line 2, is not that of a step: mend it, or delete it.",
            Assert.Throws<InvalidRunException>(() => MetricsLog.Read(Path)).Message);
    }

    [Fact]
    public void Without_a_log_there_are_no_steps() => Assert.Empty(MetricsLog.Read(Path));
}
