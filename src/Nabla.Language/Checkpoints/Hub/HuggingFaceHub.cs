using System.Globalization;
using Nabla.Language.Data;

namespace Nabla.Language;

/// <summary>
/// Fetches models from Hugging Face's hub into the cache that its own programs use, so that a model is on a machine once. A file
/// is checked against its hash, a download that was cut off goes on where it stopped, and what is there is not asked for again.
/// </summary>
public sealed class HuggingFaceHub
{
    private const string Host = "https://huggingface.co";

    private readonly string _cacheFolder;
    private readonly Uri _endpoint;
    private readonly HttpMessageHandler? _handler;

    /// <summary>Makes a hub.</summary>
    /// <param name="cacheFolder">Where models are kept, made when it is first needed.</param>
    /// <param name="endpoint">The server, if it is not huggingface.co.</param>
    /// <param name="offline">Whether only what is in the cache is used.</param>
    /// <param name="handler">What sends the requests, if not the network: tests give their own.</param>
    public HuggingFaceHub(string cacheFolder, Uri? endpoint = null, bool offline = false, HttpMessageHandler? handler = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(cacheFolder);
        (_cacheFolder, _endpoint, IsOffline, _handler) = (Path.GetFullPath(cacheFolder), endpoint ?? new Uri(Host), offline, handler);
    }

    /// <summary>Gets whether only what is in the cache is used.</summary>
    public bool IsOffline { get; }

    /// <summary>
    /// The hub of this machine: its cache is the folder of <c>HF_HUB_CACHE</c>, else <c>hub</c> in that of <c>HF_HOME</c>, else in
    /// <c>huggingface</c> of <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>; <c>HF_ENDPOINT</c> names another server, and
    /// <c>HF_HUB_OFFLINE=1</c> switches the network off.
    /// </summary>
    /// <param name="offline">Whether to do without the network in any case.</param>
    public static HuggingFaceHub FromEnvironment(bool offline = false) => FromEnvironment(Environment.GetEnvironmentVariable, offline);

    internal static HuggingFaceHub FromEnvironment(Func<string, string?> variable, bool offline, HttpMessageHandler? handler = null)
    {
        string endpoint = NotEmpty(variable("HF_ENDPOINT")) ?? Host;
        bool isOff = variable("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON";
        return Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? server) && server.Scheme is "http" or "https"
            ? new HuggingFaceHub(CacheFolder(variable), server, offline || isOff, handler)
            : throw new DataFileException($"HF_ENDPOINT is {endpoint}, which is no address: write https://HOST, or leave it out.");
    }

    /// <summary>Returns the folder of a model's files, fetched where they are not in the cache.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Told how far each file is that is fetched.</param>
    /// <param name="cancellationToken">Ends the download; what has come is kept, to go on from.</param>
    /// <exception cref="DataFileException">The model cannot be had; the message says why and what to do.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public async Task<string> FetchAsync(
        HubModelName model, IProgress<HubProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        HubCache cache = new(_cacheFolder, model);
        if (IsOffline)
        {
            string? commit = cache.Commit;
            return commit is not null && File.Exists(cache.Snapshot(commit, SavedModel.ConfigName))
                ? cache.SnapshotFolder(commit)
                : throw new DataFileException($"{model} is not in the cache {_cacheFolder}: fetch it once without --offline, or give the path of a folder that holds it.");
        }

        using HubDownload download = new(_endpoint, model, cache, _handler, progress);
        try
        {
            return await FetchAsync(model, download, cache, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(model, "the server does not answer", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw Unavailable(model, error.Message, error);
        }
    }

    private static async Task<string> FetchAsync(
        HubModelName model, HubDownload download, HubCache cache, CancellationToken cancellationToken)
    {
        if (!await Get(SavedModel.ConfigName).ConfigureAwait(false))
        {
            throw new DataFileException($"There is no model {model} on the hub, or one without {SavedModel.ConfigName}: look for its name at {Host}/models.");
        }

        string commit = download.Commit!;
        if (!await Get(ModelFolder.WeightsName).ConfigureAwait(false))
        {
            if (!await Get(HuggingFaceWeights.IndexName).ConfigureAwait(false))
            {
                throw new DataFileException($"{model} has no {ModelFolder.WeightsName}: only weights in that form can be read.");
            }

            string index = cache.Snapshot(commit, HuggingFaceWeights.IndexName);
            foreach (string shard in HuggingFaceWeights.ReadIndex(index).Select(pair => pair.Value).Distinct())
            {
                if (!await Get(shard).ConfigureAwait(false))
                {
                    throw new DataFileException($"{model} has no {shard}, which its {HuggingFaceWeights.IndexName} names: take another revision.");
                }
            }
        }

        if (!await Get("tokenizer.json").ConfigureAwait(false))
        {
            // Without a tokenizer the model can still be evaluated on ids.
            _ = await Get("vocab.json").ConfigureAwait(false) && await Get("merges.txt").ConfigureAwait(false);
        }

        // Last, so that a cache used offline knows whole models only.
        cache.SetCommit(commit);
        return cache.SnapshotFolder(commit);

        Task<bool> Get(string name) => download.TryFetchAsync(name, cancellationToken);
    }

    private static string CacheFolder(Func<string, string?> variable)
    {
        if (NotEmpty(variable("HF_HUB_CACHE")) is string cache)
        {
            return cache;
        }

        string home = NotEmpty(variable("HF_HOME")) ?? Path.Combine(
            NotEmpty(variable("XDG_CACHE_HOME")) ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "huggingface");
        return Path.Combine(home, "hub");
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private DataFileException Unavailable(HubModelName model, string reason, Exception cause) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{model} could not be fetched from {_endpoint.Host} ({reason.ReplaceLineEndings(" ").TrimEnd('.')}): try again, which goes on where it stopped, or take what is in the cache with --offline."), cause);
}

/// <summary>How far the download of a file is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Done">The bytes that are here.</param>
/// <param name="Total">The bytes that it has.</param>
public readonly record struct HubProgress(string File, long Done, long Total);
