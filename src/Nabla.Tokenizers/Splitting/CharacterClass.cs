namespace Nabla.Tokenizers;

/// <summary>What the split patterns ask about a character. Each has exactly one of the single classes.</summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>No character: the end of the text.</summary>
    None = 0,

    /// <summary>A letter in upper or title case: <c>[\p{Lu}\p{Lt}]</c>.</summary>
    Upper = 1,

    /// <summary>A letter in lower case: <c>\p{Ll}</c>.</summary>
    Lower = 2,

    /// <summary>A letter without case, as most scripts have them: <c>[\p{Lm}\p{Lo}]</c>.</summary>
    Caseless = 4,

    /// <summary>A combining mark: <c>\p{M}</c>.</summary>
    Mark = 8,

    /// <summary>A digit or other number of any script: <c>\p{N}</c>.</summary>
    Number = 16,

    /// <summary>White space that does not end a line: <c>[^\S\r\n]</c>.</summary>
    Blank = 32,

    /// <summary>A carriage return or a line feed.</summary>
    NewLine = 64,

    /// <summary>Everything else: punctuation, symbols, controls, characters without a meaning yet.</summary>
    Other = 128,

    /// <summary>A letter: <c>\p{L}</c>.</summary>
    Letter = Upper | Lower | Caseless,

    /// <summary>White space: <c>\s</c>.</summary>
    Space = Blank | NewLine,

    /// <summary>Neither white space nor letter nor number: <c>[^\s\p{L}\p{N}]</c>.</summary>
    Symbol = Mark | Other,
}
