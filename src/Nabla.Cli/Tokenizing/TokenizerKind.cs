using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>Says in a few words what kind of tokenizer one is.</summary>
internal static class TokenizerKind
{
    /// <summary>Returns the words.</summary>
    public static string Describe(ITokenizer tokenizer) => tokenizer switch
    {
        CharacterTokenizer => "one id for each character",
        BasicTokenizer => "byte pairs, text not split",
        RegexTokenizer { Vocabulary.MergesByRank: true } => "byte pairs within chunks, merged by rank",
        RegexTokenizer => "byte pairs within chunks",
        SentencePieceTokenizer { Model.Training.ModelType: SentencePieceModelType.Unigram } => "a SentencePiece unigram model",
        SentencePieceTokenizer => "a SentencePiece byte-pair model",
        _ => tokenizer.GetType().Name,
    };
}
