using System.Net;

namespace Nabla.Language.Tests.Data;

/// <summary>Answers requests in place of the network, and counts them.</summary>
internal sealed class FakeServer(Func<HttpResponseMessage> answer) : HttpMessageHandler
{
    public FakeServer(byte[] content)
        : this(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(content) })
    {
    }

    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests++;
        return Task.FromResult(answer());
    }
}
