namespace Nabla.Benchmarks;

/// <summary>What the user asked for cannot be done; the message is one line that says what to give instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
