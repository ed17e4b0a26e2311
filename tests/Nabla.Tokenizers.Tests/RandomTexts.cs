using System.Text;
using System.Text.Json;

namespace Nabla.Tokenizers.Tests;

/// <summary>
/// Random texts of everything that is hard to tokenize: words of many scripts, white space and digits of all kinds, marks, emoji,
/// contractions, controls and the edges of the planes. The scripts that made the fixtures, make_tiktoken.mjs and random_text.py,
/// make the same texts of the same seeds.
/// </summary>
internal sealed class RandomTexts(IEnumerable<RandomTexts.Kind> kinds)
{
    private readonly Kind[] _kinds = [.. kinds];

    /// <summary>The text of a seed other than 0.</summary>
    public string Of(int seed)
    {
        var state = (uint)seed * 0x9E3779B9;
        var text = new StringBuilder();
        for (var pieces = Next(16); pieces >= 0; pieces--)
        {
            Kind kind = _kinds[Next(_kinds.Length)];
            for (var count = kind.Least + Next(kind.Most - kind.Least + 1); count > 0; count--)
            {
                Item item = kind.Items[Next(kind.Items.Count)];
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

    /// <summary>What one piece of a text is made of.</summary>
    /// <param name="Least">The fewest items that it has.</param>
    /// <param name="Most">The most.</param>
    /// <param name="Items">What they are drawn from.</param>
    internal sealed record Kind(int Least, int Most, IReadOnlyList<Item> Items)
    {
        /// <summary>Reads a kind from its numbers and the list of its items.</summary>
        public static Kind Read(JsonElement least, JsonElement most, JsonElement items) =>
            new(least.GetInt32(), most.GetInt32(), [.. items.EnumerateArray().Select(Item.Read)]);
    }

    /// <summary>A text, or a range of code points that one is drawn from.</summary>
    internal sealed record Item(string? Text, int First, int Last)
    {
        public static Item Read(JsonElement item) => item.ValueKind == JsonValueKind.String
            ? new Item(item.GetString(), 0, 0)
            : new Item(null, item[0].GetInt32(), item[1].GetInt32());
    }
}
