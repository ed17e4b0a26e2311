using Nabla.IO;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli;

/// <summary>Turns what went wrong into one line and an exit code.</summary>
internal static class Failure
{
    /// <summary>Returns the line, without the program's name in front, and the exit code.</summary>
    public static (string Line, int Code) Describe(Exception error) => error switch
    {
        UsageException => (OneLine(error), ExitCode.WrongUsage),
        OperationCanceledException => ("Interrupted.", ExitCode.Interrupted),
        OutOfMemoryException => ("Not enough memory: take a smaller batch, context or width.", ExitCode.Failed),
        ArgumentException or DataFileException or TokenizerException or TensorFileException or InvalidRunException or ModelFileException
            or TrainingException or IOException => (OneLine(error), ExitCode.Failed),
        UnauthorizedAccessException => ($"{OneLine(error).TrimEnd('.')}: name another place, or change its permissions.", ExitCode.Failed),
        _ => ($"This should not happen ({error.GetType().Name}: {OneLine(error)}): please report it, with what "
            + "NABLA_DEBUG=1 prints.", ExitCode.Failed),
    };

    private static string OneLine(Exception error) => error.Message.ReplaceLineEndings(" ").Trim();
}
