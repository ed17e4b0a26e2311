using System.Collections.Immutable;
using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>
/// Trains SentencePiece's byte-pair models, to the same pieces and scores as SentencePiece 0.1.97. The same text and options give
/// the same model, always.
/// </summary>
/// <remarks>
/// Two things are not the same, and both only matter where a vocabulary is so large for its text that it takes in pairs of which
/// more than a thousand are equally rare. SentencePiece considers the most frequent 1000 pairs or 5 % of them, for a hundred
/// merges at a time, and which of equally frequent ones are among them is left to its hash table; here all are considered
/// always, as they are in its later versions. And if one text can be made of two pairs that are equally frequent, which of them
/// is merged depends there on where they lie in memory, and here the one seen first is.
/// </remarks>
public static class SentencePieceTrainer
{
    private const int ReportInterval = 100;

    /// <summary>Trains on files of text, each line a sentence.</summary>
    /// <param name="paths">The files, in UTF-8; they are read as a stream.</param>
    /// <param name="options">The size of the vocabulary and everything else.</param>
    /// <param name="progress">Told about every hundredth merge, and the end.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="TokenizerException">
    /// A file cannot be read or is not UTF-8, an option has no sense, or the text has too few or too many different characters
    /// or words for the vocabulary.
    /// </exception>
    public static SentencePieceModel TrainFiles(IEnumerable<string> paths, SentencePieceTrainingOptions options,
        IProgress<SentencePieceTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string[] files = [.. paths];
        return Train(() => SentenceReader.Lines(files), options, progress, cancellationToken);
    }

    /// <summary>Trains on sentences.</summary>
    /// <param name="sentences">The sentences, taken one by one; put into a list first if a sample of them is asked for.</param>
    /// <param name="options">The size of the vocabulary and everything else.</param>
    /// <param name="progress">Told about every hundredth merge, and the end.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="TokenizerException">
    /// A sentence has half of a surrogate pair, an option has no sense, or there are too few or too many different characters
    /// or words for the vocabulary.
    /// </exception>
    public static SentencePieceModel Train(IEnumerable<string> sentences, SentencePieceTrainingOptions options,
        IProgress<SentencePieceTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentNullException.ThrowIfNull(options);
        var readsTwice = options is { InputSentenceSize: > 0, ShuffleInputSentence: true };
        IEnumerable<string> texts = readsTwice ? [.. sentences] : sentences;
        return Train(() => SentenceReader.Texts(texts), options, progress, cancellationToken);
    }

    private static SentencePieceModel Train(
        Func<IEnumerable<ReadOnlyMemory<byte>>> sentences, SentencePieceTrainingOptions options,
        IProgress<SentencePieceTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        TrainingOptionChecks.Check(options);
        options = options with { Normalization = NormalizationRules.Compiled(options.Normalization) };
        var metaPieces = new MetaPieces(options);
        var words = new SentenceWords(options, metaPieces);
        var sampler = new SentenceSampler(options, () => sentences().LongCount(sentence => words.Accepts(sentence.Span)));
        long tooLong = 0;
        foreach (ReadOnlyMemory<byte> sentence in sentences())
        {
            cancellationToken.ThrowIfCancellationRequested();
            tooLong += sentence.Length > options.MaxSentenceLength ? 1 : 0;
            if (words.Accepts(sentence.Span) && sampler.TakeNext())
            {
                words.Add(sentence.Span);
            }

            if (sampler.IsDone)
            {
                break;
            }
        }

        if (words.Counts.Count == 0)
        {
            throw new TokenizerException("SentencePieceTrainer: there is no sentence to train on: all are empty, or longer than "
                + options.MaxSentenceLength.ToString(CultureInfo.InvariantCulture) + " bytes (MaxSentenceLength).");
        }

        var characters = new RequiredCharacters(words.Counts, options);
        characters.CheckRoom(metaPieces, options);
        var total = options.VocabularySize - metaPieces.Count - characters.ByCount.Count;
        var merging = new PieceMerging(words.Counts, characters, new PieceRules(options));
        List<string> learned = [];
        while (learned.Count < total && merging.Next() is { } piece)
        {
            cancellationToken.ThrowIfCancellationRequested();
            learned.Add(piece);
            if (learned.Count % ReportInterval == 0)
            {
                progress?.Report(new SentencePieceTrainingProgress(learned.Count, total, tooLong));
            }
        }

        progress?.Report(new SentencePieceTrainingProgress(learned.Count, total, tooLong));
        learned.AddRange(characters.ByCount.Select(char.ConvertFromUtf32));
        return ToModel(learned, metaPieces, options);
    }

    // Special pieces keep their ids; merges and then characters fill the rest, each scored by its place among them.
    private static SentencePieceModel ToModel(List<string> learned, MetaPieces metaPieces, SentencePieceTrainingOptions options)
    {
        ImmutableArray<SentencePieceEntry>.Builder pieces = ImmutableArray.CreateBuilder<SentencePieceEntry>();
        var next = 0;
        for (var id = 0; id < options.VocabularySize; id++)
        {
            if (metaPieces.TryGet(id, out SentencePieceEntry piece))
            {
                if (pieces.Count < id)
                {
                    throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                        $"SentencePieceTrainer: {piece.Text} is to have id {id}, but only {pieces.Count} come before it."));
                }

                pieces.Add(piece);
            }
            else if (next < learned.Count)
            {
                pieces.Add(new SentencePieceEntry(learned[next], -(float)next));
                next++;
            }
        }

        if (options.HardVocabularyLimit && pieces.Count != options.VocabularySize)
        {
            throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                $"SentencePieceTrainer: a vocabulary of {options.VocabularySize} is too large for this text: "
                + $"ask for at most {pieces.Count}, or set HardVocabularyLimit to false."));
        }

        SentencePieceTrainingOptions reached = options with { VocabularySize = pieces.Count };
        return new SentencePieceModel { Pieces = pieces.DrainToImmutable(), Training = reached };
    }
}
