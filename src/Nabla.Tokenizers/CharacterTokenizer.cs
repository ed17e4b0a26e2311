using System.Buffers;
using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The simplest tokenizer: one id for each different character. Short vocabulary, long sequences; the opposite trade to a
/// byte-pair tokenizer.
/// </summary>
/// <remarks>
/// <para>
/// A character is a Unicode scalar value (<see cref="Rune"/>), so an emoji outside the basic plane, two <see cref="char"/>s
/// in a .NET string, is one character with one id. What is drawn as one sign may still be several scalar values (a flag, a
/// letter with a combining accent) and then has several ids.
/// </para>
/// <para>
/// A tokenizer for a list of documents has a boundary token as well, id 0, which the lectures write <c>.</c>; the characters
/// follow from id 1. It stands before and after a document and is no character of any, so a full stop in the text has an id
/// of its own. In text a boundary is the end of a line: with a boundary token <see cref="Encode"/> reads a line break as
/// id 0 and <see cref="Decode"/> writes id 0 as one.
/// </para>
/// </remarks>
public sealed partial class CharacterTokenizer : ITokenizer
{
    private const char LineBreak = '\n';

    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, int> _ids;
    private readonly byte[][] _bytes;
    private readonly int _firstId;

    /// <summary>Makes a tokenizer from an explicit vocabulary.</summary>
    /// <param name="characters">The characters in the order of their ids.</param>
    /// <param name="boundary">Whether id 0 is a boundary token, and the ids of the characters begin at 1.</param>
    /// <exception cref="TokenizerException">
    /// A character occurs twice, there is no token at all, or a line break stands beside a boundary token.
    /// </exception>
    public CharacterTokenizer(IEnumerable<Rune> characters, bool boundary = false)
    {
        ArgumentNullException.ThrowIfNull(characters);
        _characters = [.. characters];
        _firstId = boundary ? 1 : 0;
        _ids = new Dictionary<Rune, int>(_characters.Length);
        for (var index = 0; index < _characters.Length; index++)
        {
            Rune character = _characters[index];
            if (boundary && character.Value == LineBreak)
            {
                throw new TokenizerException(
                    "CharacterTokenizer: a line break cannot be a character beside a boundary token: leave one of the two out.");
            }

            if (!_ids.TryAdd(character, index + _firstId))
            {
                throw new TokenizerException(
                    $"CharacterTokenizer: {Describe(character)} is twice in the vocabulary: each character has one id.");
            }
        }

        if (VocabularySize == 0)
        {
            throw new TokenizerException("CharacterTokenizer: the vocabulary is empty: give at least one character.");
        }

        IEnumerable<string> texts = _characters.Select(character => character.ToString());
        _bytes = [.. (boundary ? texts.Prepend("\n") : texts).Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Makes a tokenizer of the different characters of a text, in the order of their code points.</summary>
    /// <param name="text">The text; with a boundary token its line breaks are boundaries, not characters.</param>
    /// <param name="boundary">Whether id 0 is a boundary token, and the ids of the characters begin at 1.</param>
    /// <exception cref="TokenizerException">The text is empty, or holds half of a surrogate pair.</exception>
    public static CharacterTokenizer FromText(ReadOnlySpan<char> text, bool boundary = false) => new(Distinct(text, boundary), boundary);

    /// <summary>
    /// Returns a tokenizer that knows the characters of a text as well: its own keep their ids, and new ones follow in the order of
    /// their code points. The tokenizer itself where there is nothing new.
    /// </summary>
    /// <param name="text">The text; with a boundary token its line breaks are boundaries, not characters.</param>
    /// <exception cref="TokenizerException">The text holds half of a surrogate pair.</exception>
    public CharacterTokenizer WithCharactersOf(ReadOnlySpan<char> text)
    {
        SortedSet<Rune> added = Distinct(text, BoundaryId is not null);
        added.ExceptWith(_characters);
        return added.Count == 0 ? this : new CharacterTokenizer(_characters.Concat(added), BoundaryId is not null);
    }

    /// <inheritdoc/>
    public int VocabularySize => _characters.Length + _firstId;

    /// <summary>The id of the boundary token, 0, or null where the tokenizer has none.</summary>
    public int? BoundaryId => _firstId == 1 ? 0 : null;

    /// <inheritdoc/>
    public int? EndOfTextId => BoundaryId;

    /// <inheritdoc/>
    public string FileExtension => ".json";

    /// <summary>The characters in the order of their ids, which begin at 0, or at 1 beside a boundary token.</summary>
    public IReadOnlyList<Rune> Characters => _characters;

    /// <inheritdoc/>
    /// <exception cref="TokenizerException">
    /// A character is not in the vocabulary, or half of a surrogate pair stands alone. Positions count UTF-16 code units from 0.
    /// </exception>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new int[text.Length];
        var count = 0;
        for (var position = 0; position < text.Length;)
        {
            var start = position;
            Rune character = ReadCharacter(text, ref position);
            if (character.Value == LineBreak && BoundaryId is int boundary)
            {
                ids[count++] = boundary;
            }
            else if (_ids.TryGetValue(character, out var id))
            {
                ids[count++] = id;
            }
            else
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"CharacterTokenizer: {Describe(character)} at position {start} is not among the "
                    + $"{_characters.Length} characters of the vocabulary: remove it, or build the tokenizer from a text "
                    + $"that holds it."));
            }
        }

        return count == ids.Length ? ids : ids[..count];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new StringBuilder(ids.Length);
        Span<char> units = stackalloc char[2];
        for (var position = 0; position < ids.Length; position++)
        {
            var id = ids[position];
            if ((uint)id >= (uint)VocabularySize)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"CharacterTokenizer: id {id} at position {position} is outside the vocabulary: ids run from 0 to "
                    + $"{VocabularySize - 1}."));
            }

            if (id == BoundaryId)
            {
                text.Append(LineBreak);
            }
            else
            {
                text.Append(units[.._characters[id - _firstId].EncodeToUtf16(units)]);
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text) => ByteRanges.Of(this, Encode(text), text);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> TokenBytes(int id) => (uint)id < (uint)VocabularySize
        ? _bytes[id]
        : throw TokenDecoding.OutsideVocabulary(id, VocabularySize);

    private static SortedSet<Rune> Distinct(ReadOnlySpan<char> text, bool boundary)
    {
        var distinct = new SortedSet<Rune>();
        for (var position = 0; position < text.Length;)
        {
            Rune character = ReadCharacter(text, ref position);
            if (!boundary || character.Value != LineBreak)
            {
                distinct.Add(character);
            }
        }

        return distinct;
    }

    private static Rune ReadCharacter(ReadOnlySpan<char> text, ref int position)
    {
        if (Rune.DecodeFromUtf16(text[position..], out Rune character, out var length) != OperationStatus.Done)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"CharacterTokenizer: half of a surrogate pair (U+{(int)text[position]:X4}) stands alone at "
                + $"position {position}: the text is not valid Unicode; read it again as UTF-8."));
        }

        position += length;
        return character;
    }

    private static string Describe(Rune character)
    {
        UnicodeCategory category = Rune.GetUnicodeCategory(character);
        var drawn = category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
        var point = string.Create(CultureInfo.InvariantCulture, $"U+{character.Value:X4}");
        return drawn ? $"character '{character}' ({point})" : $"character {point}";
    }
}
