using System.Security.Cryptography;
using System.Text;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A text cut into a training and a validation split, as ids of a tokenizer.</summary>
/// <remarks>
/// <see cref="RunningText"/> makes one of a text that is read from end to end, <see cref="WordList"/> of short documents, one a
/// line; both in the same form, so that whatever trains on one trains on the other. A model predicts every id of a split from
/// those before it, except the first: for a word list that is the boundary token that opens the stream.
/// </remarks>
/// <param name="Name">What the data is called in messages and in a run's records.</param>
/// <param name="Tokenizer">What turns the ids back into text.</param>
/// <param name="TrainingIds">The ids to learn from.</param>
/// <param name="ValidationIds">The ids that are only measured on.</param>
/// <param name="SourceHash">
/// SHA-256 of the source text in UTF-8, 64 lower-case hexadecimal digits: a run that resumes compares it, to go on with the
/// data it began with.
/// </param>
public sealed record TextDataset(
    string Name,
    ITokenizer Tokenizer,
    TokenSequence TrainingIds,
    TokenSequence ValidationIds,
    string SourceHash)
{
    /// <summary>
    /// The id between documents, where generating one begins and ends; null for running text, which has no such places.
    /// </summary>
    public int? BoundaryId { get; init; }

    /// <summary>Nine tenths of what there is are for training, rounded down.</summary>
    internal static int TrainingCount(int count) => (int)(0.9 * count);

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
