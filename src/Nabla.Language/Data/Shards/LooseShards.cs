using System.Globalization;
using System.Text;

namespace Nabla.Language.Data;

/// <summary>
/// A folder of files of tokens without an index, as the scripts of llm.c and of the GPT-2 lecture leave them: what a file is for
/// stands in its name, <c>fineweb_train_000001.bin</c> or <c>edufineweb_val_000000.npy</c>.
/// </summary>
internal static class LooseShards
{
    private static readonly char[] _betweenWords = ['_', '-', '.'];

    /// <summary>Returns the files in the order of their names, without opening one; none if there is no such folder.</summary>
    public static IReadOnlyList<(string File, TokenSplit Split)> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        IEnumerable<string> names = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path));
        return [.. names.Where(name => Path.GetExtension(name) is ".npy" or ".bin").Order(StringComparer.Ordinal)
            .Select(name => (name, SplitOf(name))).Where(file => file.Item2 is not null).Select(file => (file.name, file.Item2!.Value))];
    }

    /// <summary>Reads every file once, to see that it is whole and what it holds.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="vocabularySize">What every token must be below.</param>
    /// <exception cref="DataFileException">A file is damaged, or there is none to train on.</exception>
    public static TokenShard[] Read(string folder, int vocabularySize)
    {
        IReadOnlyList<(string File, TokenSplit Split)> found = Find(folder);
        TokenFile[] files = [.. found.Select(file => TokenFile.Open(Path.Combine(folder, file.File)))];
        string[] hashes = TokenFile.Check(files, vocabularySize);
        return [.. found.Select((file, i) => new TokenShard
        {
            File = file.File,
            Split = file.Split,
            Tokens = files[i].Count,
            Sha256 = hashes[i],
        })];
    }

    /// <summary>Returns what stands for the content of the files in a run's records.</summary>
    public static string HashOf(IReadOnlyList<TokenShard> shards)
    {
        StringBuilder list = new();
        foreach (TokenShard shard in shards)
        {
            list.Append(CultureInfo.InvariantCulture, $"{shard.File} {shard.Sha256}\n");
        }

        return TextDataset.Hash(list.ToString());
    }

    // The last word of the name that is a split's, so that my_train_set_val_0.bin is for validation.
    private static TokenSplit? SplitOf(string name) => name.Split(_betweenWords).LastOrDefault(word => word is "train" or "val") switch
    {
        "train" => TokenSplit.Train,
        "val" => TokenSplit.Val,
        _ => null,
    };
}
