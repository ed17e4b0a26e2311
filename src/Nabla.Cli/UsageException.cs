namespace Nabla.Cli;

/// <summary>A command that was written wrongly; the message is one line that names the mend.</summary>
internal sealed class UsageException(string message) : Exception(message);
