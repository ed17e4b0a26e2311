namespace Nabla.Tokenizers;

/// <summary>What a piece of a SentencePiece model is.</summary>
/// <remarks>The numbers are those of the file format.</remarks>
public enum SentencePieceKind
{
    /// <summary>A stretch of text.</summary>
    Normal = 1,

    /// <summary>What stands for text that no other piece can write.</summary>
    Unknown = 2,

    /// <summary>A sign to the model, such as the begin or the end of a text; no text encodes to it.</summary>
    Control = 3,

    /// <summary>A text that is never split, and never becomes a part of another piece.</summary>
    UserDefined = 4,

    /// <summary>A stretch of text that merges pass through, but that is split again at the end.</summary>
    Unused = 5,

    /// <summary>One byte, written as <c>&lt;0x41&gt;</c>, of a character that has no piece.</summary>
    Byte = 6,
}
