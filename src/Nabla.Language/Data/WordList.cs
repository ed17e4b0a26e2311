using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A list of short documents, one a line, each learnt as a whole: names, words, chemical formulas.</summary>
/// <remarks>
/// A split becomes one stream with the boundary token around every document, <c>. e m m a . o l i v i a .</c>, and training
/// windows are cut anywhere in it. So a model learns how documents begin and end, is never fed padding, and counts each letter
/// and each boundary once; all it sees of the neighbouring documents is noise, since their order is random.
/// </remarks>
public static class WordList
{
    /// <summary>The seed of the order that decides what is validated on: fixed, so that the losses of runs compare.</summary>
    public const ulong DefaultSplitSeed = 42;

    /// <summary>
    /// Takes the different lines of a text, shuffles them, and gives 90 percent to training, the rest to validation.
    /// </summary>
    /// <remarks>
    /// Space around a line is cut off, and empty lines are left out. Documents that occur again are dropped before the split,
    /// else the validation loss would partly measure memory.
    /// </remarks>
    /// <param name="text">The text, as <see cref="TextFile.Read"/> gives it.</param>
    /// <param name="name">What messages call the data.</param>
    /// <param name="tokenizer">
    /// The tokenizer, whose end-of-text token becomes the boundary; if null, one id for each different character.
    /// </param>
    /// <param name="splitSeed">The seed of the shuffle.</param>
    /// <exception cref="DataFileException">
    /// There are fewer than two different documents, or the tokenizer has no end-of-text token.
    /// </exception>
    /// <exception cref="TokenizerException">The tokenizer cannot write a document.</exception>
    public static TextDataset Create(
        string text, string name, ITokenizer? tokenizer = null, ulong splitSeed = DefaultSplitSeed)
    {
        string[] documents = Documents(text);
        int trainingCount = TextDataset.TrainingCount(documents.Length);
        if (trainingCount == 0)
        {
            throw new DataFileException($"{name} has fewer than two different lines: a word list holds one document a line.");
        }

        int[] order = new int[documents.Length];
        new RandomGenerator(splitSeed).Permutation(order);
        string[] shuffled = [.. order.Select(index => documents[index])];

        tokenizer ??= CharacterTokenizer.FromText(string.Join('\n', documents), boundary: true);
        int boundary = tokenizer.EndOfTextId ?? throw new DataFileException($"{name} is a list of documents, but its tokenizer "
            + $"has no end-of-text token to put between them: {CorpusEncoding.EndOfTextMend}");
        return new TextDataset(name, tokenizer, tokenizer.EncodeDocuments(shuffled.AsMemory(0, trainingCount), boundary),
            tokenizer.EncodeDocuments(shuffled.AsMemory(trainingCount), boundary), TextDataset.Hash(text))
        {
            BoundaryId = boundary,
        };
    }

    /// <summary>The different documents of a text in the order of their first occurrence.</summary>
    public static string[] Documents(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const StringSplitOptions Options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        return [.. text.Split('\n', Options).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The documents of a stream of ids, without the boundaries between them.</summary>
    /// <param name="tokenizer">What turns the ids back into text.</param>
    /// <param name="ids">The stream.</param>
    /// <param name="boundary">The token between documents.</param>
    public static IEnumerable<string> Documents(ITokenizer tokenizer, ReadOnlyMemory<int> ids, int boundary)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        while (!ids.IsEmpty)
        {
            int length = ids.Span.IndexOf(boundary) is int found and >= 0 ? found : ids.Length;
            if (length > 0)
            {
                yield return tokenizer.Decode(ids.Span[..length]);
            }

            ids = ids[Math.Min(length + 1, ids.Length)..];
        }
    }
}
