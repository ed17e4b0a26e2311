using Nabla.IO;

namespace Nabla.Language.Data;

/// <summary>
/// Handwritten digits and what they show, from MNIST (LeCun, Cortes and Burges, 1998): 60,000 to train on and 10,000 to test
/// on, each a picture of 28 x 28 grey pixels.
/// </summary>
/// <example>
/// <code>
/// (DigitDataset training, DigitDataset test) = await DigitDataset.LoadAsync(DatasetStore.FromEnvironment());
/// </code>
/// </example>
public sealed class DigitDataset
{
    /// <summary>The name, as a user writes it: <c>nabla data get mnist</c>.</summary>
    public const string Name = "mnist";

    /// <summary>One line about it.</summary>
    public const string Description = "70,000 handwritten digits of 28 x 28 pixels: pictures, not a text";

    /// <summary>The number of pixels along each side of a picture.</summary>
    public const int Side = 28;

    private static readonly RemoteFile _trainingImages = At("train-images-idx3-ubyte.gz", 9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609");

    private static readonly RemoteFile _trainingLabels = At("train-labels-idx1-ubyte.gz", 28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c");

    private static readonly RemoteFile _testImages = At("t10k-images-idx3-ubyte.gz", 1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6");

    private static readonly RemoteFile _testLabels = At("t10k-labels-idx1-ubyte.gz", 4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6");

    private DigitDataset(Tensor images, IndexTensor labels) => (Images, Labels) = (images, labels);

    /// <summary>Gets the files that are published: pictures and labels to train on, pictures and labels to test on.</summary>
    public static IReadOnlyList<RemoteFile> Files { get; } = [_trainingImages, _trainingLabels, _testImages, _testLabels];

    /// <summary>Gets the pictures, [N, 784], row after row from the top; 0 is the ground, 1 is ink.</summary>
    public Tensor Images { get; }

    /// <summary>Gets which digit each picture shows, [N], 0 to 9.</summary>
    public IndexTensor Labels { get; }

    /// <summary>Gets the number of digits.</summary>
    public int Count => Labels.Count;

    /// <summary>Reads the digits to train on and those to test on, downloading what is not on this machine yet.</summary>
    /// <remarks>
    /// Where the folder of the user holds <c>mnist_20k_x_train.npz</c> and <c>mnist_20k_y_train.npz</c>, the first 20,000
    /// training digits, and the published training files are nowhere, these are the digits to train on.
    /// </remarks>
    /// <param name="store">Where the files are looked for and kept.</param>
    /// <param name="progress">Told how many bytes of a file have been downloaded.</param>
    /// <param name="cancellationToken">Ends a download; nothing is left of it.</param>
    /// <exception cref="DataFileException">A file cannot be had, or is not what it should be; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public static async Task<(DigitDataset Training, DigitDataset Test)> LoadAsync(
        DatasetStore store, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        (string Images, string Labels)? part = LocatePart(store);
        string trainingImages = part?.Images ?? await Fetch(_trainingImages).ConfigureAwait(false);
        string trainingLabels = part?.Labels ?? await Fetch(_trainingLabels).ConfigureAwait(false);
        string testImages = await Fetch(_testImages).ConfigureAwait(false);
        string testLabels = await Fetch(_testLabels).ConfigureAwait(false);
        return (Read(trainingImages, trainingLabels), Read(testImages, testLabels));

        Task<string> Fetch(RemoteFile file) => store.FetchAsync(file, progress, cancellationToken);
    }

    /// <summary>Returns the first digits only, without a copy of their pictures.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public DigitDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        return new DigitDataset(Images[..count], Labels[..count]);
    }

    /// <summary>Reads pictures and labels from idx or npz files.</summary>
    /// <exception cref="DataFileException">A file is damaged or holds something else, or the two do not belong together.</exception>
    internal static DigitDataset Read(string imageFile, string labelFile)
    {
        byte[] pixels = ReadBytes(imageFile, out Shape images);
        byte[] labels = ReadBytes(labelFile, out Shape labelled);
        if (images.Rank != 3 || images[1] != Side || images[2] != Side)
        {
            throw new DataFileException($"{imageFile} holds {images} bytes, not pictures of 28 x 28: give the file of MNIST's pictures.");
        }

        if (labelled.Rank != 1 || labelled[0] != images[0])
        {
            throw new DataFileException($"{labelFile} holds {labelled} labels, but {imageFile} {images[0]} pictures: take both from "
                + "one set.");
        }

        int wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (wrong >= 0)
        {
            throw new DataFileException($"{labelFile}: label {wrong} is {labels[wrong]} and no digit: get the file again.");
        }

        Tensor inks = Tensor.From(Array.ConvertAll(pixels, pixel => pixel / 255f), images[0], Side * Side);
        return new DigitDataset(inks, IndexTensor.From(Array.ConvertAll(labels, label => (int)label)));
    }

    private static byte[] ReadBytes(string path, out Shape shape)
    {
        try
        {
            if (!path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
            {
                return IdxFile.ReadBytes(path, out shape);
            }

            using NpzFile file = NpzFile.Open(path);
            return file.ReadBytes(file.Names.FirstOrDefault("arr_0"), out shape);
        }
        catch (TensorFileException exception)
        {
            throw new DataFileException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static (string Images, string Labels)? LocatePart(DatasetStore store)
    {
        if (store.DataFolder is null || store.Locate(_trainingImages) is not null || store.Locate(_trainingLabels) is not null)
        {
            return null;
        }

        string images = Path.Combine(store.DataFolder, "mnist_20k_x_train.npz");
        string labels = Path.Combine(store.DataFolder, "mnist_20k_y_train.npz");
        return File.Exists(images) && File.Exists(labels) ? (images, labels) : null;
    }

    private static RemoteFile At(string fileName, long length, string sha256) =>
        new(fileName, new Uri("https://storage.googleapis.com/cvdf-datasets/mnist/" + fileName), length, sha256);
}
