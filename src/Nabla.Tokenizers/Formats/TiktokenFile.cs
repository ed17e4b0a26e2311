using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// OpenAI's <c>.tiktoken</c> files: a line for each token, its bytes in Base64, a space, and its rank, which is its id and
/// says when it merges. Neither the split pattern nor the special tokens are in the file; see <see cref="NamedEncoding"/>.
/// </summary>
public static class TiktokenFile
{
    /// <summary>Reads the tokens and ranks of a file.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or is not of this format.</exception>
    public static BytePairVocabulary Load(string path) => WholeFile.Read(path, content => Parse(content));

    /// <summary>Writes tokens and ranks, in the order of the ranks.</summary>
    /// <exception cref="TokenizerException">
    /// The file cannot be written, or the merges do not follow from the ids, as a file of ranks takes for granted.
    /// </exception>
    public static void Save(string path, BytePairVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (!MergeRecovery.FollowFromIds(vocabulary))
        {
            throw new TokenizerException($"cannot write {path}: the merges of this vocabulary are not those of its ids taken as "
                + "ranks, which is all that a .tiktoken file can say; write a tokenizer.json.");
        }

        WholeFile.Write(path, stream => Write(stream, vocabulary));
    }

    internal static BytePairVocabulary Parse(ReadOnlySpan<byte> content)
    {
        // Every line that counts has at least seven bytes.
        var tokens = new TokenStoreBuilder(1 + (content.Length / 16));
        var highest = VocabularyLimits.MaxGap + (content.Length / 4);
        byte[] token = [];
        var lines = new TextLines(content);
        while (lines.Next())
        {
            if (lines.Line.IsEmpty)
            {
                continue;
            }

            var space = lines.Line.IndexOf((byte)' ');
            if (space < 0)
            {
                throw lines.Error("it must be a token in Base64, a space, and a rank.");
            }

            if (token.Length < space)
            {
                token = new byte[Math.Max(space, 256)];
            }

            if (Base64.DecodeFromUtf8(lines.Line[..space], token, out _, out var length) != OperationStatus.Done || length == 0)
            {
                throw lines.Error("the token before the space is not valid Base64, or is empty: the file is damaged.");
            }

            ReadOnlySpan<byte> digits = lines.Line[(space + 1)..];
            if (digits is not [>= (byte)'0' and <= (byte)'9', ..]
                || !Utf8Parser.TryParse(digits, out int rank, out var read) || read != digits.Length || rank > highest)
            {
                throw lines.Error(string.Create(CultureInfo.InvariantCulture,
                    $"what follows the space must be the rank, a number from 0 to {highest} in a file of this length."));
            }

            if (!tokens.Add(rank, token.AsSpan(0, length)))
            {
                throw lines.Error(string.Create(CultureInfo.InvariantCulture, $"rank {rank} is given twice."));
            }
        }

        return BytePairVocabulary.FromRanks(tokens.Build());
    }

    internal static void Write(Stream stream, BytePairVocabulary vocabulary)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        for (var id = 0; id < vocabulary.Size; id++)
        {
            if (vocabulary.TokenBytes(id) is { IsEmpty: false } token)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(token)} {id}\n"));
            }
        }
    }
}
