namespace Nabla.Tokenizers;

/// <summary>
/// Learns the merges of a byte-pair tokenizer from text. They are those of the lecture's plain algorithm, see
/// <see cref="PairCounts"/>, one by one and with the same counts; only the work is less.
/// </summary>
/// <remarks>
/// <para>
/// The plain algorithm counts all pairs of the whole text again for each merge. Here equal chunks are counted once
/// (<see cref="ChunkCounts"/>) and laid out one after another (<see cref="SymbolSequence"/>). Each pair keeps its count and the
/// positions at which it stands (<see cref="PairTable"/>), so a merge goes straight to its places (<see cref="PairMerger"/>)
/// and only puts right the counts of the pairs around them; a queue (<see cref="PairQueue"/>) finds the next pair. The work
/// of a merge grows with the number of its places, and all merges together take time linear in the distinct text.
/// </para>
/// <para>
/// The byte-pair algorithm for words is that of Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with
/// Subword Units" (2016), section 3.2, on bytes as in GPT-2 (Radford et al. 2019, section 2.2).
/// </para>
/// </remarks>
public static class BytePairTrainer
{
    /// <summary>Learns merges until the vocabulary has the size asked for, or no pair is left to merge.</summary>
    /// <param name="text">The training text.</param>
    /// <param name="options">The size of the vocabulary, how the text is split, and more.</param>
    /// <param name="progress">Told of each block that is read and each merge.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="TokenizerException">The size is below 256, or the text is not valid Unicode.</exception>
    public static BytePairTraining Train(ReadOnlySpan<char> text, BytePairTrainingOptions options,
        IProgress<BytePairTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var run = new TrainingRun(options, System.Text.Encoding.UTF8.GetByteCount(text), progress, cancellationToken);
        run.Reader.Read(text);
        return run.Learn();
    }

    /// <summary>Learns merges from the text of a reader, without holding it in memory.</summary>
    /// <param name="text">The training text.</param>
    /// <param name="options">The size of the vocabulary, how the text is split, and more.</param>
    /// <param name="progress">Told of each block that is read and each merge.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="TokenizerException">The size is below 256, or the text is not valid Unicode.</exception>
    public static BytePairTraining Train(TextReader text, BytePairTrainingOptions options,
        IProgress<BytePairTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var run = new TrainingRun(options, null, progress, cancellationToken);
        run.Reader.Read(text);
        return run.Learn();
    }

    /// <summary>
    /// Learns merges from files of UTF-8 text. With one of the published patterns they are not held in memory, only their
    /// different chunks are; a pattern of the user's needs one document at a time in memory. Without a splitter all the text
    /// is, at most 2 GB of it, with the positions of pairs as far as the whole stays below 6 GB; beyond some 190 MB many merges
    /// then read the text again.
    /// </summary>
    /// <param name="paths">The files, in order.</param>
    /// <param name="options">The size of the vocabulary, how the text is split, and more.</param>
    /// <param name="progress">Told of each block that is read and each merge.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="TokenizerException">The size is below 256, or a file is not UTF-8: the message says which and where.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BytePairTraining Train(IEnumerable<string> paths, BytePairTrainingOptions options,
        IProgress<BytePairTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        string[] files = [.. paths];
        using var run = new TrainingRun(options, files.Sum(path => new FileInfo(path).Length), progress, cancellationToken);
        foreach (var path in files)
        {
            run.Reader.ReadFile(path, options.FilesAreDocuments);
        }

        return run.Learn();
    }
}
