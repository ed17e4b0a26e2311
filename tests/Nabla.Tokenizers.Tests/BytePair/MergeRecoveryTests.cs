using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests;

public sealed class MergeRecoveryTests
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);

    // Tokens of few letters under any ranks: most such lists could come from no training.
    private static readonly Gen<byte[][]> _ranks =
        from count in Gen.Choose(1, 25)
        from texts in Gen.Elements('a', 'b', 'c').ArrayOf().Where(letters => letters.Length is >= 2 and <= 6).ArrayOf(count)
        from order in Gen.Shuffle(Enumerable.Range(0, 256).Select(value => ((char)value).ToString())
            .Concat(texts.Select(letters => new string(letters)).Distinct()).ToArray())
        select order.Select(Encoding.Latin1.GetBytes).ToArray();

    [Fact]
    public void One_pair_for_each_token_says_what_all_ranks_say() => Check.One(_config.WithMaxTest(500), Prop.ForAll(
        _ranks.ToArbitrary(), Gen.Elements('a', 'b', 'c').ArrayOf().ToArbitrary(), (ranks, letters) =>
        {
            var tokenizer = new RegexTokenizer(BytePairVocabulary.FromRanks(ranks), TextSplitter.None);
            var text = new string(letters);
            return tokenizer.Encode(text).SequenceEqual(ByRank(ranks, Encoding.ASCII.GetBytes(text)));
        }));

    [Fact]
    public void Trained_merges_are_recovered_from_their_ranks() => Check.One(_config, Prop.ForAll(
        Gen.Elements('a', 'b', 'c', ' ').ArrayOf().ToArbitrary(), letters =>
        {
            BytePairVocabulary trained = BasicTokenizer.Train(new string(letters), 290).Vocabulary;
            BytePairVocabulary ranks = BytePairVocabulary.FromRanks(
                [.. Enumerable.Range(0, trained.Size).Select(id => trained.TokenBytes(id).ToArray())]);
            return MergeRecovery.Recover(ranks).SequenceEqual(trained.Merges) && MergeRecovery.FollowFromIds(trained);
        }));

    [Fact]
    public void A_token_of_three_parts_is_named()
    {
        byte[][] tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), "abc"u8.ToArray()];
        var vocabulary = BytePairVocabulary.FromRanks(tokens);

        var exception = Assert.Throws<TokenizerException>(() => MergeRecovery.Recover(vocabulary));

        Assert.StartsWith("token 256 is 3 tokens of lower rank", exception.Message, StringComparison.Ordinal);
        Assert.Empty(vocabulary.Merges);
        Assert.Equal([256], new RegexTokenizer(vocabulary, TextSplitter.None).Encode("abc"));
        Assert.Equal([97, 98, 99, 100], new RegexTokenizer(vocabulary, TextSplitter.None).Encode("abcd"));
    }

    [Fact]
    public void Long_tokens_are_taken_apart_as_short_ones_are()
    {
        // 60 letters are past the length at which a queue takes over; each token is the one before and a letter more.
        byte[][] tokens =
        [
            .. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }),
            .. Enumerable.Range(2, 59).Select(length => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("abcd", 15))[..length])),
        ];

        var merges = MergeRecovery.Recover(BytePairVocabulary.FromRanks(tokens));

        Assert.Equal(59, merges.Length);
        Assert.Equal(tokens[^1], tokens[merges[^1].Left].Concat(tokens[merges[^1].Right]));
    }

    // Ranks as tiktoken takes them: a whole chunk at once, else the lowest rank of any two neighbours' joined bytes, the
    // leftmost of equals.
    private static List<int> ByRank(byte[][] ranks, byte[] text)
    {
        var ids = ranks.Index().ToDictionary(token => Encoding.Latin1.GetString(token.Item), token => token.Index);
        List<string> parts = [.. text.Select(value => ((char)value).ToString())];
        if (ids.TryGetValue(string.Concat(parts), out var whole))
        {
            return [whole];
        }

        while (true)
        {
            var best = Enumerable.Range(0, Math.Max(0, parts.Count - 1))
                .Select(position => (Rank: ids.GetValueOrDefault(parts[position] + parts[position + 1], int.MaxValue), Position: position))
                .DefaultIfEmpty((Rank: int.MaxValue, Position: 0))
                .MinBy(candidate => candidate.Rank);
            if (best.Rank == int.MaxValue)
            {
                return [.. parts.Select(part => ids[part])];
            }

            parts[best.Position] += parts[best.Position + 1];
            parts.RemoveAt(best.Position + 1);
        }
    }
}
