using System.Diagnostics.CodeAnalysis;

namespace Nabla.Tokenizers.Tests.Formats;

/// <summary>Compares all that a tokenizer is made of.</summary>
internal static class SameTokenizer
{
    public static void Assert([NotNull] RegexTokenizer expected, [NotNull] RegexTokenizer actual)
    {
        Xunit.Assert.Equal(expected.VocabularySize, actual.VocabularySize);
        Xunit.Assert.Equal(expected.Vocabulary.Size, actual.Vocabulary.Size);
        Xunit.Assert.Equal(expected.Vocabulary.MergesByRank, actual.Vocabulary.MergesByRank);
        Xunit.Assert.Equal(expected.Vocabulary.MatchesWholeChunks, actual.Vocabulary.MatchesWholeChunks);
        Xunit.Assert.True(expected.Vocabulary.Merges.AsSpan().SequenceEqual(actual.Vocabulary.Merges.AsSpan()));
        for (var id = 0; id < expected.Vocabulary.Size; id++)
        {
            Xunit.Assert.True(expected.Vocabulary.TokenBytes(id).SequenceEqual(actual.Vocabulary.TokenBytes(id)), $"token {id}");
        }

        Xunit.Assert.Equal(expected.Splitter.Pattern, actual.Splitter.Pattern);
        Xunit.Assert.Equal(expected.SpecialTokens.Ids.OrderBy(token => token.Value), actual.SpecialTokens.Ids.OrderBy(token => token.Value));
    }
}
