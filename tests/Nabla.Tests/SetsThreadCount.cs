namespace Nabla.Tests;

/// <summary>The tests that set <see cref="Compute.ThreadCount"/> run by themselves: there is one for the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SetsThreadCount
{
    public const string Name = "Thread count";
}
