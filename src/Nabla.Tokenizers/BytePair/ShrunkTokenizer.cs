using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>A tokenizer with a part of another's tokens, and what became of the old ids.</summary>
/// <param name="Tokenizer">The smaller one. Its ids run from 0 without a gap, in the order of the old ones.</param>
/// <param name="NewIds">
/// For each old id, [V], the new one, or -1 where it was dropped: what a model needs to drop the same rows.
/// </param>
public sealed record ShrunkTokenizer(RegexTokenizer Tokenizer, ImmutableArray<int> NewIds);
