using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>Opens what a user names to train on: a text known by name, a file, or a folder of prepared tokens.</summary>
public static class TextSource
{
    /// <summary>
    /// Loads the dataset that <paramref name="nameOrPath"/> stands for. A name of <see cref="NamedDataset.All"/> wins over a
    /// file of that name; write <c>./names</c> for the file.
    /// </summary>
    /// <param name="nameOrPath">A name, the path of a UTF-8 file, or that of a folder of <see cref="TokenShards"/>.</param>
    /// <param name="kind">
    /// How to read it; if null, as <see cref="KindOf"/> says. Nothing is guessed from a file's content.
    /// </param>
    /// <param name="tokenizer">The tokenizer; if null, one id for each character. Prepared tokens have their own,
    /// those of another program need it.</param>
    /// <param name="store">Where named texts are kept; if null, the store of this machine.</param>
    /// <param name="progress">Told how many bytes have been downloaded.</param>
    /// <param name="addsCharacters">
    /// Whether characters of the text that a <see cref="CharacterTokenizer"/> does not know are added to it.
    /// </param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <exception cref="DataFileException">The text cannot be had or used; the message is one line that says why.</exception>
    public static async Task<TextDataset> LoadAsync(
        string nameOrPath, TextKind? kind = null, ITokenizer? tokenizer = null, DatasetStore? store = null,
        IProgress<long>? progress = null, bool addsCharacters = false, CancellationToken cancellationToken = default)
    {
        kind ??= KindOf(nameOrPath);
        if (kind == TextKind.Shards)
        {
            return tokenizer is null || !TokenShards.HasIndex(nameOrPath)
                ? TokenShards.Open(nameOrPath, tokenizer).ToDataset()
                : throw new DataFileException(
                    $"{nameOrPath} holds tokens already, with the tokenizer that made them: leave out the tokenizer.");
        }

        string text = await ReadAsync(nameOrPath, store, progress, cancellationToken).ConfigureAwait(false);
        if (addsCharacters && tokenizer is CharacterTokenizer characters)
        {
            tokenizer = characters.WithCharactersOf(text);
        }

        return Create(text, nameOrPath, kind.Value, tokenizer);
    }

    /// <summary>
    /// How a source is read unless one says otherwise: a named text as it is meant to be, a folder of shards as such, and a file
    /// as running text.
    /// </summary>
    public static TextKind KindOf(string nameOrPath)
        => NamedDataset.Find(nameOrPath)?.Kind ?? (TokenShards.IsFolder(nameOrPath) ? TextKind.Shards : TextKind.RunningText);

    /// <summary>Reads a text without making anything of it.</summary>
    /// <inheritdoc cref="LoadAsync"/>
    internal static async Task<string> ReadAsync(
        string nameOrPath, DatasetStore? store, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        NamedDataset? named = NamedDataset.Find(nameOrPath);
        if (nameOrPath == DigitDataset.Name)
        {
            throw new DataFileException($"{DigitDataset.Name} is pictures of digits and not a text: take a text, or read the "
                + "lesson lessons/02b-digits, which trains on them.");
        }

        if (named is null && !Path.Exists(nameOrPath))
        {
            string names = string.Join(", ", NamedDataset.All.Select(dataset => dataset.Name));
            throw new DataFileException($"{nameOrPath} does not exist: give the path of a text file, or one of {names}.");
        }

        return named is null
            ? TextFile.Read(nameOrPath)
            : await (store ?? DatasetStore.FromEnvironment()).ReadAsync(named, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a dataset of a text.</summary>
    /// <inheritdoc cref="LoadAsync"/>
    internal static TextDataset Create(string text, string name, TextKind kind, ITokenizer? tokenizer)
        => kind == TextKind.WordList ? WordList.Create(text, name, tokenizer) : RunningText.Create(text, name, tokenizer);
}
