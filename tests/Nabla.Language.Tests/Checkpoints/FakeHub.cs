using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>
/// Answers as Hugging Face's hub does: small files from another place on the same host, with git's hash as etag; large ones by
/// leading to another host, which sends them, and from the middle where that is asked for.
/// </summary>
internal sealed class FakeHub(string commit) : HttpMessageHandler
{
    private readonly Dictionary<string, byte[]> _files = [];

    public List<string> Requests { get; } = [];

    /// <summary>The most bytes of a large file that are sent before the connection breaks.</summary>
    public int BreaksAfter { get; set; } = int.MaxValue;

    /// <summary>Whether large files come from the beginning whatever is asked for.</summary>
    public bool IgnoresRanges { get; set; }

    /// <summary>Whether a byte of what is sent is another.</summary>
    public bool Damages { get; set; }

    /// <summary>Whether a byte more is sent than was said.</summary>
    public bool Lengthens { get; set; }

    public FakeHub Add(string name, byte[] content)
    {
        _files[name] = content;
        return this;
    }

    public static string HashOf(string name, byte[] content) => IsLarge(name)
        ? Convert.ToHexStringLower(SHA256.HashData(content))
        : GitHash(content);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Uri address = request.RequestUri!;
        string name = address.Segments[^1];
        bool isMoved = address.AbsolutePath.StartsWith("/api/resolve-cache/", StringComparison.Ordinal);
        if (!isMoved)
        {
            Requests.Add($"{request.Method} {name}");
        }

        if (!_files.TryGetValue(name, out byte[]? content))
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }

        if (address.Host == "store.test")
        {
            return Task.FromResult(Send(content, request));
        }

        Assert.StartsWith(isMoved ? "https://hub.test/" : "https://hub.test/someone/tiny/resolve/", address.AbsoluteUri, StringComparison.Ordinal);
        HttpResponseMessage response = new(isMoved ? HttpStatusCode.OK : HttpStatusCode.Redirect);
        response.Headers.Add("X-Repo-Commit", commit);
        string etag = $"\"{HashOf(name, content)}\"";
        if (!IsLarge(name) && !isMoved)
        {
            response.Headers.Location = new Uri($"/api/resolve-cache/{name}", UriKind.Relative);
        }
        else if (IsLarge(name))
        {
            response.Headers.Add("X-Linked-ETag", etag);
            response.Headers.Add("X-Linked-Size", content.Length.ToString(CultureInfo.InvariantCulture));
            response.Headers.Location = new Uri($"https://store.test/{name}");
        }
        else
        {
            response.Headers.ETag = new EntityTagHeaderValue(etag, isWeak: true);
            response.Content = new ByteArrayContent(content);
        }

        return Task.FromResult(response);
    }

    private static bool IsLarge(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "It is how git names a file.")]
    private static string GitHash(byte[] content)
        => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    private HttpResponseMessage Send(byte[] content, HttpRequestMessage request)
    {
        long start = IgnoresRanges ? 0 : request.Headers.Range?.Ranges.Single().From ?? 0;
        Requests[^1] += start > 0 ? $" from {start}" : string.Empty;
        byte[] sent = Lengthens ? [.. content[(int)start..], 0] : content[(int)start..];
        if (Damages)
        {
            sent[^1] ^= 1;
        }

        return new HttpResponseMessage(start > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
        {
            Content = new StreamContent(new BreakingStream(sent, BreaksAfter)),
        };
    }

    private sealed class BreakingStream(byte[] content, int breaksAfter) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int most = Math.Min(buffer.Length, breaksAfter - (int)Position);
            return most > 0 || Position == Length
                ? base.ReadAsync(buffer[..most], cancellationToken)
                : throw new IOException("the connection was closed");
        }
    }
}
