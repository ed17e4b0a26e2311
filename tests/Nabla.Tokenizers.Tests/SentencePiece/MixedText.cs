using System.Text;
using System.Text.Json;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>
/// Random texts of everything that is hard to tokenize: the same as <c>RandomText</c> in random_text.py, of the kinds in
/// sentencepiece.json.
/// </summary>
internal static class MixedText
{
    private static readonly Kind[] _kinds = [.. SentencePieceFixture.Part("kinds").EnumerateArray().Select(kind =>
        new Kind(kind[1].GetInt32(), kind[2].GetInt32(), [.. kind[3].EnumerateArray().Select(Item.Read)]))];

    /// <summary>The text of a seed other than 0.</summary>
    public static string Of(int seed)
    {
        var state = (uint)seed * 0x9E3779B9;
        var text = new StringBuilder();
        for (var pieces = Next(16); pieces >= 0; pieces--)
        {
            Kind kind = _kinds[Next(_kinds.Length)];
            for (var count = kind.Least + Next(kind.Most - kind.Least + 1); count > 0; count--)
            {
                Item item = kind.Items[Next(kind.Items.Length)];
                text.Append(item.Text ?? char.ConvertFromUtf32(item.First + Next(item.Last - item.First + 1)));
            }
        }

        return text.ToString();

        // Marsaglia's xorshift.
        int Next(int bound)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)bound);
        }
    }

    private sealed record Kind(int Least, int Most, Item[] Items);

    private sealed record Item(string? Text, int First, int Last)
    {
        public static Item Read(JsonElement item) => item.ValueKind == JsonValueKind.String
            ? new Item(item.GetString(), 0, 0)
            : new Item(null, item[0].GetInt32(), item[1].GetInt32());
    }
}
