using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Nabla.IO;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A folder of tokens that <see cref="ShardPreparation"/> wrote, to be trained on.</summary>
public sealed class TokenShards
{
    private ITokenizer? _tokenizer;

    private TokenShards(string folder, TokenShardIndex index, string hash) => (Folder, Index, Hash) = (folder, index, hash);

    /// <summary>Gets the folder.</summary>
    public string Folder { get; }

    /// <summary>Gets what is in it.</summary>
    public TokenShardIndex Index { get; }

    /// <summary>Gets the SHA-256 of the index, and so of all that is in the folder, in hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>Gets the tokenizer that made the tokens, read at the first use.</summary>
    /// <exception cref="TokenizerException">Its file is missing or wrong.</exception>
    /// <exception cref="DataFileException">Its file is not the one that made the tokens.</exception>
    public ITokenizer Tokenizer => _tokenizer ??= ReadTokenizer();

    /// <summary>Returns whether a path is a folder of shards.</summary>
    public static bool IsFolder(string path) => File.Exists(Path.Combine(path, TokenShardIndex.FileName));

    /// <summary>Opens a folder.</summary>
    /// <exception cref="DataFileException">There is no index in it, or it cannot be read.</exception>
    public static TokenShards Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, TokenShardIndex.FileName);
        if (!File.Exists(path))
        {
            throw new DataFileException(
                $"{folder} has no {TokenShardIndex.FileName}: prepare the folder to its end, with `nabla data prepare`.");
        }

        try
        {
            string json = File.ReadAllText(path);
            return new TokenShards(folder, TokenShardIndex.FromJson(json), TextDataset.Hash(json));
        }
        catch (JsonException error)
        {
            throw new DataFileException($"{path} is no index of shards: {error.Message.ReplaceLineEndings(" ")}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads one file of tokens, npy or llm.c's, without an index.</summary>
    /// <exception cref="DataFileException">The file is missing, damaged or holds no tokens.</exception>
    public static int[] ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Path.GetExtension(path) == ".npy" ? NpyFile.ReadVector(path) : LlmcTokenFile.Read(path);
        }
        catch (TensorFileException error)
        {
            throw new DataFileException(error.Message, error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw IsMissing(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Reads a shard of the index.</summary>
    /// <exception cref="DataFileException">The file is missing, or not what was written.</exception>
    public int[] Read(TokenShard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        string path = PathOf(shard);
        int[] ids = ReadFile(path);
        int wrong = ids.AsSpan().IndexOfAnyExceptInRange(0, Index.VocabularySize - 1);
        if (wrong >= 0)
        {
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: token {ids[wrong]} at place {wrong} is not below the vocabulary of {Index.VocabularySize}."));
        }

        return ids.Length == shard.Tokens && HashOf(path) == shard.Sha256 ? ids : throw IsOther(path);
    }

    /// <summary>Reads everything into memory, 4 bytes for each token.</summary>
    /// <exception cref="DataFileException">A file is missing or not what was written, or there are too many tokens.</exception>
    public TextDataset ToDataset() => new(Folder, Tokenizer, ReadAll(TokenSplit.Train), ReadAll(TokenSplit.Val), Hash)
    {
        BoundaryId = Index.EndOfTextId,
    };

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static DataFileException IsMissing(string path, Exception? cause = null)
        => new($"{path} does not exist: prepare the folder again.", cause);

    private static DataFileException IsOther(string path) => new(
        $"{path} is not what {TokenShardIndex.FileName} says of it (its length or SHA-256 differs): prepare the folder again.");

    private string PathOf(TokenShard shard) => Path.Combine(Folder, Path.GetFileName(shard.File));

    // An index may claim what its file cannot have: that is seen before memory is taken for it.
    private long LengthOf(TokenShard shard)
    {
        FileInfo file = new(PathOf(shard));
        return !file.Exists ? throw IsMissing(PathOf(shard))
            : file.Length >= (long)shard.Tokens * sizeof(ushort) ? shard.Tokens
            : throw IsOther(PathOf(shard));
    }

    private int[] ReadAll(TokenSplit split)
    {
        TokenShard[] shards = [.. Index.Shards.Where(shard => shard.Split == split)];
        long count = shards.Sum(LengthOf);
        if (count > Array.MaxLength)
        {
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{Folder} has {count:N0} tokens to train on, more than the {Array.MaxLength:N0} that fit in memory at once."));
        }

        int[] all = new int[count];
        int position = 0;
        foreach (TokenShard shard in shards)
        {
            Read(shard).CopyTo(all, position);
            position += shard.Tokens;
        }

        return all;
    }

    private ITokenizer ReadTokenizer() => Index.Tokenizer.Load(Folder) is ITokenizer tokenizer
        && tokenizer.VocabularySize == Index.VocabularySize
            ? tokenizer
            : throw new DataFileException($"{Index.Tokenizer.PathIn(Folder)} is not the tokenizer that made the tokens: put the old "
                + "one back, or prepare the folder again.");
}
