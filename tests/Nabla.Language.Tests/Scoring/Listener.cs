namespace Nabla.Language.Tests.Scoring;

/// <summary>Keeps what is told, at once and on the same thread.</summary>
internal sealed class Listener<T>(List<T> told) : IProgress<T>
{
    public void Report(T value) => told.Add(value);
}
