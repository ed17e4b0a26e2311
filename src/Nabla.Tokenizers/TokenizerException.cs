namespace Nabla.Tokenizers;

/// <summary>
/// A text, an id or a tokenizer file that a tokenizer cannot take. The message is one line that names what is wrong, where,
/// and the mend, fit to be shown to a user as it is.
/// </summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Makes the exception without a particular message.</summary>
    public TokenizerException()
    {
    }

    /// <summary>Makes the exception with its one line.</summary>
    public TokenizerException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its one line and what led to it.</summary>
    public TokenizerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
