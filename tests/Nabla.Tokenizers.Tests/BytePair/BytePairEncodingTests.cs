using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests;

/// <summary>Encoding against the plain algorithm, on random vocabularies over few letters.</summary>
public sealed class BytePairEncodingTests
{
    private static readonly Gen<string> _letters = Gen.Elements('a', 'b', 'c').ArrayOf().Select(letters => new string(letters));

    [Fact]
    public void Ranks_give_what_plain_merging_gives_whatever_their_order()
    {
        Gen<(string[] Tokens, string Text, int Seed)> cases =
            from tokens in Gen.Choose(2, 6).SelectMany(length => Gen.Elements('a', 'b', 'c').ArrayOf(length)).ArrayOf()
            from text in _letters.Resize(300)
            from seed in Gen.Choose(0, 1000)
            select (tokens.Select(token => new string(token)).ToArray(), text, seed);
        Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            // Shuffled, so that a token may rank below its parts, and bytes above tokens made of them.
            byte[][] tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })
                .Concat(@case.Tokens.Distinct().Select(Encoding.UTF8.GetBytes))];
            new Random(@case.Seed).Shuffle(tokens);
            var vocabulary = BytePairVocabulary.FromRanks(tokens);
            var tokenizer = new RegexTokenizer(vocabulary, TextSplitter.None);
            Assert.Equal(ByRanks(tokens, @case.Text), tokenizer.Encode(@case.Text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261122, 1));
    }

    [Fact]
    public void Listed_merges_give_what_plain_merging_gives()
    {
        Gen<((int, int)[] Merges, string Text)> cases =
            from merges in Gen.Zip(Gen.Choose(0, 1000), Gen.Choose(0, 1000)).Select(pair => (pair.Item1, pair.Item2)).ArrayOf()
            from text in _letters.Resize(300)
            select (merges, text);
        Prop.ForAll(cases.ToArbitrary(), @case =>
        {
            List<BytePair> list = ValidMerges(@case.Merges);
            var merges = list.Select((pair, rank) => (pair, rank)).ToDictionary(
                merge => (merge.pair.Left, merge.pair.Right), merge => (merge.rank, 256 + merge.rank));
            int[] expected = PlainMerging.Merge(Encoding.UTF8.GetBytes(@case.Text).Select(value => (int)value), merges);
            Assert.Equal(expected, new BasicTokenizer(list).Encode(@case.Text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261122, 1));
    }

    [Fact]
    public void A_listed_token_that_merging_does_not_lead_to_is_not_looked_up()
    {
        // "abc" is a token, made of a and bc; but ab merges first, and ab with c does not.
        byte[][] tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), [.. "ab"u8], [.. "bc"u8], [.. "abc"u8]];
        var vocabulary = BytePairVocabulary.Create(tokens, [new(97, 98), new(98, 99), new(97, 257)]);
        Assert.Equal([256, 99], new RegexTokenizer(vocabulary, TextSplitter.Cl100k).Encode("abc"));
        Assert.Equal([98, 98 + 159], new RegexTokenizer(vocabulary, TextSplitter.Cl100k).Encode("bbc"));
    }

    [Fact]
    public void A_chunk_that_is_a_rank_is_that_token_although_merging_would_not_lead_there()
    {
        byte[][] tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), [.. "ab"u8], [.. "abc"u8, .. "defghijklmnop"u8], [.. "abcdefghijklmnopq"u8]];
        var tokenizer = new RegexTokenizer(BytePairVocabulary.FromRanks(tokens), TextSplitter.Cl100k);
        Assert.Equal([257], tokenizer.Encode("abcdefghijklmnop"));
        Assert.Equal([257], tokenizer.Encode("abcdefghijklmnop and more than sixteen bytes behind it").AsSpan(0, 1));
        Assert.Equal([258], tokenizer.Encode("abcdefghijklmnopq"));
        Assert.Equal([256, .. "cdefghijklmnoq".Select(letter => (int)letter)], tokenizer.Encode("abcdefghijklmnoq"));
    }

    [Fact]
    public void A_byte_that_is_no_token_is_refused_by_name()
    {
        byte[]?[] tokens = [.. Enumerable.Range(0, 256).Select(value => value == 'x' ? null : new[] { (byte)value })];
        var tokenizer = new RegexTokenizer(BytePairVocabulary.Create(tokens, []), TextSplitter.Cl100k);
        Assert.Contains("0x78", Assert.Throws<TokenizerException>(() => tokenizer.Encode("axe")).Message, StringComparison.Ordinal);
        Assert.Equal([97], tokenizer.Encode("a"));
    }

    private static int[] ByRanks(byte[][] tokens, string text)
    {
        // Only the tokens that such a text can have, or looking for the merges takes long.
        var ids = tokens.Select((token, id) => (Text: Encoding.Latin1.GetString(token), id))
            .Where(token => token.Text.All("abc".Contains)).ToDictionary(pair => pair.Text, pair => pair.id);
        if (ids.TryGetValue(text, out var whole))
        {
            return [whole];
        }

        var merges = (from left in ids
                      from right in ids
                      where left.Key.Length + right.Key.Length <= 6 && ids.ContainsKey(left.Key + right.Key)
                      let id = ids[left.Key + right.Key]
                      select ((left.Value, right.Value), (id, id))).ToDictionary(merge => merge.Item1, merge => merge.Item2);
        return PlainMerging.Merge(text.Select(letter => ids[letter.ToString()]), merges);
    }

    private static List<BytePair> ValidMerges((int Left, int Right)[] wishes)
    {
        List<BytePair> merges = [];
        HashSet<string> texts = ["a", "b", "c"];
        List<(int Id, string Text)> parts = [(97, "a"), (98, "b"), (99, "c")];
        foreach ((int left, int right) in wishes)
        {
            (int leftId, string leftText) = parts[left % parts.Count];
            (int rightId, string rightText) = parts[right % parts.Count];
            if (leftText.Length + rightText.Length < 12 && texts.Add(leftText + rightText))
            {
                merges.Add(new BytePair(leftId, rightId));
                parts.Add((255 + merges.Count, leftText + rightText));
            }
        }

        return merges;
    }
}
