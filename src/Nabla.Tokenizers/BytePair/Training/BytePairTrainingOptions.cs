using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Which of two equally frequent pairs is merged first.</summary>
public enum TieRule
{
    /// <summary>The one whose first occurrence in the text, as it is then, is earlier: the rule of minbpe and the lecture.</summary>
    FirstSeen,

    /// <summary>The one with the lower left id, then the lower right id: the rule of Hugging Face's trainer.</summary>
    LowestIds,
}

/// <summary>What a byte-pair training is told.</summary>
public sealed record BytePairTrainingOptions
{
    // Ids are kept in three bytes, see SymbolSequence.
    private const int MaximumVocabularySize = (1 << 24) - 1;

    /// <summary>The number of tokens to end with, the 256 bytes included and special tokens not.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How the text is cut into chunks that no merge crosses.</summary>
    public TextSplitter Splitter { get; init; } = TextSplitter.None;

    /// <summary>Which of two equally frequent pairs goes first.</summary>
    public TieRule Ties { get; init; }

    /// <summary>Training ends when no pair occurs this often; 1 goes on until there is nothing left to merge.</summary>
    public long MinimumCount { get; init; } = 1;

    /// <summary>Texts such as <c>&lt;|endoftext|&gt;</c> that are cut out of the training text: nothing of them is merged.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [];

    /// <summary>
    /// Whether each file is a text of its own, so that no pair lies across the end of one and the beginning of the next; else
    /// the files are one text, as if they were joined before.
    /// </summary>
    public bool FilesAreDocuments { get; init; } = true;

    /// <summary>The number of threads that count. The merges do not depend on it.</summary>
    public int ThreadCount { get; init; } = Environment.ProcessorCount;

    /// <summary>How many positions of pairs are kept in memory at most; null for what is sensible.</summary>
    internal long? PositionLimit { get; init; }

    internal void Validate()
    {
        if (VocabularySize < BytePairVocabulary.ByteCount)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"a vocabulary of {VocabularySize} cannot hold the 256 bytes: ask for at least 256."));
        }

        if (VocabularySize > MaximumVocabularySize)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"a vocabulary of {VocabularySize} is too large: ask for at most {MaximumVocabularySize}."));
        }

        ArgumentNullException.ThrowIfNull(Splitter);
        ArgumentNullException.ThrowIfNull(SpecialTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ThreadCount, 1);
        if (SpecialTokens.Any(string.IsNullOrEmpty))
        {
            throw new TokenizerException("a special token has no text: give it one, such as <|endoftext|>.");
        }
    }
}
