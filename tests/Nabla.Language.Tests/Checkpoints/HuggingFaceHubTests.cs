using System.Net;
using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>Fetching a model from a hub into the cache, whole, in parts, and without the network.</summary>
public sealed class HuggingFaceHubTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly HubModelName _model = new("someone/tiny", "main");

    private readonly TemporaryFolder _folder = new();

    private string Blobs => Path.Combine(_folder.Path, "models--someone--tiny", "blobs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_comes_into_a_cache_laid_out_as_Hugging_Faces_and_opens()
    {
        FakeHub server = Server();
        List<HubProgress> progress = [];

        string folder = await Hub(server).FetchAsync(_model, new Told(progress), TestContext.Current.CancellationToken);

        string root = Path.Combine(_folder.Path, "models--someone--tiny");
        Assert.Equal(Path.Combine(root, "snapshots", Commit), folder);
        Assert.Equal(Commit, File.ReadAllText(Path.Combine(root, "refs", "main")));
        byte[] weights = File.ReadAllBytes(TestFiles.Fixture("gpt2-hf/model.safetensors"));
        string blob = FakeHub.HashOf("model.safetensors", weights);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(Blobs, blob)));
        Assert.Equal(Path.Combine("..", "..", "blobs", blob), new FileInfo(Path.Combine(folder, "model.safetensors")).LinkTarget);
        Assert.Equal(2, Directory.GetFiles(Blobs).Length);
        Assert.Equal(new HubProgress("model.safetensors", weights.Length, weights.Length), progress[^1]);
        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf"), SavedModel.Open(folder).LoadModel());
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again_and_serves_without_the_network()
    {
        FakeHub server = Server();
        string first = await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken);
        server.Requests.Clear();

        string second = await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken);
        Assert.Equal(first, second);
        Assert.Equal(["HEAD config.json", "HEAD tokenizer.json", "HEAD vocab.json"], server.Requests);

        server.Requests.Clear();
        HuggingFaceHub offline = new(_folder.Path, new Uri("https://hub.test"), offline: true, server);
        Assert.Equal(first, await offline.FetchAsync(_model, null, TestContext.Current.CancellationToken));
        Assert.Equal(first, await offline.FetchAsync(_model with { Revision = Commit }, null, TestContext.Current.CancellationToken));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_download_that_was_cut_off_goes_on_where_it_stopped()
    {
        FakeHub server = Server();
        server.BreaksAfter = 10_000;
        DataFileException error = await Assert.ThrowsAsync<DataFileException>(
            () => Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken));
        Assert.Contains("(the connection was closed): try again, which goes on where it stopped, or take what is in the cache with --offline.",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(10_000, new FileInfo(Assert.Single(Directory.GetFiles(Blobs, "*.incomplete"))).Length);
        await Assert.ThrowsAsync<DataFileException>(() => new HuggingFaceHub(_folder.Path, offline: true)
            .FetchAsync(_model, null, TestContext.Current.CancellationToken));

        server.Requests.Clear();
        server.BreaksAfter = int.MaxValue;
        string folder = await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken);

        Assert.Contains("GET model.safetensors from 10000", server.Requests);
        Assert.Empty(Directory.GetFiles(Blobs, "*.incomplete"));
        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf"), SavedModel.Open(folder).LoadModel());
    }

    [Fact]
    public async Task A_server_that_cannot_go_on_sends_the_whole()
    {
        FakeHub server = Server();
        server.BreaksAfter = 10_000;
        await Assert.ThrowsAsync<DataFileException>(() => Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken));
        (server.BreaksAfter, server.IgnoresRanges) = (int.MaxValue, true);

        string folder = await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken);

        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf"), SavedModel.Open(folder).LoadModel());
    }

    [Fact]
    public async Task What_is_left_of_another_file_and_longer_is_thrown_away()
    {
        FakeHub server = Server();
        server.BreaksAfter = 10_000;
        await Assert.ThrowsAsync<DataFileException>(() => Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken));
        File.WriteAllBytes(Assert.Single(Directory.GetFiles(Blobs, "*.incomplete")), new byte[1_000_000]);
        server.BreaksAfter = int.MaxValue;

        string folder = await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken);

        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf"), SavedModel.Open(folder).LoadModel());
    }

    [Fact]
    public async Task What_came_damaged_is_thrown_away()
    {
        FakeHub server = Server();
        server.Damages = true;
        DataFileException error = await Assert.ThrowsAsync<DataFileException>(
            () => Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken));
        Assert.StartsWith("model.safetensors of someone/tiny came damaged (its hash is not ", error.Message, StringComparison.Ordinal);

        server.Damages = false;
        Assert.True(Directory.Exists(await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task What_comes_longer_than_was_said_is_thrown_away_before_it_fills_the_disk()
    {
        FakeHub server = Server();
        server.Lengthens = true;
        DataFileException error = await Assert.ThrowsAsync<DataFileException>(
            () => Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken));

        Assert.Matches(@" of someone/tiny came longer than its \d+ bytes: try again\.$", error.Message);
        Assert.Equal(0, new FileInfo(Assert.Single(Directory.GetFiles(Blobs, "*.incomplete"))).Length);
    }

    [Fact]
    public async Task The_several_files_of_an_index_are_fetched()
    {
        FakeHub server = new(Commit);
        foreach (string file in Directory.GetFiles(TestFiles.Fixture("gpt2-hf-sharded")))
        {
            server.Add(Path.GetFileName(file), File.ReadAllBytes(file));
        }

        string folder = await Hub(server).FetchAsync(_model, null, TestContext.Current.CancellationToken);

        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf"), SavedModel.Open(folder).LoadModel());
        Assert.Equal(4, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task What_is_not_to_be_had_is_said_in_one_line_with_the_mend()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        async Task<string> Fault(HuggingFaceHub hub) => (await Assert.ThrowsAsync<DataFileException>(() => hub.FetchAsync(_model, null, stop))).Message;

        Assert.StartsWith("There is no model someone/tiny on the hub", await Fault(Hub(new FakeHub(Commit))), StringComparison.Ordinal);
        Assert.Equal("someone/tiny has no model.safetensors: only weights in that form can be read.",
            await Fault(Hub(new FakeHub(Commit).Add("config.json", [1]))));
        Assert.Contains("says neither commit nor hash of config.json: it is no server of Hugging Face's hub",
            await Fault(Hub(new FakeHub("master").Add("config.json", [1]))), StringComparison.Ordinal);
        Assert.Equal($"someone/tiny is not in the cache {_folder.Path}: fetch it once without --offline, or give the path of a folder that holds it.",
            await Fault(new HuggingFaceHub(_folder.Path, offline: true)));
        FakeServer down = new(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        Assert.StartsWith("someone/tiny could not be fetched from hub.test (", await Fault(Hub(down)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hf:openai-community/gpt2", "openai-community/gpt2", "main")]
    [InlineData("gpt2", "gpt2", "main")]
    [InlineData("hf:a.b/c_d-1@v1.0", "a.b/c_d-1", "v1.0")]
    public void A_name_is_read(string text, string id, string revision) => Assert.Equal(new HubModelName(id, revision), HubModelName.Parse(text));

    [Theory]
    [InlineData("hf:")]
    [InlineData("hf:../etc")]
    [InlineData("hf:a/b/c")]
    [InlineData("hf:a/..")]
    [InlineData("hf:a/b@../c")]
    [InlineData("hf:ä/b")]
    public void What_is_no_name_is_refused(string text)
        => Assert.StartsWith($"{text} names no model: ", Assert.Throws<DataFileException>(() => HubModelName.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task The_environment_says_where_the_cache_is_and_whether_there_is_a_network()
    {
        Dictionary<string, string> variables = new() { ["HF_HOME"] = _folder.File("home"), ["HF_ENDPOINT"] = "https://hub.test" };
        HuggingFaceHub Read(bool offline = false) => HuggingFaceHub.FromEnvironment(variables.GetValueOrDefault, offline, Server());
        async Task<string> Fetch() => await Read().FetchAsync(_model, null, TestContext.Current.CancellationToken);

        Assert.StartsWith(Path.Combine(_folder.File("home"), "hub", "models--someone--tiny"), await Fetch(), StringComparison.Ordinal);
        variables["HF_HUB_CACHE"] = _folder.File("cache");
        Assert.StartsWith(Path.Combine(_folder.File("cache"), "models--someone--tiny"), await Fetch(), StringComparison.Ordinal);
        Assert.False(Read().IsOffline);
        Assert.True(Read(offline: true).IsOffline);
        variables["HF_HUB_OFFLINE"] = "1";
        Assert.True(Read().IsOffline);
        variables["HF_ENDPOINT"] = "hub";
        Assert.Contains("HF_ENDPOINT is hub, which is no address", Assert.Throws<DataFileException>(() => Read()).Message, StringComparison.Ordinal);
    }

    private static FakeHub Server() => new FakeHub(Commit)
        .Add("config.json", File.ReadAllBytes(TestFiles.Fixture("gpt2-hf/config.json")))
        .Add("model.safetensors", File.ReadAllBytes(TestFiles.Fixture("gpt2-hf/model.safetensors")));

    private HuggingFaceHub Hub(HttpMessageHandler server) => new(_folder.Path, new Uri("https://hub.test"), offline: false, server);

    private sealed class Told(List<HubProgress> reports) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => reports.Add(value);
    }
}
