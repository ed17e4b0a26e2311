using Nabla.Kernels;

namespace Nabla.Tests.Kernels;

public sealed class CoreCountTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-cores-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Processors_that_share_a_core_count_once()
    {
        Siblings(0, "0,4");
        Siblings(1, "1,5");
        Siblings(4, "0,4");
        Siblings(5, "1,5");
        Assert.Equal(2, CoreCount.Among([0, 1, 4, 5], _folder));
        Assert.Equal(2, CoreCount.Among([1, 4], _folder));
        Assert.Equal(1, CoreCount.Among([1, 5], _folder));
    }

    [Fact]
    public void A_processor_that_the_system_says_nothing_of_is_a_core()
    {
        Siblings(0, "0-1");
        Siblings(1, "0-1");
        Assert.Equal(3, CoreCount.Among([0, 1, 2, 3], _folder));
    }

    [Theory]
    [InlineData("0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData("5", new[] { 5 })]
    [InlineData("3-1", new int[0])]
    [InlineData("0-999999999", new int[0])]
    [InlineData("all", new int[0])]
    public void The_allowed_processors_are_read_from_their_list(string list, int[] expected)
    {
        string file = Path.Combine(_folder, "status");
        File.WriteAllText(file, $"Name:\tnabla\nCpus_allowed:\tff\nCpus_allowed_list:\t{list}\nMems_allowed:\t1\n");
        Assert.Equal(expected, CoreCount.Allowed(file));
        Assert.Empty(CoreCount.Allowed(file + "-that-is-not-there"));
    }

    [Fact]
    public void This_process_has_a_core_and_no_more_than_its_processors()
        => Assert.InRange(CoreCount.OfThisProcess(), 1, Environment.ProcessorCount);

    private void Siblings(int processor, string list)
    {
        string folder = Path.Combine(_folder, $"cpu{processor}", "topology");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "thread_siblings_list"), list + "\n");
    }
}
