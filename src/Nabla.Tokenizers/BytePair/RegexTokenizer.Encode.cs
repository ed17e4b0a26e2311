using System.Buffers;
using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

public sealed partial class RegexTokenizer
{
    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<char> text) => Encode(text, SpecialTokenPolicy.Refuse);

    /// <summary>The ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">What happens where the text of a special token occurs.</param>
    /// <exception cref="TokenizerException">
    /// The text holds a special token that the policy refuses, or half of a surrogate pair, or a byte that the vocabulary lacks.
    /// </exception>
    [SkipLocalsInit]
    public int[] Encode(ReadOnlySpan<char> text, SpecialTokenPolicy policy)
    {
        var ids = new IdBuffer(stackalloc int[256]);
        try
        {
            Encode(text, 0, text.Length, policy, ref ids);
            return ids.Ids.ToArray();
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <summary>Writes the ids of a text as they come, so that a text of any length takes little memory.</summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">What happens where the text of a special token occurs.</param>
    /// <param name="output">Takes the ids. If the call throws, those before the fault may have been written.</param>
    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    public void Encode(ReadOnlySpan<char> text, SpecialTokenPolicy policy, IBufferWriter<int> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var ids = IdBuffer.For(output);
        try
        {
            Encode(text, 0, text.Length, policy, ref ids);
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <summary>Writes the ids of a text to memory of the caller's, if it is large enough.</summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">What happens where the text of a special token occurs.</param>
    /// <param name="destination">Takes the ids; unchanged if it is too short. A text of n UTF-8 bytes has at most n ids.</param>
    /// <param name="count">How many ids the text has, whether they were written or not.</param>
    /// <returns>Whether the ids were written.</returns>
    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    [SkipLocalsInit]
    public bool TryEncode(ReadOnlySpan<char> text, SpecialTokenPolicy policy, Span<int> destination, out int count)
    {
        var ids = new IdBuffer(stackalloc int[256]);
        try
        {
            Encode(text, 0, text.Length, policy, ref ids);
            count = ids.Count;
            return ids.Ids.TryCopyTo(destination);
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <summary>The ids of a text in UTF-8.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="policy">What happens where the text of a special token occurs; it is refused if not given.</param>
    /// <exception cref="TokenizerException">
    /// The bytes are not valid UTF-8, or hold a special token that the policy refuses, or a byte that the vocabulary lacks.
    /// </exception>
    [SkipLocalsInit]
    public int[] EncodeUtf8(ReadOnlySpan<byte> utf8, SpecialTokenPolicy? policy = null)
    {
        Utf8Fault.ThrowIfAny(utf8);
        var ids = new IdBuffer(stackalloc int[256]);
        try
        {
            Encode(utf8, policy ?? SpecialTokenPolicy.Refuse, ref ids);
            return ids.Ids.ToArray();
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <inheritdoc/>
    public int Count(ReadOnlySpan<char> text) => Count(text, SpecialTokenPolicy.Refuse);

    /// <summary>How many ids a text has. Nothing is allocated, but for texts that cannot be cut into blocks.</summary>
    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    public int Count(ReadOnlySpan<char> text, SpecialTokenPolicy policy)
    {
        var ids = IdBuffer.ForCounting();
        try
        {
            Encode(text, 0, text.Length, policy, ref ids);
            return ids.PassedOn;
        }
        finally
        {
            ids.Dispose();
        }
    }

    /// <inheritdoc/>
    public TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text) => EncodeWithRanges(text, SpecialTokenPolicy.Refuse);

    /// <summary>The ids of a text, each with its stretch of the text.</summary>
    /// <inheritdoc cref="Encode(ReadOnlySpan{char}, SpecialTokenPolicy)"/>
    public TokenRange[] EncodeWithRanges(ReadOnlySpan<char> text, SpecialTokenPolicy policy) =>
        ByteRanges.Of(this, Encode(text, policy), text);

    // Encodes a part of a text as if it were the whole; the rest is there for the positions in messages.
    private void Encode(ReadOnlySpan<char> text, int start, int end, SpecialTokenPolicy policy, scoped ref IdBuffer ids)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var searched = start;
        while (MaySearch(policy) && SpecialTokens.TryFindFirst(text[searched..end], out var found, out var token))
        {
            searched += found;
            if (IsSpecial(token, policy, out var id))
            {
                _encoder.Encode(text, start, searched, ref ids);
                ids.Add(id);
                start = searched += token.Length;
            }
            else
            {
                searched++;
            }
        }

        _encoder.Encode(text, start, end, ref ids);
        ids.EndBlock();
    }

    private void Encode(ReadOnlySpan<byte> utf8, SpecialTokenPolicy policy, scoped ref IdBuffer ids)
    {
        int start = 0, searched = 0;
        while (MaySearch(policy) && _utf8SpecialTokens.TryFindFirst(utf8[searched..], out var found, out var token, out var length))
        {
            searched += found;
            if (IsSpecial(token, policy, out var id))
            {
                _encoder.Encode(utf8[start..searched], ref ids);
                ids.Add(id);
                start = searched += length;
            }
            else
            {
                searched++;
            }
        }

        _encoder.Encode(utf8[start..], ref ids);
    }

    private static bool MaySearch(SpecialTokenPolicy policy) => !ReferenceEquals(policy, SpecialTokenPolicy.AsText);

    // Whether a special token that was found is to be encoded as such, rather than being text.
    private bool IsSpecial(string token, SpecialTokenPolicy policy, out int id)
    {
        id = SpecialTokens.Ids[token];
        if (!policy.Allows(token) && policy.RefusesOthers)
        {
            throw new TokenizerException($"the text holds the special token {token}: allow it, or have it encoded as text.");
        }

        return policy.Allows(token);
    }
}
