namespace Nabla.Tokenizers;

/// <summary>What a thread needs to encode, kept from one call to the next.</summary>
internal sealed class EncoderMemory
{
    // Above this many bytes the buffer is not kept: a text that cannot be cut into blocks should not be paid for forever.
    private const int KeptLength = 1 << 20;

    private byte[] _bytes = [];
    private ChunkCache? _cache;

    /// <summary>The ids of chunks that were merged before. It is large, and text that is not split does not need it.</summary>
    public ChunkCache Cache => _cache ??= new ChunkCache();

    /// <summary>Room for the UTF-8 of a block.</summary>
    public byte[] Bytes(int length)
    {
        if (_bytes.Length < length)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(length);
        }

        return _bytes;
    }

    /// <summary>Gives back what is too large to be kept.</summary>
    public void Trim()
    {
        if (_bytes.Length > KeptLength)
        {
            _bytes = [];
        }
    }
}
