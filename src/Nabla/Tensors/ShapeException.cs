namespace Nabla;

/// <summary>Thrown when shapes, dimensions or indices do not fit; the message names the operation, the shapes and the rule.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    public ShapeException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
