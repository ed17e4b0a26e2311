namespace Nabla.Language.Data;

/// <summary>How a text is to be read.</summary>
public enum TextKind
{
    /// <summary>From end to end, see <see cref="Data.RunningText"/>.</summary>
    RunningText,

    /// <summary>One document a line, see <see cref="Data.WordList"/>.</summary>
    WordList,

    /// <summary>As tokens that were prepared before, see <see cref="TokenShards"/>.</summary>
    Shards,
}

/// <summary>A text that the library knows by name.</summary>
/// <param name="Name">The name, as a user writes it.</param>
/// <param name="Kind">How it is to be read.</param>
/// <param name="Description">One line about it.</param>
/// <param name="File">Where it is downloaded from, or null if it is part of the library.</param>
public sealed record NamedDataset(string Name, TextKind Kind, string Description, RemoteFile? File)
{
    /// <summary>All the texts known by name.</summary>
    public static IReadOnlyList<NamedDataset> All { get; } =
    [
        new("names", TextKind.WordList, "18,208 given names from many languages, part of the library", null),
        new("names-full", TextKind.WordList, "32,033 names, the list of the makemore lectures",
            new RemoteFile("names.txt", new Uri("https://raw.githubusercontent.com/karpathy/makemore/master/names.txt"),
                228_145, "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d")),
        new("shakespeare", TextKind.RunningText, "1.1 million characters of Shakespeare, the text of the GPT lecture",
            new RemoteFile("tinyshakespeare.txt",
                new Uri("https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"),
                1_115_394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed")),
        new("taylorswift", TextKind.RunningText, "a Wikipedia page of 186 KB, the training text of the tokenizer lecture",
            new RemoteFile("taylorswift.txt",
                new Uri("https://raw.githubusercontent.com/karpathy/minbpe/master/tests/taylorswift.txt"),
                185_768, "c2e39cb822d4ae0caac22152cefc306d466e31217a9c5524e493ad2b76792f57")),
    ];

    /// <summary>The text of that name, or null.</summary>
    public static NamedDataset? Find(string name) => All.FirstOrDefault(dataset => dataset.Name == name);
}

/// <summary>A file on the network that is known to the last bit.</summary>
/// <param name="FileName">Its name on this machine.</param>
/// <param name="Address">Where it is downloaded from.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record RemoteFile(string FileName, Uri Address, long Length, string Sha256);
