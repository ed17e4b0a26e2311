using System.Collections.Immutable;

namespace Nabla.Tokenizers;

/// <summary>
/// The ids of a text that is not yet at its end, as a prompt is that a model goes on with: those that stay whatever follows,
/// and what the rest may turn into.
/// </summary>
/// <param name="StableIds">The ids before the last chunk.</param>
/// <param name="Completions">
/// What may follow them, in the order of the ids: each a list of tokens that begins with the text's last bytes and ends with
/// the first token that reaches beyond them, or exactly to their end. Empty if nothing is unstable.
/// </param>
public sealed record UnstableEncoding(ImmutableArray<int> StableIds, ImmutableArray<ImmutableArray<int>> Completions);
