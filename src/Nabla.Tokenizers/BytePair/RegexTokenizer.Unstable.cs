using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace Nabla.Tokenizers;

/// <content>
/// A prompt that ends within a token asks a model for something it has never seen: <c>.DefaultCellSty</c> is several tokens,
/// and the text that was meant, <c>.DefaultCellStyle</c>, is one other. What is sought instead is every way in which the ids
/// of a longer text can begin.
/// </content>
public sealed partial class RegexTokenizer
{
    /// <summary>
    /// The ids of a text and all that its last tokens may turn into when the text goes on, as <c>encode_with_unstable</c> of
    /// tiktoken.
    /// </summary>
    /// <param name="text">The text so far.</param>
    /// <param name="policy">What happens where the text of a special token occurs; it is refused if not given.</param>
    /// <remarks>
    /// As in tiktoken, the cuts before the last chunk are taken for certain, white space apart. Where a pattern draws chunks
    /// together once more text comes, as o200k_base makes one of <c>don't</c> and two of <c>don'</c>, the ids of the longer text
    /// are not among the completions.
    /// </remarks>
    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    public UnstableEncoding EncodeUnstable(ReadOnlySpan<char> text, SpecialTokenPolicy? policy = null)
    {
        policy ??= SpecialTokenPolicy.Refuse;
        int[] ids = Encode(text, policy);
        var unstable = CountUnstable(text, ids, policy);
        return unstable == 0
            ? new UnstableEncoding([.. ids], [])
            : new UnstableEncoding([.. ids[..^unstable]], Completions(this.DecodeBytes(ids.AsSpan(^unstable..))));
    }

    // The ids of the last chunk; and if it begins with white space, those before it that are nothing else, since a line break
    // to come may draw a whole run of white space into one chunk.
    private int CountUnstable(ReadOnlySpan<char> text, int[] ids, SpecialTokenPolicy policy)
    {
        var start = 0;
        for (var searched = 0; SpecialTokens.TryFindFirst(text[searched..], out var found, out var token);)
        {
            searched += found;
            if (policy.Allows(token))
            {
                start = searched += token.Length;
            }
            else
            {
                searched++;
            }
        }

        ReadOnlySpan<char> last = [];
        foreach (Range chunk in Splitter.EnumerateChunks(text[start..]))
        {
            last = text[start..][chunk];
        }

        var count = Count(last, SpecialTokenPolicy.AsText);
        if (count > 0 && IsWhiteSpace(ids[^count]))
        {
            while (count < ids.Length && IsWhiteSpace(ids[^(count + 1)]))
            {
                count++;
            }
        }

        return count;
    }

    private bool IsWhiteSpace(int id) => !IsSpecial(id) && TokenBytes(id).IndexOfAnyExcept(" \n\t"u8) < 0;

    private ImmutableArray<ImmutableArray<int>> Completions(byte[] bytes)
    {
        var found = new List<int[]>();
        foreach (var id in Vocabulary.Sorted.BeginningWith(bytes))
        {
            found.Add([id]);
        }

        // A token to come may begin at any byte. What stands before it is cut and merged anew together with it.
        var joined = new ArrayBufferWriter<byte>();
        for (var start = 1; start < bytes.Length; start++)
        {
            foreach (var id in Vocabulary.Sorted.BeginningWith(bytes.AsSpan(start)))
            {
                joined.ResetWrittenCount();
                joined.Write(bytes.AsSpan(0, start));
                joined.Write(Vocabulary.TokenBytes(id));
                found.Add(Reaching(EncodePart(joined.WrittenSpan), bytes.Length));
            }
        }

        // Where text ends with white space, a cut may appear before its last character: two line breaks are one chunk, but
        // before a word they are two.
        Rune.DecodeLastFromUtf8(bytes, out Rune last, out var length);
        if (bytes.Length > length && Rune.IsWhiteSpace(last))
        {
            found.Add([.. EncodeChunk(bytes.AsSpan(..^length)), .. EncodeChunk(bytes.AsSpan(^length..))]);
        }

        found.Sort((left, right) => left.AsSpan().SequenceCompareTo(right));
        var distinct = found.Where((ids, index) => index == 0 || !ids.AsSpan().SequenceEqual(found[index - 1]));
        return [.. distinct.Select(ids => ids.ToImmutableArray())];
    }

    // The ids up to the one that ends at a byte or beyond.
    private int[] Reaching(int[] ids, int bytes)
    {
        var count = 0;
        for (; bytes > 0; count++)
        {
            bytes -= TokenBytes(ids[count]).Length;
        }

        return ids[..count];
    }

    // The last token may end within a character: then nothing can be cut, as in tiktoken.
    private int[] EncodePart(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? EncodeUtf8(bytes, SpecialTokenPolicy.AsText) : EncodeChunk(bytes);

    private int[] EncodeChunk(ReadOnlySpan<byte> chunk)
    {
        var ids = new IdBuffer(stackalloc int[256]);
        try
        {
            _encoder.EncodeChunk(chunk, ref ids);
            return ids.Ids.ToArray();
        }
        finally
        {
            ids.Dispose();
        }
    }
}
