using System.Net;
using System.Security.Cryptography;
using Nabla.Language.Data;

namespace Nabla.Language.Tests.Data;

public sealed class DatasetStoreTests : IDisposable
{
    private static readonly byte[] _content =
        [.. Enumerable.Repeat("to be or not to be\n"u8.ToArray(), 10_000).SelectMany(line => line)];


    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _cache = new();

    private static RemoteFile File { get; } = new("play.txt", new Uri("https://example.org/play.txt"), _content.Length,
        Convert.ToHexStringLower(SHA256.HashData(_content)));

    private static NamedDataset Dataset { get; } = new("play", TextKind.RunningText, "a play", File);

    public void Dispose()
    {
        _data.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public async Task A_text_is_downloaded_once_and_then_read_from_the_cache()
    {
        using var server = new FakeServer(_content);
        var store = new DatasetStore(_data.Path, Path.Combine(_cache.Path, "deep", "down"), server);
        var progress = new Reports();
        Assert.Null(store.Locate(Dataset));

        string text = await store.ReadAsync(Dataset, progress);
        string again = await store.ReadAsync(Dataset);

        Assert.Equal(_content.Length, text.Length);
        Assert.Equal(text, again);
        Assert.Equal(1, server.Requests);
        Assert.Equal(_content.Length, progress.Values[^1]);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(store.Locate(Dataset), Assert.Single(Directory.GetFiles(store.CacheFolder)));
    }

    [Fact]
    public async Task The_folder_of_the_user_comes_first()
    {
        using var server = new FakeServer(_content);
        string path = _data.Write("play.txt", _content);
        _cache.Write("play.txt", _content);
        var store = new DatasetStore(_data.Path, _cache.Path, server);

        Assert.Equal(path, await store.FetchAsync(File));
        Assert.Equal(path, store.Locate(Dataset));
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Another_file_of_that_name_in_the_folder_of_the_user_is_refused_and_left_alone()
    {
        using var server = new FakeServer(_content);
        string path = _data.Write("play.txt", "another play"u8.ToArray());
        var store = new DatasetStore(_data.Path, _cache.Path, server);

        DataFileException exception = await Assert.ThrowsAsync<DataFileException>(() => store.FetchAsync(File));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Requests);
        Assert.Equal("another play", await System.IO.File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_damaged_file_in_the_cache_is_downloaded_again()
    {
        using var server = new FakeServer(_content);
        string path = _cache.Write("play.txt", _content[..^1]);

        Assert.Equal(path, await new DatasetStore(null, _cache.Path, server).FetchAsync(File));

        Assert.Equal(_content, await System.IO.File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Without_a_network_one_line_says_where_to_put_the_file_and_from_where()
    {
        using var server = new FakeServer(() => throw new HttpRequestException("no route\nto host"));

        await AssertUnavailable(server, "no route to host");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_counts_as_no_network()
    {
        using var server = new FakeServer(() => throw new TaskCanceledException());

        await AssertUnavailable(server, "does not answer");
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_passed_on()
    {
        using var server = new FakeServer(() => new HttpResponseMessage(HttpStatusCode.NotFound));

        await AssertUnavailable(server, "404");
    }

    [Theory]
    [InlineData(-1, "another SHA-256")]
    [InlineData(0, "another SHA-256")]
    [InlineData(1, "longer than its")]
    public async Task Wrong_content_is_never_kept(int change, string part)
    {
        byte[] wrong = new byte[_content.Length + change];
        using var server = new FakeServer(wrong);

        await AssertUnavailable(server, part);
    }

    [Fact]
    public async Task A_download_can_be_cancelled_and_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new FakeServer(_content);
        var store = new DatasetStore(null, _cache.Path, server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.FetchAsync(File, new Reports(_ => cancellation.Cancel()), cancellation.Token));

        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Fact]
    public void The_folders_are_those_that_the_environment_names()
    {
        DatasetStore named = Store(("NABLA_DATA", "/data"), ("NABLA_CACHE", "/cache"));
        Assert.Equal("/data", named.DataFolder);
        Assert.Equal("/cache", named.CacheFolder);

        DatasetStore plain = Store(("NABLA_DATA", ""), ("NABLA_CACHE", ""), ("XDG_CACHE_HOME", "relative"));
        Assert.Null(plain.DataFolder);
        Assert.True(Path.IsPathRooted(plain.CacheFolder));
        Assert.Equal("nabla", Path.GetFileName(plain.CacheFolder));

        if (OperatingSystem.IsLinux())
        {
            Assert.Equal("/xdg/nabla", Store(("XDG_CACHE_HOME", "/xdg")).CacheFolder);
        }

        static DatasetStore Store(params (string Name, string Value)[] variables) => DatasetStore.FromEnvironment(
            name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
    }

    private async Task AssertUnavailable(FakeServer server, string part)
    {
        var store = new DatasetStore(_data.Path, _cache.Path, server);

        DataFileException exception = await Assert.ThrowsAsync<DataFileException>(() => store.ReadAsync(Dataset));

        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.Contains("https://example.org/play.txt", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_cache.File("play.txt"), exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    private sealed class Reports(Action<long>? then = null) : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value)
        {
            Values.Add(value);
            then?.Invoke(value);
        }
    }
}
