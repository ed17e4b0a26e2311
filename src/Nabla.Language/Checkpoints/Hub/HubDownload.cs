using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Nabla.Language.Data;

namespace Nabla.Language;

/// <summary>Fetches the files of one revision of a model, all of the same commit: that of the first file.</summary>
internal sealed partial class HubDownload : IDisposable
{
    private const int MostRedirects = 10;
    private const string Incomplete = ".incomplete";

    /// <summary>A connection that is silent for so long is given up.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Uri _endpoint;
    private readonly HubModelName _model;
    private readonly HubCache _cache;
    private readonly IProgress<HubProgress>? _progress;
    private readonly HttpClient _client;

    public HubDownload(Uri endpoint, HubModelName model, HubCache cache, HttpMessageHandler? handler, IProgress<HubProgress>? progress)
    {
        (_endpoint, _model, _cache, _progress) = (endpoint, model, cache, progress);

        // The commit and the etag stand on the answer that leads elsewhere, so we follow it ourselves.
        _client = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Gets the commit that the revision stands for; null before the first file.</summary>
    public string? Commit { get; private set; }

    /// <summary>Puts a file into the cache unless it is there.</summary>
    /// <returns>Whether the model has such a file.</returns>
    /// <exception cref="HttpRequestException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="DataFileException">What came is not what was announced.</exception>
    public async Task<bool> TryFetchAsync(string name, CancellationToken cancellationToken)
    {
        // A commit never changes, so what is there needs no question.
        if (Commit is not null && File.Exists(_cache.Snapshot(Commit, name)))
        {
            return true;
        }

        if (await DescribeAsync(name, cancellationToken).ConfigureAwait(false) is not FileDescription file)
        {
            return false;
        }

        Commit ??= file.Commit;
        string blob = _cache.Blob(file.ETag);
        if (!File.Exists(blob))
        {
            await DownloadAsync(name, file, blob, cancellationToken).ConfigureAwait(false);
        }

        if (!File.Exists(_cache.Snapshot(Commit, name)))
        {
            _cache.Link(Commit, name, file.ETag);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Asks what a file is; null if the model has none of that name.</summary>
    private async Task<FileDescription?> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        Uri address = Address(name);
        for (int redirects = 0; redirects < MostRedirects; redirects++)
        {
            using HttpRequestMessage request = new(HttpMethod.Head, address);
            using HttpResponseMessage response = await _client.SendAsync(request, patience.Token).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized)
            {
                return null;
            }

            // On the same host: the model has another name now, or the server another place for small files.
            string? commit = Header(response, "X-Repo-Commit");
            if (IsRedirect(response) && (commit is null || !response.Headers.Location!.IsAbsoluteUri))
            {
                address = new Uri(address, response.Headers.Location!);
                continue;
            }

            if (!IsRedirect(response))
            {
                response.EnsureSuccessStatusCode();
            }

            // A large file's own are those of the store that it lies in, and the answer here is only a pointer to it.
            string? etag = Header(response, "X-Linked-ETag") ?? response.Headers.ETag?.Tag;
            string? length = Header(response, "X-Linked-Size") ?? response.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture);
            return IsHash(commit) && Unquoted(etag) is string tag && IsHash(tag)
                && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
                ? new FileDescription(commit!, tag, size)
                : throw new DataFileException($"{address} says neither commit nor hash of {name}: it is no server of Hugging Face's hub; compare HF_ENDPOINT.");
        }

        throw new HttpRequestException($"{address} leads from one address to the next without end");
    }

    private async Task DownloadAsync(string name, FileDescription file, string blob, CancellationToken cancellationToken)
    {
        string partial = blob + Incomplete;
        FileStream target = new(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        await using (target.ConfigureAwait(false))
        {
            if (target.Length > file.Length)
            {
                target.SetLength(0);
            }

            if (target.Length < file.Length)
            {
                await ReceiveAsync(name, file, target, cancellationToken).ConfigureAwait(false);
            }

            if (target.Length != file.Length || !await HasHashAsync(target, file, cancellationToken).ConfigureAwait(false))
            {
                // Going on from damaged bytes would never end.
                target.SetLength(0);
                throw new DataFileException($"{name} of {_model} came damaged (its hash is not {file.ETag}): try again.");
            }

            target.Flush(flushToDisk: true);
        }

        File.Move(partial, blob, overwrite: true);
    }

    private async Task ReceiveAsync(string name, FileDescription file, FileStream target, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        using HttpResponseMessage response = await GetAsync(name, target.Length, patience.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            // The server sends the whole.
            target.SetLength(0);
        }

        target.Seek(0, SeekOrigin.End);
        Stream source = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            byte[] buffer = new byte[1 << 20];
            for (int read; (read = await source.ReadAsync(buffer, patience.Token).ConfigureAwait(false)) > 0;)
            {
                if (target.Length + read > file.Length)
                {
                    target.SetLength(0);
                    throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                        $"{name} of {_model} came longer than its {file.Length} bytes: try again."));
                }

                await target.WriteAsync(buffer.AsMemory(0, read), patience.Token).ConfigureAwait(false);
                _progress?.Report(new HubProgress(name, target.Position, file.Length));
                patience.CancelAfter(_patience);
            }
        }

        if (target.Length < file.Length)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"{name} was cut off after {target.Length} of {file.Length} bytes"));
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string name, long start, CancellationToken cancellationToken)
    {
        Uri address = Address(name);
        for (int redirects = 0; redirects < MostRedirects; redirects++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.Range = start > 0 ? new RangeHeaderValue(start, null) : null;
            HttpResponseMessage response = await _client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response))
            {
                return response.EnsureSuccessStatusCode();
            }

            address = new Uri(address, response.Headers.Location!);
            response.Dispose();
        }

        throw new HttpRequestException($"{address} leads from one address to the next without end");
    }

    private Uri Address(string name) => new(_endpoint, $"{_model.Id}/resolve/{Commit ?? _model.Revision}/{Uri.EscapeDataString(name)}");

    private static bool IsRedirect(HttpResponseMessage response)
        => (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is not null;

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static string? Unquoted(string? etag)
        => etag is null ? null : (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"');

    private static bool IsHash(string? text) => text is not null && Hash().IsMatch(text);

    // Large files are named by their SHA-256; small ones, as git names them, by the SHA-1 of a header and the content.
    private static async Task<bool> HasHashAsync(FileStream stream, FileDescription file, CancellationToken cancellationToken)
    {
        bool isLarge = file.ETag.Length == SHA256.HashSizeInBytes * 2;
        using var hash = IncrementalHash.CreateHash(isLarge ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (!isLarge)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {file.Length}\0")));
        }

        stream.Position = 0;
        byte[] buffer = new byte[1 << 20];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset()) == file.ETag;
    }

    // Of git's kind or of SHA-256; also what keeps an etag from being a path.
    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})$")]
    private static partial Regex Hash();

    private sealed record FileDescription(string Commit, string ETag, long Length);
}
