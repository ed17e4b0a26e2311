using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>How a corpus is cut into documents, splits and files of tokens.</summary>
public sealed record ShardOptions
{
    /// <summary>Gets what the files' names begin with: <c>NAME_val_000000.npy</c>, <c>NAME_train_000001.npy</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets how the files are stored.</summary>
    public TokenShardFormat Format { get; init; } = TokenShardFormat.Npy;

    /// <summary>Gets the number of tokens in a file; the last of a split has what is left.</summary>
    public int ShardTokens { get; init; } = 100_000_000;

    /// <summary>Gets the share of the corpus, from its beginning, that is for validation.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Gets the largest number of files for validation; null for as many as the share fills.</summary>
    public int? MostValidationShards { get; init; } = 1;

    /// <summary>Gets what a document is.</summary>
    public DocumentForm Documents { get; init; } = DocumentForm.File;

    /// <summary>Returns what files made of a corpus are called unless one says otherwise: as the corpus, without its ending.</summary>
    public static string NameFor(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetFileNameWithoutExtension(DocumentForm.WithoutPacking(path));
    }

    /// <summary>Throws unless the options make sense.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public void Validate()
    {
        if (string.IsNullOrEmpty(Name) || Name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()))
        {
            throw new ArgumentException($"The name of the shards, '{Name}', cannot begin the name of a file.");
        }

        if (ShardTokens < 1)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The number of tokens in a shard must be at least 1, not {ShardTokens}."));
        }

        if (!(ValidationFraction >= 0 && ValidationFraction <= 1))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The share for validation must be from 0 to 1, not {ValidationFraction}."));
        }

        if (MostValidationShards < 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The number of shards for validation must be at least 0, not {MostValidationShards}."));
        }
    }
}
