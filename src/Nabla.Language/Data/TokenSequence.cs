using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// A long row of token ids that is read a piece at a time from any place: from memory, or from files that no memory would hold. All
/// that learns from tokens or measures on them reads them through this.
/// </summary>
public abstract class TokenSequence
{
    /// <summary>Gets the number of ids.</summary>
    public abstract long Length { get; }

    /// <summary>Gets the sequences that this one joins, in order: of a folder of shards, one a file. Of another, itself.</summary>
    public virtual IReadOnlyList<TokenSequence> Parts => [this];

    /// <summary>Gets the id at a place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public int this[long position]
    {
        get
        {
            Span<int> one = stackalloc int[1];
            Read(position, one);
            return one[0];
        }
    }

    /// <summary>Makes a sequence of ids in memory, without a copy.</summary>
    public static TokenSequence From(ReadOnlyMemory<int> ids) => new TokensInMemory(ids);

    /// <summary>Makes one sequence of several, without a copy; they stay its <see cref="Parts"/>, but for empty ones.</summary>
    public static TokenSequence Join(IReadOnlyList<TokenSequence> parts) => new JoinedTokens(parts);

    /// <summary>Makes a sequence of ids in memory, without a copy.</summary>
    public static implicit operator TokenSequence(int[] ids) => From(ids);

    /// <summary>Makes a sequence of ids in memory, without a copy.</summary>
    public static implicit operator TokenSequence(ReadOnlyMemory<int> ids) => From(ids);

    /// <summary>Makes a sequence of ids in memory, without a copy.</summary>
    public static implicit operator TokenSequence(Memory<int> ids) => From(ids);

    /// <summary>Returns the first ids as a sequence, without a copy: this one, if there are no more.</summary>
    /// <param name="count">How many; not negative.</param>
    public TokenSequence First(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count < Length ? new FirstTokens(this, count) : this;
    }

    /// <summary>Copies consecutive ids; any number of threads may read at once.</summary>
    /// <param name="position">The place of the first.</param>
    /// <param name="ids">Where they go; as many are read as it has room for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sequence ends before.</exception>
    public void Read(long position, Span<int> ids)
    {
        if (position < 0 || position > Length - ids.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(position), string.Create(CultureInfo.InvariantCulture,
                $"TokenSequence.Read: {ids.Length} ids from place {position} on are not within the {Length} of the sequence."));
        }

        Copy(position, ids);
    }

    /// <summary>Copies all ids into memory.</summary>
    /// <exception cref="InvalidOperationException">They are more than an array can hold.</exception>
    public int[] ToArray()
    {
        if (Length > Array.MaxLength)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"TokenSequence.ToArray: {Length} ids are more than the {Array.MaxLength} of an array: read them piece by piece."));
        }

        int[] ids = new int[Length];
        Read(0, ids);
        return ids;
    }

    /// <summary>Copies ids from within the sequence.</summary>
    /// <param name="position">The place of the first.</param>
    /// <param name="ids">Where they go; the sequence has as many from there on.</param>
    protected abstract void Copy(long position, Span<int> ids);

    private sealed class TokensInMemory(ReadOnlyMemory<int> ids) : TokenSequence
    {
        public override long Length => ids.Length;

        protected override void Copy(long position, Span<int> destination)
            => ids.Span.Slice((int)position, destination.Length).CopyTo(destination);
    }

    private sealed class FirstTokens(TokenSequence whole, long length) : TokenSequence
    {
        public override long Length => length;

        protected override void Copy(long position, Span<int> ids) => whole.Read(position, ids);
    }

    private sealed class JoinedTokens : TokenSequence
    {
        private readonly TokenSequence[] _parts;
        private readonly long[] _ends;

        public JoinedTokens(IReadOnlyList<TokenSequence> parts)
        {
            _parts = [.. parts.Where(part => part.Length > 0)];
            _ends = new long[_parts.Length];
            for (int i = 0; i < _parts.Length; i++)
            {
                Length += _parts[i].Length;
                _ends[i] = Length;
            }
        }

        public override long Length { get; }

        public override IReadOnlyList<TokenSequence> Parts => _parts;

        protected override void Copy(long position, Span<int> ids)
        {
            // The first part that ends after the place.
            int part = Array.BinarySearch(_ends, position + 1);
            for (part = part < 0 ? ~part : part; !ids.IsEmpty; part++)
            {
                long start = _ends[part] - _parts[part].Length;
                int count = (int)Math.Min(ids.Length, _ends[part] - position);
                _parts[part].Read(position - start, ids[..count]);
                ids = ids[count..];
                position += count;
            }
        }
    }
}
