namespace Nabla.Tokenizers;

/// <summary>A piece of a SentencePiece model; its place in <see cref="SentencePieceModel.Pieces"/> is its id.</summary>
/// <param name="Text">The piece as the model has it, with <c>▁</c> (U+2581) for a space.</param>
/// <param name="Score">
/// What decides between pieces: merges of a higher score come first in byte-pair models; the logarithm of the probability in
/// unigram models.
/// </param>
/// <param name="Kind">What it is.</param>
public readonly record struct SentencePieceEntry(string Text, float Score, SentencePieceKind Kind = SentencePieceKind.Normal);
