using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>The <c>.vocab</c> file: a line for each piece in the order of ids, its text, a tab and its score.</summary>
internal static class SentencePieceVocabularyFile
{
    public static void Save(string path, SentencePieceModel model)
    {
        var lines = new StringBuilder();
        foreach (SentencePieceEntry piece in model.Pieces)
        {
            // As C++ prints a float: six digits, and a small e.
            lines.Append(piece.Text).Append('\t')
                .Append(piece.Score.ToString("G6", CultureInfo.InvariantCulture).Replace('E', 'e')).Append('\n');
        }

        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(lines.ToString())));
    }

    public static ImmutableArray<SentencePieceEntry> Load(string path) =>
        WholeFile.Read(path, bytes => Parse(ProtobufText.Decode(bytes)));

    private static ImmutableArray<SentencePieceEntry> Parse(string text)
    {
        ImmutableArray<SentencePieceEntry>.Builder pieces = ImmutableArray.CreateBuilder<SentencePieceEntry>();
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            // Only this character ends a line: a piece may be one of the others that Unicode would break a line at.
            var end = rest.IndexOf('\n');
            ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            var tab = line.LastIndexOf('\t');
            if (tab <= 0 || !float.TryParse(line[(tab + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var score))
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"line {pieces.Count + 1} is not a piece, a tab and a score, as a .vocab file has them."));
            }

            pieces.Add(new SentencePieceEntry(line[..tab].ToString(), score));
        }

        return pieces.DrainToImmutable();
    }
}
