using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The characters that the vocabulary holds: those asked for, and then the most frequent ones, until the share of the text that
/// is to be covered is reached.
/// </summary>
internal sealed class RequiredCharacters
{
    private readonly Dictionary<int, int> _indices = [];

    public RequiredCharacters(ChunkCounts words, SentencePieceTrainingOptions options)
    {
        var counts = new Dictionary<int, (bool Asked, long Count)>();
        foreach (Rune character in options.RequiredCharacters.EnumerateRunes())
        {
            counts[CharacterOf(character)] = (true, 0);
        }

        long all = 0;
        for (var word = 0; word < words.Count; word++)
        {
            foreach (Rune rune in Runes(words.Chunk(word)))
            {
                var character = CharacterOf(rune);
                if (character != 0)
                {
                    (bool asked, long count) = counts.GetValueOrDefault(character);
                    counts[character] = (asked, count + words.CountOf(word));
                    all += words.CountOf(word);
                }
            }
        }

        counts.Remove(0);
        long covered = 0;
        var required = new List<(int Character, long Count)>();
        foreach ((int character, (bool Asked, long Count) entry) in counts
            .OrderByDescending(entry => entry.Value.Asked)
            .ThenByDescending(entry => entry.Value.Count)
            .ThenBy(entry => entry.Key))
        {
            // In single precision, as SentencePiece compares them.
            if ((float)(1.0 * covered / all) >= options.CharacterCoverage)
            {
                break;
            }

            covered += entry.Count;
            if (character != PieceRules.Boundary)
            {
                required.Add((character, entry.Count));
            }
        }

        ByCount =
        [
            .. required.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Character).Select(entry => entry.Character),
        ];
        for (var index = 0; index < ByCount.Count; index++)
        {
            _indices.Add(ByCount[index], index);
        }
    }

    /// <summary>The characters, the most frequent first, of equally frequent ones the lower first.</summary>
    public IReadOnlyList<int> ByCount { get; }

    /// <summary>The place of a character in <see cref="ByCount"/>, or -1.</summary>
    public int IndexOf(Rune character) => _indices.GetValueOrDefault(CharacterOf(character), -1);

    /// <summary>The characters of a word; a space is <see cref="PieceRules.Space"/>.</summary>
    public static IEnumerable<Rune> Runes(ReadOnlySpan<byte> word)
    {
        var runes = new List<Rune>(word.Length);
        while (!word.IsEmpty)
        {
            Rune.DecodeFromUtf8(word, out Rune rune, out var length);
            runes.Add(rune);
            word = word[length..];
        }

        return runes;
    }

    /// <summary>Fails if the vocabulary has no room for the characters.</summary>
    public void CheckRoom(MetaPieces metaPieces, SentencePieceTrainingOptions options)
    {
        if (ByCount.Count + metaPieces.Count > options.VocabularySize)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"SentencePieceTrainer: a vocabulary of {options.VocabularySize} is too small for {metaPieces.Count} special "
                + $"pieces and {ByCount.Count} characters: raise VocabularySize or lower CharacterCoverage."));
        }
    }

    private static int CharacterOf(Rune rune) => rune.Value == ' ' ? PieceRules.Space : rune.Value;
}
