using System.Globalization;

namespace Nabla.Language.Data;

/// <summary>
/// Writes a stream of tokens to one file after the other: first those for validation, as many as the options allow, then those
/// for training. Where a file ends is decided by the counts alone.
/// </summary>
internal sealed class ShardSequence : IDisposable
{
    private readonly string _folder;
    private readonly ShardOptions _options;
    private readonly int _tokenBytes;
    private readonly double _validationBytes;
    private readonly List<TokenShard> _shards = [];
    private TokenShardWriter? _writer;
    private TokenSplit _split;
    private long _bytes;

    /// <summary>Begins a sequence in a folder.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="options">Their names, sizes and splits.</param>
    /// <param name="tokenBytes">The bytes of each token, 2 or 4.</param>
    /// <param name="totalBytes">The length of the whole corpus, of which the share for validation is taken.</param>
    public ShardSequence(string folder, ShardOptions options, int tokenBytes, long totalBytes)
    {
        (_folder, _options, _tokenBytes) = (folder, options, tokenBytes);
        _validationBytes = options.ValidationFraction * totalBytes;
        _split = options is { ValidationFraction: > 0, MostValidationShards: not 0 } ? TokenSplit.Val : TokenSplit.Train;
    }

    /// <summary>Gets the files that are whole.</summary>
    public IReadOnlyList<TokenShard> Shards => _shards;

    /// <summary>Writes the tokens of the next bytes of the corpus.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<int> ids, long bytes)
    {
        if (_split == TokenSplit.Val)
        {
            // A text over the border is cut in proportion.
            double share = Math.Clamp((_validationBytes - _bytes) / Math.Max(bytes, 1), 0, 1);
            int count = (int)Math.Round(share * ids.Length);
            ids = WriteValidation(ids, count);
        }

        _bytes += bytes;
        while (!ids.IsEmpty)
        {
            ids = WriteSome(ids);
        }
    }

    /// <summary>Ends the last file.</summary>
    public void Finish() => EndShard();

    /// <summary>Takes the file under way away; whole ones stay.</summary>
    public void Dispose() => _writer?.Dispose();

    // Writes up to a number of tokens for validation; what is left is for training if there is a rest at all.
    private ReadOnlySpan<int> WriteValidation(ReadOnlySpan<int> ids, int count)
    {
        bool isLast = count < ids.Length;
        while (count > 0 && _shards.Count != _options.MostValidationShards)
        {
            int before = ids.Length;
            ids = WriteSome(ids, count);
            count -= before - ids.Length;
        }

        if (isLast || (_shards.Count == _options.MostValidationShards && !ids.IsEmpty))
        {
            EndShard();
            _split = TokenSplit.Train;
        }

        return ids;
    }

    private ReadOnlySpan<int> WriteSome(ReadOnlySpan<int> ids, int most = int.MaxValue)
    {
        _writer ??= new TokenShardWriter(Path.Combine(_folder, FileName()), _options.Format, _tokenBytes);
        int count = Math.Min(Math.Min(ids.Length, most), _options.ShardTokens - _writer.Count);
        _writer.Append(ids[..count]);
        if (_writer.Count == _options.ShardTokens)
        {
            EndShard();
        }

        return ids[count..];
    }

    private void EndShard()
    {
        if (_writer is null)
        {
            return;
        }

        _shards.Add(new TokenShard { File = FileName(), Split = _split, Tokens = _writer.Count, Sha256 = _writer.Commit() });
        _writer.Dispose();
        _writer = null;
    }

    private string FileName()
    {
        (string split, string ending) = (Word(_split), Word(_options.Format));
        return string.Create(CultureInfo.InvariantCulture, $"{_options.Name}_{split}_{_shards.Count:D6}.{ending}");
    }

    private static string Word<T>(T value)
        where T : struct, Enum
        => value.ToString().ToLowerInvariant();
}
