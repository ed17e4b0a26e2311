namespace Nabla.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The command was understood and failed.</summary>
    public const int Failed = 1;

    /// <summary>The command was wrong; nothing was begun.</summary>
    public const int WrongUsage = 2;

    /// <summary>Stopped by the user, with everything saved.</summary>
    public const int Interrupted = 130;
}
