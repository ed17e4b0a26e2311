using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>What SentencePiece itself gives: sentencepiece.json, which make_sentencepiece.py made.</summary>
internal static class SentencePieceFixture
{
    /// <summary>How many random texts are behind one hash.</summary>
    public const int TextsPerHash = 100;

    private static readonly Lazy<JsonElement> _root = new(() => TestFiles.FixtureJson("sentencepiece.json").RootElement);

    /// <summary>A part of the file.</summary>
    public static JsonElement Part(string name) => _root.Value.GetProperty(name);

    /// <summary>A list of numbers.</summary>
    public static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];

    /// <summary>Asserts that random texts get the ids of SentencePiece, and are what they were when those are decoded.</summary>
    public static void AssertEncodesAsStored(SentencePieceTokenizer tokenizer, JsonElement stored)
    {
        var seed = 1;
        foreach (JsonElement ids in stored.GetProperty("random").EnumerateArray())
        {
            var text = MixedText.Of(seed);
            Assert.True(Numbers(ids).AsSpan().SequenceEqual(tokenizer.Encode(text)),
                $"seed {seed}: {JsonSerializer.Serialize(text)} is {ids}, not [{string.Join(',', tokenizer.Encode(text))}]");
            seed++;
        }

        var block = 0;
        foreach (JsonElement hash in stored.GetProperty("hashes").EnumerateArray())
        {
            IEnumerable<int[]> lists = Enumerable.Range(1 + (block++ * TextsPerHash), TextsPerHash)
                .Select(one => tokenizer.Encode(MixedText.Of(one)));
            Assert.True(hash.GetString() == IdsHash.Of(lists), $"text {block * TextsPerHash} or one of those before differs");
        }
    }
}
