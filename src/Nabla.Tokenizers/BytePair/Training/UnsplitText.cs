using System.Buffers;

namespace Nabla.Tokenizers;

/// <summary>
/// A training text that is not split. Each document is one chunk, or each part between special tokens, and hardly two are
/// equal, so they are laid out as they come.
/// </summary>
internal sealed class UnsplitText(SpecialTokenTexts specialTokens, long expectedLength) : ITrainingText
{
    private ushort[] _slots = [];
    private int _length;

    public long ByteCount { get; private set; }

    public long ChunkCount { get; private set; }

    public int DistinctChunkCount => (int)ChunkCount;

    public void Take(TextBlock block)
    {
        Reserve(block.Length + 2L);
        var end = 0;
        foreach ((int start, int length) in specialTokens.Between(block.Bytes))
        {
            if (start > end)
            {
                EndChunk();
            }

            Append(block.Bytes.Slice(start, length));
            end = start + length;
        }

        if (block.EndsDocument || end < block.Length)
        {
            EndChunk();
        }

        ArrayPool<byte>.Shared.Return(block.Buffer);
    }

    public SymbolSequence Finish(int tokenLimit, CancellationToken cancellationToken)
    {
        Reserve(2);
        EndChunk();
        return SymbolSequence.Of(_slots, Math.Max(1, _length), tokenLimit);
    }

    private void Reserve(long more)
    {
        if (_length == 0 && _slots.Length == 0)
        {
            _slots = new ushort[SymbolSequence.SlotCount(Math.Max(expectedLength, 1 << 10) + more)];
            _length = 1;
        }

        if (more > _slots.Length - _length)
        {
            var wanted = SymbolSequence.SlotCount(_length + more);
            Array.Resize(ref _slots, (int)Math.Min(Array.MaxLength, Math.Max(wanted, _slots.Length / 4 * 5L)));
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_slots[_length - 1] == 0)
        {
            ChunkCount++;
        }

        SymbolSequence.Write(bytes, _slots.AsSpan(_length));
        _length += bytes.Length;
        ByteCount += bytes.Length;
    }

    private void EndChunk()
    {
        if (_slots[_length - 1] != 0)
        {
            _length++;
        }
    }
}
