using System.Runtime.CompilerServices;

namespace Nabla;

/// <summary>
/// A random number generator with the streams of PyTorch's CPU generator: the same seed and the same calls give the numbers
/// that <c>torch.Generator().manual_seed(seed)</c> gives, so that a lecture's or a paper's run can be followed number by number.
/// </summary>
/// <remarks>
/// <para>
/// Compared with PyTorch 1.13 (a CPU build without MKL): integers, uniforms, permutations, exponentials and both multinomials bit
/// for bit; normals bit for bit in calls for fewer than 16 and within 2e-6 in longer ones, where PyTorch has its own
/// approximations of logarithm and sine. Later versions of PyTorch were not run; where they are known to draw another way, the
/// method says so.
/// </para>
/// <para>An instance, <see cref="Default"/> included, is for one thread at a time: its draws are a sequence.</para>
/// </remarks>
public sealed partial class RandomGenerator
{
    /// <summary>The seed of a generator that is given none, as for <c>torch.Generator()</c>.</summary>
    public const ulong DefaultSeed = 67280421310721;

    // Shared by threads, it would break: two draws at once leave its state half moved.
    [ThreadStatic]
    private static RandomGenerator? _default;

    private readonly MersenneTwister _engine;

    /// <summary>The second normal of the last pair that was drawn one by one, not yet handed out.</summary>
    private double? _spareNormal;

    /// <summary>Makes a generator at the start of the stream of a seed.</summary>
    /// <param name="seed">The seed. As in PyTorch, only its low 32 bits choose the stream.</param>
    public RandomGenerator(ulong seed = DefaultSeed)
    {
        Seed = seed;
        _engine = new MersenneTwister((uint)seed);
    }

    /// <summary>
    /// Gets this thread's generator, which is used where none is given. It starts from <see cref="DefaultSeed"/>, so a program
    /// that never seeds it repeats itself; PyTorch's global generator starts from a seed that differs from run to run.
    /// </summary>
    public static RandomGenerator Default => _default ??= new();

    /// <summary>Gets the seed of the stream in use, all 64 bits of it.</summary>
    public ulong Seed { get; private set; }

    /// <summary>Seeds this thread's <see cref="Default"/>: what <c>torch.manual_seed(seed)</c> does.</summary>
    /// <param name="seed">The seed.</param>
    public static void SeedDefault(ulong seed) => Default.ManualSeed(seed);

    /// <summary>Goes to the start of the stream of a seed, as a new generator of that seed would stand.</summary>
    /// <param name="seed">The seed. As in PyTorch, only its low 32 bits choose the stream.</param>
    public void ManualSeed(ulong seed)
    {
        Seed = seed;
        _engine.Seed((uint)seed);
        _spareNormal = null;
    }

    /// <summary>Returns the next 32 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NextUInt32() => _engine.Next();

    /// <summary>Returns 64 random bits: two draws of 32, the first one the upper half.</summary>
    public ulong NextUInt64()
    {
        ulong upper = _engine.Next();
        return (upper << 32) | _engine.Next();
    }

    /// <summary>Returns a uniform number in [0, 1): a multiple of 2^-24 made from one draw of 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float NextSingle() => (_engine.Next() & 0xFFFFFF) * (1f / (1 << 24));

    /// <summary>Returns a uniform number in [0, 1): a multiple of 2^-53 made from two draws of 32 bits.</summary>
    public double NextDouble() => (NextUInt64() & ((1UL << 53) - 1)) * (1.0 / (1UL << 53));

    /// <summary>Captures where the generator stands, down to a normal it has drawn and not yet handed out.</summary>
    public RandomState GetState() => new(Seed, _engine.Words, _engine.Position, _spareNormal);

    /// <summary>Goes on exactly from where a state was captured.</summary>
    /// <param name="state">A state of this or of another generator.</param>
    public void SetState(RandomState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Seed = state.Seed;
        _engine.Restore(state.Words, state.Position);
        _spareNormal = state.SpareNormal;
    }
}
