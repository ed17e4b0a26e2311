namespace Nabla.Tokenizers;

/// <summary>How a SentencePiece model cuts text into pieces.</summary>
/// <remarks>The numbers are those of the file format.</remarks>
public enum SentencePieceModelType
{
    /// <summary>The most probable pieces, each independent of the others (Kudo 2018, https://arxiv.org/abs/1804.10959).</summary>
    Unigram = 1,

    /// <summary>Byte-pair encoding on characters (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909).</summary>
    Bpe = 2,

    /// <summary>Whole words; neither trained nor used here.</summary>
    Word = 3,

    /// <summary>Single characters; neither trained nor used here.</summary>
    Char = 4,
}
