namespace Nabla.Tokenizers;

/// <summary>A token and the stretch of text that it stands for.</summary>
/// <param name="Id">The token.</param>
/// <param name="Start">Where its text begins, in UTF-16 code units from the start of the encoded text.</param>
/// <param name="End">
/// Where its text ends, exclusive. A token that holds only a part of a character has the range of that whole character, so
/// such ranges overlap.
/// </param>
public readonly record struct TokenRange(int Id, int Start, int End);
