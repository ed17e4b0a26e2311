using System.Globalization;
using System.Security.Cryptography;
using Nabla.Files;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>
/// Where the texts and other files known by name are kept: a folder of the user's, then a cache folder, then the network, from which a file is
/// fetched once and checked against its SHA-256.
/// </summary>
public sealed class DatasetStore
{
    /// <summary>A connection that is silent for so long is given up.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly HttpMessageHandler? _handler;

    /// <summary>Makes a store of given folders.</summary>
    /// <param name="dataFolder">A folder that is only read, or null.</param>
    /// <param name="cacheFolder">The folder that downloads are kept in; made when it is first needed.</param>
    /// <param name="handler">What sends the requests, if not the network: tests give their own.</param>
    public DatasetStore(string? dataFolder, string cacheFolder, HttpMessageHandler? handler = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(cacheFolder);
        DataFolder = dataFolder;
        CacheFolder = cacheFolder;
        _handler = handler;
    }

    /// <summary>The folder that is looked in first and never written to, or null.</summary>
    public string? DataFolder { get; }

    /// <summary>The folder that downloads are kept in.</summary>
    public string CacheFolder { get; }

    /// <summary>
    /// The store of this machine: the folder that the environment variable NABLA_DATA names, and as cache the one of
    /// NABLA_CACHE, else <c>nabla</c> in the platform's folder for such files (<c>XDG_CACHE_HOME</c> or <c>~/.cache</c> on
    /// Linux, the local application data elsewhere).
    /// </summary>
    public static DatasetStore FromEnvironment() => FromEnvironment(Environment.GetEnvironmentVariable);

    internal static DatasetStore FromEnvironment(Func<string, string?> variable)
    {
        string? data = variable("NABLA_DATA");
        string? cache = variable("NABLA_CACHE");
        return new DatasetStore(string.IsNullOrEmpty(data) ? null : data,
            string.IsNullOrEmpty(cache) ? Path.Combine(PlatformCache(variable), "nabla") : cache);
    }

    /// <summary>
    /// The path of a text's file if it is on this machine already, else null; null also for a text that is part of the library.
    /// </summary>
    public string? Locate(NamedDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.File is null ? null : Locate(dataset.File);
    }

    /// <summary>The path of a file if it is on this machine already, else null.</summary>
    public string? Locate(RemoteFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Candidates(file).FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Reads a text known by name, downloading it if it is not on this machine yet.
    /// </summary>
    /// <param name="dataset">The text.</param>
    /// <param name="progress">Told how many bytes have been downloaded.</param>
    /// <param name="cancellationToken">Ends a download; nothing is left of it.</param>
    /// <exception cref="DataFileException">
    /// The file cannot be had, or is not the one that is meant; the message says where to put it, and from where.
    /// </exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public async Task<string> ReadAsync(NamedDataset dataset, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.File is null
            ? ReadEmbedded()
            : TextFile.Read(await FetchAsync(dataset.File, progress, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The path of a file with the right content, downloaded if it is not on this machine yet.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<string> FetchAsync(RemoteFile file, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        string cached = Path.Combine(CacheFolder, file.FileName);
        try
        {
            foreach (string path in Candidates(file).Where(File.Exists))
            {
                if (await HasDigestAsync(path, file, cancellationToken).ConfigureAwait(false))
                {
                    return path;
                }

                // A damaged file of our own is fetched again; the user's own folder is not ours to pass over in silence.
                if (path != cached)
                {
                    throw new DataFileException($"{path} is not the file that {file.Address} is (its SHA-256 differs): "
                        + "replace it, or take it away to have it downloaded.");
                }
            }

            Directory.CreateDirectory(CacheFolder);
            await DownloadAsync(file, cached, progress, cancellationToken).ConfigureAwait(false);
            return cached;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(file, "the server does not answer", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw Unavailable(file, exception.Message, exception);
        }
    }

    /// <summary>Loads a tokenizer known by name, downloading it if it is not on this machine yet.</summary>
    /// <param name="name">One of the names of <see cref="NamedTokenizer.All"/>, such as <c>cl100k_base</c>.</param>
    /// <param name="cancellationToken">Ends a download; nothing is left of it.</param>
    /// <exception cref="DataFileException">There is no tokenizer of that name, or its files cannot be had.</exception>
    public Task<ITokenizer> LoadTokenizerAsync(string name, CancellationToken cancellationToken = default)
    {
        NamedTokenizer tokenizer = NamedTokenizer.Find(name) ?? throw new DataFileException(
            $"There is no tokenizer named {name}: those known by name are "
            + $"{string.Join(", ", NamedTokenizer.All.Select(known => known.Name))}.");
        return tokenizer.LoadAsync(this, cancellationToken: cancellationToken);
    }

    private static string ReadEmbedded()
    {
        using Stream stream = typeof(DatasetStore).Assembly.GetManifestResourceStream("names.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string PlatformCache(Func<string, string?> variable)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        // The XDG specification has a relative path ignored.
        string? cache = variable("XDG_CACHE_HOME");
        return Path.IsPathRooted(cache)
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
    }

    private static async Task<bool> HasDigestAsync(string path, RemoteFile file, CancellationToken cancellationToken)
    {
        FileStream stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false))
        {
            byte[] digest = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return Convert.ToHexStringLower(digest) == file.Sha256;
        }
    }

    private async Task DownloadAsync(RemoteFile file, string path, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(_handler ?? new SocketsHttpHandler(), disposeHandler: _handler is null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        using HttpResponseMessage response = await client
            .GetAsync(file.Address, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();

        using AtomicFile target = AtomicFile.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Stream source = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            byte[] buffer = new byte[64 << 10];
            long length = 0;
            for (int read; (read = await source.ReadAsync(buffer, patience.Token).ConfigureAwait(false)) > 0;)
            {
                length += read;
                if (length > file.Length)
                {
                    throw Unavailable(file, string.Create(CultureInfo.InvariantCulture,
                        $"what was sent is longer than its {file.Length} bytes"));
                }

                hash.AppendData(buffer, 0, read);
                await target.Stream.WriteAsync(buffer.AsMemory(0, read), patience.Token).ConfigureAwait(false);
                progress?.Report(length);
                patience.CancelAfter(_patience);
            }
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
        {
            throw Unavailable(file, "what was sent has another SHA-256");
        }

        target.Commit();
    }

    private IEnumerable<string> Candidates(RemoteFile file) => DataFolder is null
        ? [Path.Combine(CacheFolder, file.FileName)]
        : [Path.Combine(DataFolder, file.FileName), Path.Combine(CacheFolder, file.FileName)];

    private DataFileException Unavailable(RemoteFile file, string reason, Exception? cause = null) => new(
        $"{file.FileName} could not be downloaded ({reason.ReplaceLineEndings(" ").TrimEnd('.')}): get it from {file.Address} "
        + $"and put it at {Path.Combine(CacheFolder, file.FileName)}.", cause);
}
