namespace Nabla.Tokenizers;

/// <summary>A piece of a parsed pattern: syntax that .NET reads as it is, or a set of which one character is to match.</summary>
internal readonly record struct PatternPiece(string? Syntax, CodePointSet? Set)
{
    public static implicit operator PatternPiece(string syntax) => new(syntax, null);

    public static implicit operator PatternPiece(CodePointSet set) => new(null, set);
}
