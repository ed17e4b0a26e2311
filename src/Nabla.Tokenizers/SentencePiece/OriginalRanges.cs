namespace Nabla.Tokenizers;

/// <summary>Finds, for pieces of a normalised text, what of the original text they stand for.</summary>
internal static class OriginalRanges
{
    /// <summary>The ranges, in UTF-16 code units of the original.</summary>
    /// <param name="ids">The pieces.</param>
    /// <param name="stretches">The bytes of the normalised text that each stands for.</param>
    /// <param name="origins">For each byte of the normalised text, and for its end, the position in the original's UTF-8.</param>
    /// <param name="text">The original.</param>
    /// <param name="model">The model: whether it puts a space in front.</param>
    public static TokenRange[] Of(ReadOnlySpan<int> ids, List<(int Start, int End)> stretches, ReadOnlySpan<int> origins,
        ReadOnlySpan<char> text, SentencePieceModel model)
    {
        var ranges = new TokenRange[ids.Length];
        var added = model.Normalization.AddDummyPrefix && !model.Training.TreatWhitespaceAsSuffix ? 1 : 0;
        var place = default(TextPlace);
        for (var index = 0; index < ids.Length; index++)
        {
            (int start, int end) = stretches[index];
            // A piece of a character that the normalisation made longer has the range of all of it.
            var last = end;
            while (end > added && last < origins.Length - 1 && origins[last] == origins[end - 1])
            {
                last++;
            }

            place = place.At(origins[start], text);
            ranges[index] = new TokenRange(ids[index], place.Unit, place.At(origins[last], text).Unit);
        }

        return ranges;
    }

    /// <summary>A position in a text, in bytes of UTF-8 and in UTF-16 code units.</summary>
    private readonly record struct TextPlace(int Byte, int Unit)
    {
        /// <summary>The place of a byte that is not before this one.</summary>
        public TextPlace At(int position, ReadOnlySpan<char> text)
        {
            (int at, int unit) = (Byte, Unit);
            while (at < position)
            {
                (int bytes, int units) = text[unit] switch
                {
                    < '\u0080' => (1, 1),
                    < '\u0800' => (2, 1),
                    _ => char.IsHighSurrogate(text[unit]) ? (4, 2) : (3, 1),
                };
                at += bytes;
                unit += units;
            }

            return new TextPlace(at, unit);
        }
    }
}
