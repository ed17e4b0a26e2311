namespace Nabla.Tokenizers;

/// <summary>How far a SentencePiece training has come.</summary>
/// <param name="Merges">The merges learned.</param>
/// <param name="TotalMerges">The merges that the vocabulary has room for.</param>
/// <param name="TooLongLines">The lines that were skipped because they are longer than the options allow.</param>
public readonly record struct SentencePieceTrainingProgress(int Merges, int TotalMerges, long TooLongLines);
