using System.Buffers;
using System.Text;

namespace Nabla.Tokenizers.Tests;

/// <summary>The ways to encode a text all give the same ids.</summary>
public sealed class RegexTokenizerEncodingTests
{
    public static TheoryData<string> Encodings => ["gpt2", "cl100k", "o200k", "pattern"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void All_ways_to_encode_agree(string encoding)
    {
        RegexTokenizer tokenizer = Tokenizer(encoding);
        foreach (SpecialTokenPolicy policy in new[] { SpecialTokenPolicy.Allow, SpecialTokenPolicy.AsText })
        {
            // Longer than two blocks.
            var text = EncodingSamples.Mixed(90_000, seed: 1);
            int[] ids = tokenizer.Encode(text, policy);
            Assert.Equal(text, tokenizer.Decode(ids));
            Assert.Equal(ids.Length, tokenizer.Count(text, policy));
            Assert.Equal(ids, tokenizer.EncodeUtf8(Encoding.UTF8.GetBytes(text), policy));
            var writer = new ArrayBufferWriter<int>();
            tokenizer.Encode(text, policy, writer);
            Assert.Equal(ids, writer.WrittenSpan);
            var destination = new int[ids.Length];
            Assert.True(tokenizer.TryEncode(text, policy, destination, out var count));
            Assert.Equal(ids, destination);
            Assert.Equal(ids.Length, count);
            Assert.False(tokenizer.TryEncode(text, policy, destination.AsSpan(1), out count));
            Assert.Equal(ids.Length, count);
            Assert.Equal(policy == SpecialTokenPolicy.Allow, ids.Contains(tokenizer.EndOfTextId!.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void All_cores_give_what_one_gives(string encoding)
    {
        RegexTokenizer tokenizer = Tokenizer(encoding);
        var text = EncodingSamples.Mixed(1_200_000, seed: 2);
        int[] ids = tokenizer.Encode(text, SpecialTokenPolicy.Allow);
        Assert.Equal(ids, tokenizer.EncodeParallel(text, SpecialTokenPolicy.Allow));
        Assert.Throws<TokenizerException>(() => tokenizer.EncodeParallel(text));
        string[] texts = [.. Enumerable.Range(0, 500).Select(seed => EncodingSamples.Mixed(seed, seed).Replace("<|endoftext|>", "", StringComparison.Ordinal))];
        Assert.Equal(texts.Select(part => tokenizer.Encode(part)), tokenizer.EncodeBatch(texts));
    }

    [Fact]
    public void Cutting_for_all_cores_leaves_special_tokens_whole()
    {
        // Nothing but special tokens that hold the very place where one would cut.
        RegexTokenizer tokenizer = new(BytePairVocabulary.Bytes, TextSplitter.Cl100k, new SpecialTokens([new("a b\nc", 300)]));
        var text = string.Concat(Enumerable.Repeat("a b\nc", 200_000)) + "x y";
        int[] ids = tokenizer.EncodeParallel(text, SpecialTokenPolicy.Allow);
        Assert.Equal(200_003, ids.Length);
        Assert.All(ids.AsSpan(0, 200_000).ToArray(), id => Assert.Equal(300, id));
    }

    [Fact]
    public void The_first_fault_of_a_batch_or_of_a_long_text_is_the_one_reported()
    {
        RegexTokenizer tokenizer = new(BytePairVocabulary.Bytes, TextSplitter.Cl100k);
        string[] texts = [.. Enumerable.Range(0, 1000).Select(index => index % 7 == 3 ? "\uD800" : "text")];
        Assert.StartsWith("text 3 of the batch", Assert.Throws<TokenizerException>(() => tokenizer.EncodeBatch(texts)).Message,
            StringComparison.Ordinal);
        var text = string.Concat(Enumerable.Repeat("some words and ", 100_000)) + "\uD800" + string.Concat(Enumerable.Repeat(" or\uD800 not", 100_000));
        Assert.Contains("position 1500000", Assert.Throws<TokenizerException>(() => tokenizer.EncodeParallel(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_can_be_cancelled()
    {
        RegexTokenizer tokenizer = new(BytePairVocabulary.Bytes, TextSplitter.Cl100k);
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => tokenizer.EncodeBatch(["a"], cancelled));
        Assert.Throws<OperationCanceledException>(() => tokenizer.EncodeParallel(new string('a', 600_000), cancellationToken: cancelled));
    }

    [Fact]
    public void Many_threads_may_use_one_tokenizer()
    {
        // Few keys of the caches for many chunks, so that threads would meet in them, were they shared.
        RegexTokenizer tokenizer = new(BytePairVocabulary.FromMerges(EncodingSamples.LectureMerges), TextSplitter.Cl100k);
        string[] texts = [.. Enumerable.Range(0, 64).Select(seed => EncodingSamples.Mixed(5_000, seed))];
        int[][] expected = [.. texts.Select(text => tokenizer.Encode(text))];
        Parallel.For(0, 512, index => Assert.Equal(expected[index % 64], tokenizer.Encode(texts[index % 64])));
    }

    [Fact]
    public void Invalid_bytes_are_refused_with_their_position()
    {
        RegexTokenizer tokenizer = new(BytePairVocabulary.Bytes, TextSplitter.Cl100k);
        Assert.Contains("0xed in position 2", Assert.Throws<TokenizerException>(() => tokenizer.EncodeUtf8([97, 98, 0xED, 0xA0, 0x80])).Message,
            StringComparison.Ordinal);
        Assert.Equal([], tokenizer.EncodeUtf8([]));
    }

    [Fact]
    public void Special_tokens_are_refused_allowed_or_text()
    {
        RegexTokenizer tokenizer = new(BytePairVocabulary.Bytes, TextSplitter.None, new SpecialTokens([new("<e>", 256), new("<ed>", 257)]));
        Assert.Throws<TokenizerException>(() => tokenizer.Encode("x<e>"));
        Assert.Throws<TokenizerException>(() => tokenizer.Count("x<e>"));
        Assert.Throws<TokenizerException>(() => tokenizer.EncodeUtf8("x<e>"u8));
        foreach (Func<string, SpecialTokenPolicy, int[]> encode in new[] { (text, policy) => tokenizer.Encode(text, policy), Utf8 })
        {
            Assert.Equal([256, 120, 257, 60], encode("<e>x<ed><", SpecialTokenPolicy.Allow));
            Assert.Equal([60, 101, 62], encode("<e>", SpecialTokenPolicy.AsText));
            Assert.Equal([60, 101, 62, 257], encode("<e><ed>", SpecialTokenPolicy.AllowOnly(["<ed>"], refuseOthers: false)));
            Assert.Throws<TokenizerException>(() => encode("<ed><e>", SpecialTokenPolicy.AllowOnly(["<ed>"])));
        }

        int[] Utf8(string text, SpecialTokenPolicy policy) => tokenizer.EncodeUtf8(Encoding.UTF8.GetBytes(text), policy);
    }

    [Fact]
    public void Ranges_count_utf16_units_across_special_tokens_and_surrogate_pairs()
    {
        RegexTokenizer tokenizer = new(BytePairVocabulary.FromMerges([new(0xF0, 0x9F), new(97, 98)]), TextSplitter.Cl100k,
            new SpecialTokens([new("<é>", 258)]));
        Assert.Equal(
            [new(257, 0, 2), new(258, 2, 5), new(256, 5, 7), new(0x99, 5, 7), new(0x82, 5, 7), new(0xC3, 7, 8), new(0xA9, 7, 8), new(99, 8, 9)],
            tokenizer.EncodeWithRanges("ab<é>🙂éc", SpecialTokenPolicy.Allow));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Ranges_cover_the_text_and_hold_their_tokens(string encoding)
    {
        RegexTokenizer tokenizer = Tokenizer(encoding);
        var text = EncodingSamples.Mixed(20_000, seed: 3);
        TokenRange[] ranges = tokenizer.EncodeWithRanges(text, SpecialTokenPolicy.Allow);
        Assert.Equal(tokenizer.Encode(text, SpecialTokenPolicy.Allow), ranges.Select(range => range.Id));
        var end = 0;
        foreach (TokenRange range in ranges)
        {
            Assert.InRange(range.Start, 0, end);
            Assert.Contains(tokenizer.Decode([range.Id]).Trim('\uFFFD'), text[range.Start..range.End], StringComparison.Ordinal);
            end = range.End;
        }

        Assert.Equal(text.Length, end);
    }

    private static RegexTokenizer Tokenizer(string encoding) => encoding switch
    {
        "gpt2" => EncodingSamples.Gpt2,
        "cl100k" => EncodingSamples.Cl100k,
        "o200k" => EncodingSamples.O200k,
        _ => new RegexTokenizer(EncodingSamples.Cl100k.Vocabulary, TextSplitter.FromPattern(@"\w+|\s+|[^\w\s]+"), EncodingSamples.Cl100k.SpecialTokens),
    };
}
