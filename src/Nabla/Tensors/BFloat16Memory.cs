using Nabla.Kernels;

namespace Nabla.Tensors;

/// <summary>The numbers of a tensor in half the memory, as <see cref="BFloat16"/>.</summary>
internal sealed unsafe class BFloat16Memory
{
    private readonly MemoryBlock _block;

    /// <summary>Rounds numbers.</summary>
    public BFloat16Memory(ReadOnlySpan<float> numbers)
    {
        _block = new MemoryBlock((long)numbers.Length * sizeof(BFloat16), untilCollected: true);
        BFloat16* data = Data;
        for (int i = 0; i < numbers.Length; i++)
        {
            data[i] = BFloat16.Round(numbers[i]);
        }
    }

    /// <summary>Gets the first number. Whoever takes it keeps this object alive.</summary>
    public BFloat16* Data => (BFloat16*)_block.Address;
}
