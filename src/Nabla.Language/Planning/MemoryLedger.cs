using System.Numerics;

namespace Nabla.Language;

/// <summary>
/// The books of a memory pool such as that of <see cref="Tensor"/>: what tensors take and give back, and how much of the machine's
/// memory that comes to. A block that was given back serves later tensors of its class of sizes, four classes to a power of two, and
/// no others; so the memory held is, class by class, that of the most blocks ever lent at once.
/// </summary>
internal sealed class MemoryLedger
{
    // What the pool asks the system for where it can: of a block of that size or more, whole pages are touched by their first byte.
    private const long HugePage = 2 << 20;

    private readonly Dictionary<(int Power, int Quarters), SizeClass> _classes = [];

    /// <summary>Gets the bytes that are lent.</summary>
    public long Lent { get; private set; }

    /// <summary>Gets the bytes held from the system: of a block the pages that its largest tensor touched.</summary>
    public long Held => _classes.Values.Sum(blocks => blocks.Most * Touched(blocks.Largest));

    /// <summary>Notes that a tensor of so many floats is made.</summary>
    public void Take(long floats)
    {
        long bytes = floats * sizeof(float);
        SizeClass blocks = BlocksOf(bytes);
        blocks.Lent++;
        blocks.Most = Math.Max(blocks.Most, blocks.Lent);
        blocks.Largest = Math.Max(blocks.Largest, bytes);
        Lent += bytes;
    }

    /// <summary>Notes that a tensor of so many floats is done with.</summary>
    public void Give(long floats)
    {
        long bytes = floats * sizeof(float);
        SizeClass blocks = BlocksOf(bytes);
        if (--blocks.Lent < 0)
        {
            throw new InvalidOperationException($"A block of {bytes} bytes is given back that was never lent.");
        }

        Lent -= bytes;
    }

    /// <summary>Notes that all tensors are done with, as at the end of a <see cref="MemoryScope"/>.</summary>
    public void GiveAll()
    {
        foreach (SizeClass blocks in _classes.Values)
        {
            blocks.Lent = 0;
        }

        Lent = 0;
    }

    /// <summary>Returns the bytes of the system's pages that a tensor touches in its block.</summary>
    public static long Touched(long bytes)
    {
        (int power, int quarters) = ClassOf(bytes);
        long hugePages = ((1L << power) + (quarters * (1L << (power - 2)))) / HugePage * HugePage;
        return bytes <= hugePages ? (bytes + HugePage - 1) / HugePage * HugePage : bytes;
    }

    // With 2^p < bytes <= 2^(p+1), the quarter steps above 2^p are four classes, 1 to 4.
    private static (int Power, int Quarters) ClassOf(long bytes)
    {
        int power = BitOperations.Log2((ulong)Math.Max(bytes - 1, 4));
        long quarter = 1L << (power - 2);
        return (power, (int)((bytes - (1L << power) + quarter - 1) / quarter));
    }

    private SizeClass BlocksOf(long bytes)
    {
        (int, int) number = ClassOf(bytes);
        if (!_classes.TryGetValue(number, out SizeClass? blocks))
        {
            _classes.Add(number, blocks = new SizeClass());
        }

        return blocks;
    }

    private sealed class SizeClass
    {
        public long Lent { get; set; }

        public long Most { get; set; }

        public long Largest { get; set; }
    }
}
