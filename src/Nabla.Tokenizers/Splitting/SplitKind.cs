namespace Nabla.Tokenizers;

/// <summary>How a <see cref="TextSplitter"/> does its work.</summary>
internal enum SplitKind
{
    /// <summary>Not at all: <see cref="WholeTextChunker"/>.</summary>
    WholeText,

    /// <summary>By <see cref="Gpt2Chunker"/>.</summary>
    Gpt2,

    /// <summary>By <see cref="Cl100kChunker"/>.</summary>
    Cl100k,

    /// <summary>By <see cref="Cl100kPossessiveChunker"/>.</summary>
    Cl100kPossessive,

    /// <summary>By <see cref="O200kChunker"/>.</summary>
    O200k,

    /// <summary>By a regular expression of the user's.</summary>
    Pattern,
}
