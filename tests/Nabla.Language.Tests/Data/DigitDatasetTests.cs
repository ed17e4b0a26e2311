using System.Net;
using System.Security.Cryptography;
using Nabla.Language.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Data;

public sealed class DigitDatasetTests : IDisposable
{
    private static readonly byte[] _images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, 0, 51, 255, .. new byte[1565]];
    private static readonly byte[] _labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3];

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _cache = new();

    public void Dispose()
    {
        _data.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void The_digests_of_the_test_files_are_those_of_the_files()
    {
        Assert.All(DigitDataset.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        foreach (RemoteFile file in DigitDataset.Files.Skip(2))
        {
            byte[] bytes = File.ReadAllBytes(TestFiles.Data(file.FileName));
            Assert.Equal(bytes.Length, file.Length);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Sha256);
        }
    }

    [Fact]
    public void Pixels_are_read_as_parts_of_one_and_labels_as_numbers()
    {
        DigitDataset digits = Read(_images, _labels);

        Assert.Equal(2, digits.Count);
        Assert.Equal(new Shape(2, 784), digits.Images.Shape);
        Assert.Equal([0, 0.2f, 1, 0], digits.Images[0, ..4].ToArray());
        Assert.Equal([7, 3], digits.Labels.ToArray());
        Assert.Equal([7], digits.Take(1).Labels.ToArray());
        Assert.Equal(new Shape(1, 784), digits.Take(1).Images.Shape);
        Assert.Throws<ArgumentOutOfRangeException>(() => digits.Take(3));
    }

    [Fact]
    public void Files_that_are_no_digits_are_refused_in_one_line()
    {
        byte[] eleven = [.. _labels[..^1], 11];
        AssertRefused(_images[..^1], _labels, "but 1567 follow the header");
        AssertRefused(_labels, _labels, "holds [2] bytes, not pictures of 28 x 28");
        AssertRefused(_images, [0, 0, 8, 1, 0, 0, 0, 1, 7], "holds [1] labels, but");
        AssertRefused(_images, _images, "holds [2, 28, 28] labels, but");
        AssertRefused(_images, eleven, "label 1 is 11 and no digit");
        AssertRefused(_images, "7, 3"u8.ToArray(), "no idx file");
    }

    [Fact]
    public async Task The_first_20_000_training_digits_do_where_the_published_files_are_not()
    {
        using FakeServer server = new(() => throw new HttpRequestException("no network in tests"));
        DatasetStore store = new(Path.GetDirectoryName(TestFiles.Data("mnist_20k_x_train.npz")), _cache.Path, server);
        Assert.SkipWhen(store.Locate(DigitDataset.Files[0]) is not null, "All 60,000 training digits are here.");

        (DigitDataset training, DigitDataset test) = await DigitDataset.LoadAsync(store);

        Assert.Equal(20_000, training.Count);
        Assert.Equal([5, 0, 4, 1, 9], training.Labels[..5].ToArray());
        Assert.Equal(10_000, test.Count);
        Assert.Equal([7, 2, 1, 0, 4], test.Labels[..5].ToArray());
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task Without_files_and_network_one_line_says_where_to_get_the_first()
    {
        using FakeServer server = new(() => new HttpResponseMessage(HttpStatusCode.NotFound));
        DatasetStore store = new(_data.Path, _cache.Path, server);

        string message = (await Assert.ThrowsAsync<DataFileException>(() => DigitDataset.LoadAsync(store))).Message;

        Assert.Contains("404", message, StringComparison.Ordinal);
        Assert.Contains(DigitDataset.Files[0].Address.ToString(), message, StringComparison.Ordinal);
        Assert.Contains(_cache.File("train-images-idx3-ubyte.gz"), message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task What_a_server_sends_in_their_place_is_not_kept()
    {
        using FakeServer server = new("<html>log in</html>"u8.ToArray());

        string message = (await Assert.ThrowsAsync<DataFileException>(
            () => DigitDataset.LoadAsync(new DatasetStore(null, _cache.Path, server)))).Message;

        Assert.Contains("another SHA-256", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cache.Path));
    }

    [Fact]
    public async Task They_are_no_text_to_train_a_language_model_on()
    {
        string message = (await Assert.ThrowsAsync<DataFileException>(() => TextSource.LoadAsync("mnist"))).Message;

        Assert.Equal("mnist is pictures of digits and not a text: take a text, or read the lesson lessons/02b-digits, which "
            + "trains on them.", message);
    }

    private void AssertRefused(byte[] images, byte[] labels, string fault)
    {
        string message = Assert.Throws<DataFileException>(() => Read(images, labels)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.StartsWith(_data.Path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private DigitDataset Read(byte[] images, byte[] labels)
        => DigitDataset.Read(_data.Write("images", images), _data.Write("labels", labels));
}
