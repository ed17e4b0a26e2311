namespace Nabla.IO;

/// <summary>
/// A tensor file that is damaged, or holds something other than what was asked of it. The message is one line that names the
/// file and the fault, fit to be shown to a user as it is.
/// </summary>
public sealed class TensorFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TensorFileException()
    {
    }

    /// <summary>Creates the exception with its one line.</summary>
    public TensorFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its one line and what led to it.</summary>
    public TensorFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
