using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A text that is read from its beginning to its end: a play, a book, a source file.</summary>
public static class RunningText
{
    /// <summary>
    /// Cuts a text in two: the first 90 percent of its tokens to train on, the rest to validate. The cut is contiguous, since
    /// a shuffled one would put the neighbours of every validation token into the training split.
    /// </summary>
    /// <param name="text">The text, as <see cref="TextFile.Read"/> gives it.</param>
    /// <param name="name">What messages call the data.</param>
    /// <param name="tokenizer">The tokenizer; if null, one id for each different character of the text.</param>
    /// <exception cref="DataFileException">The text is too short to be cut in two.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot write the text.</exception>
    public static TextDataset Create(string text, string name, ITokenizer? tokenizer = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < 2)
        {
            throw new DataFileException($"{name} is too short: running text needs at least two characters.");
        }

        tokenizer ??= CharacterTokenizer.FromText(text);
        int[] ids = tokenizer.EncodeLong(text);
        int trainingCount = TextDataset.TrainingCount(ids.Length);
        if (trainingCount == 0)
        {
            throw new DataFileException($"{name} is too short: it is a single token, which cannot be cut in two.");
        }

        return new TextDataset(name, tokenizer, ids.AsMemory(0, trainingCount), ids.AsMemory(trainingCount),
            TextDataset.Hash(text));
    }
}
