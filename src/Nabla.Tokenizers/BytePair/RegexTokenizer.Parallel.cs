using System.Buffers;

namespace Nabla.Tokenizers;

public sealed partial class RegexTokenizer
{
    // Long enough that starting a piece costs nothing, short enough that the cores finish together.
    private const int PieceLength = 1 << 18;

    /// <inheritdoc cref="EncodeParallel(ReadOnlyMemory{char}, SpecialTokenPolicy, CancellationToken)"/>
    public int[] EncodeParallel(string text, SpecialTokenPolicy? policy = null, CancellationToken cancellationToken = default) =>
        EncodeParallel(text.AsMemory(), policy, cancellationToken);

    /// <summary>
    /// The ids of one long text, made on all cores: the same as <see cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    /// gives. Text that is not split by one of the published patterns cannot be cut, and is encoded on one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">What happens where the text of a special token occurs; it is refused if not given.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    public int[] EncodeParallel(
        ReadOnlyMemory<char> text, SpecialTokenPolicy? policy = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        policy ??= SpecialTokenPolicy.Refuse;
        List<int> ends = PieceEnds(text.Span);
        if (ends.Count == 1)
        {
            return Encode(text.Span, policy);
        }

        var pieces = new (int[] Ids, int Count)[ends.Count];
        OrderedParallel.Run(ends.Count, index =>
        {
            var ids = new IdBuffer([]);
            try
            {
                Encode(text.Span, index == 0 ? 0 : ends[index - 1], ends[index], policy, ref ids);
                pieces[index] = (ids.Detach(out var count), count);
            }
            finally
            {
                ids.Dispose();
            }
        }, cancellationToken);

        return Join(pieces);
    }

    // On all cores too: the system gives memory page by page when it is first written, which takes as long as the copying.
    private static int[] Join((int[] Ids, int Count)[] pieces)
    {
        var starts = new int[pieces.Length + 1];
        for (var index = 0; index < pieces.Length; index++)
        {
            starts[index + 1] = checked(starts[index] + pieces[index].Count);
        }

        var joined = GC.AllocateUninitializedArray<int>(starts[^1]);
        Parallel.For(0, pieces.Length, index =>
        {
            (int[] ids, int count) = pieces[index];
            ids.AsSpan(0, count).CopyTo(joined.AsSpan(starts[index]));
            ArrayPool<int>.Shared.Return(ids);
        });
        return joined;
    }

    private List<int> PieceEnds(ReadOnlySpan<char> text)
    {
        if (Splitter.Kind is SplitKind.WholeText or SplitKind.Pattern)
        {
            return [text.Length];
        }

        List<int> ends = [];
        var end = 0;
        do
        {
            var length = PieceLength;
            var start = end;
            do
            {
                end = start + SafeCut.After(text[start..], length);
                length = end - start + 1;
            }
            while (end < text.Length && IsWithinSpecialToken(text, end));

            ends.Add(end);
        }
        while (end < text.Length);

        return ends;
    }

    // Whether the text of a special token, which may hold anything, stands across a place. It need not be encoded as one.
    private bool IsWithinSpecialToken(ReadOnlySpan<char> text, int place)
    {
        foreach (var token in SpecialTokens.Ids.Keys)
        {
            var around = text[Math.Max(0, place - token.Length + 1)..Math.Min(text.Length, place + token.Length - 1)];
            if (around.Contains(token, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
