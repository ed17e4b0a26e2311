namespace Nabla.Language.Data;

/// <summary>
/// A data file that cannot be used: missing, not text, too short, or not to be had. The message is one line that names the
/// file, what is wrong with it and the mend, fit to be shown to a user as it is.
/// </summary>
public sealed class DataFileException : Exception
{
    /// <summary>Makes the exception without a particular message.</summary>
    public DataFileException()
    {
    }

    /// <summary>Makes the exception with its one line.</summary>
    public DataFileException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its one line and what led to it.</summary>
    public DataFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
