using System.Runtime.CompilerServices;

namespace Nabla.Tokenizers;

/// <summary>The pairs of bytes that stand side by side within some token of a vocabulary. Immutable.</summary>
internal sealed class BytePairSet
{
    // One bit for each pair: eight kilobytes, which stay in the first-level cache.
    private readonly byte[] _bits = new byte[BytePairVocabulary.ByteCount * BytePairVocabulary.ByteCount / 8];

    public BytePairSet(BytePairVocabulary vocabulary)
    {
        for (var id = 0; id < vocabulary.Size; id++)
        {
            ReadOnlySpan<byte> token = vocabulary.TokenBytes(id);
            for (var index = 1; index < token.Length; index++)
            {
                _bits[(token[index - 1] << 5) | (token[index] >> 3)] |= (byte)(1 << (token[index] & 7));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(byte first, byte second) => (_bits[(first << 5) | (second >> 3)] >> (second & 7) & 1) != 0;
}
