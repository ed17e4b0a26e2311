using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A published tokenizer that the library knows by name.</summary>
public sealed class NamedTokenizer
{
    private readonly Func<IReadOnlyList<string>, ITokenizer> _load;

    private NamedTokenizer(string name, string description, IReadOnlyList<RemoteFile> files,
        Func<IReadOnlyList<string>, ITokenizer> load)
    {
        Name = name;
        Description = description;
        Files = files;
        _load = load;
    }

    /// <summary>All the tokenizers known by name.</summary>
    public static IReadOnlyList<NamedTokenizer> All { get; } =
    [
        Of(NamedEncoding.Gpt2, "GPT-2: 50,257 tokens"),
        Of(NamedEncoding.R50kBase, "GPT-3: the tokens of GPT-2"),
        Of(NamedEncoding.P50kBase, "Codex: those of GPT-3, and runs of spaces"),
        Of(NamedEncoding.Cl100kBase, "GPT-3.5 and GPT-4: 100,277 tokens"),
        Of(NamedEncoding.O200kBase, "GPT-4o: 200,019 tokens"),
        new("llama2", "Llama 2: 32,000 tokens, SentencePiece",
            [
                new RemoteFile("llama2_tokenizer.model",
                    new Uri("https://raw.githubusercontent.com/karpathy/llama2.c/master/tokenizer.model"),
                    499_723, "9e556afd44213b6bd1be2b850ebbbd98f5481437a8021afaf58ee7fb1818d347"),
            ],
            paths => TokenizerFile.Load(paths[0])),
    ];

    /// <summary>The name, as a user writes it.</summary>
    public string Name { get; }

    /// <summary>One line about it.</summary>
    public string Description { get; }

    /// <summary>The files that it is made of.</summary>
    public IReadOnlyList<RemoteFile> Files { get; }

    /// <summary>The tokenizer of that name, or null.</summary>
    public static NamedTokenizer? Find(string name) => All.FirstOrDefault(tokenizer => tokenizer.Name == name);

    /// <summary>Loads the tokenizer, downloading its files if they are not on this machine yet.</summary>
    /// <param name="store">Where the files are looked for and kept.</param>
    /// <param name="progress">Told how many bytes of a file have been downloaded.</param>
    /// <param name="cancellationToken">Ends a download; nothing is left of it.</param>
    /// <exception cref="DataFileException">A file cannot be had; the message says where to put it, and from where.</exception>
    /// <exception cref="TokenizerException">A file is not the one that is meant.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public async Task<ITokenizer> LoadAsync(DatasetStore store, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        List<string> paths = [];
        foreach (RemoteFile file in Files)
        {
            paths.Add(await store.FetchAsync(file, progress, cancellationToken).ConfigureAwait(false));
        }

        return Load(paths);
    }

    /// <summary>Makes the tokenizer from its files.</summary>
    /// <param name="paths">Where the <see cref="Files"/> are, one for each.</param>
    /// <exception cref="TokenizerException">A file cannot be read, or is not the one that is meant.</exception>
    public ITokenizer Load(IReadOnlyList<string> paths) => _load(paths);

    private static NamedTokenizer Of(NamedEncoding encoding, string description) => new(encoding.Name, description,
        [.. encoding.Files.Select(file => new RemoteFile(file.FileName, file.Address, file.Length, file.Sha256))],
        paths => encoding.Load(paths));
}
