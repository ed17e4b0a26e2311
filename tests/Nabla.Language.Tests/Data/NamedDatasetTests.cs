using System.Globalization;
using System.Security.Cryptography;
using Nabla.Language.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Data;

public sealed class NamedDatasetTests
{
    private static readonly DatasetStore _noNetwork = new(null, Path.Combine(Path.GetTempPath(), "nabla-no-cache"),
        new FakeServer(() => throw new HttpRequestException("no network in tests")));

    [Fact]
    public async Task The_embedded_names_are_different_sorted_and_of_plain_letters()
    {
        NamedDataset names = NamedDataset.Find("names")!;

        string text = await _noNetwork.ReadAsync(names);
        string[] lines = text.TrimEnd('\n').Split('\n');

        Assert.Null(_noNetwork.Locate(names));
        Assert.True(lines.Length >= 4000);
        Assert.StartsWith(lines.Length.ToString("N0", CultureInfo.InvariantCulture), names.Description, StringComparison.Ordinal);
        Assert.Equal(lines.Distinct().Order(StringComparer.Ordinal), lines);
        Assert.All(lines, line => Assert.Matches("^[a-z]{2,12}$", line));
    }

    [Fact]
    public async Task The_embedded_names_load_as_a_word_list()
    {
        TextDataset dataset = await TextSource.LoadAsync("names", store: _noNetwork);

        Assert.Equal(27, dataset.Tokenizer.VocabularySize);
        Assert.Equal(0, dataset.BoundaryId);
        Assert.Equal("names", dataset.Name);
    }

    [Theory]
    [InlineData("names-full", "names.txt")]
    [InlineData("shakespeare", "tinyshakespeare.txt")]
    [InlineData("taylorswift", "taylorswift.txt")]
    public void The_digests_are_those_of_the_files(string name, string fileName)
    {
        RemoteFile file = NamedDataset.Find(name)!.File!;
        byte[] bytes = File.ReadAllBytes(TestFiles.Data(fileName));

        Assert.Equal(fileName, file.FileName);
        Assert.Equal(bytes.Length, file.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Sha256);
    }

    [Fact]
    public void An_unknown_name_is_no_dataset() => Assert.Null(NamedDataset.Find("NAMES"));

    [Fact]
    public async Task A_file_is_running_text_unless_a_word_list_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("my.txt", "emma\nolivia\nava\n"u8.ToArray());

        TextDataset running = await TextSource.LoadAsync(path, store: _noNetwork);
        TextDataset list = await TextSource.LoadAsync(path, TextKind.WordList, store: _noNetwork);

        Assert.Null(running.BoundaryId);
        Assert.Equal(0, list.BoundaryId);
        Assert.Equal(running.SourceHash, list.SourceHash);
    }

    [Fact]
    public async Task A_name_that_is_nothing_is_refused_with_the_names_that_there_are()
    {
        DataFileException exception = await Assert.ThrowsAsync<DataFileException>(
            () => TextSource.LoadAsync("shakespear", store: _noNetwork));

        Assert.Contains("names, names-full, shakespeare", exception.Message, StringComparison.Ordinal);
    }
}
