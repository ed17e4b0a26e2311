namespace Nabla.Language;

/// <summary>
/// A saved model that cannot be read, or a model that a form cannot hold. The message is one line that names the file, what is
/// wrong with it and the mend, fit to be shown to a user as it is.
/// </summary>
public sealed class ModelFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ModelFileException()
    {
    }

    /// <summary>Creates the exception with its one line.</summary>
    public ModelFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its one line and what led to it.</summary>
    public ModelFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
