using System.Globalization;
using Nabla.Files;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>How far a preparation is.</summary>
/// <param name="Bytes">The bytes of the corpus that are done.</param>
/// <param name="TotalBytes">The length of the corpus.</param>
/// <param name="Documents">The documents so far.</param>
/// <param name="Tokens">The tokens so far, those that begin documents included.</param>
/// <param name="Shards">The files that are whole.</param>
public sealed record ShardProgress(long Bytes, long TotalBytes, long Documents, long Tokens, int Shards);

/// <summary>
/// Turns a corpus of text files into files of tokens, once, so that training reads no text: each document is the end-of-text
/// token and then its own tokens, and the documents follow one another.
/// </summary>
/// <remarks>
/// Files are read piece by piece and encoded on all cores; the files of tokens have the same bytes on any number of them. A
/// preparation that is stopped leaves whole files only, and no index.
/// </remarks>
public static class ShardPreparation
{
    // Large enough that handing a batch over costs nothing beside it, small enough that all cores have some.
    private const int BatchCharacters = 256 << 10;

    /// <summary>Prepares a corpus.</summary>
    /// <param name="files">The text files, in order.</param>
    /// <param name="folder">A folder that does not exist yet or is empty.</param>
    /// <param name="tokenizer">The tokenizer; it is kept in the folder.</param>
    /// <param name="options">How the corpus is cut.</param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    /// <returns>What is in the folder.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DataFileException">A file cannot be used, or there is nothing to train on.</exception>
    /// <exception cref="TokenizerException">The tokenizer has no end-of-text token, or cannot write a document.</exception>
    /// <exception cref="IOException">The folder is not empty or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public static TokenShardIndex Run(
        IReadOnlyList<string> files,
        string folder,
        ITokenizer tokenizer,
        ShardOptions options,
        IProgress<ShardProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int endOfText = tokenizer.EndOfTextId ?? throw new TokenizerException(
            $"The tokenizer has no end-of-text token to put before each document: {CorpusEncoding.EndOfTextMend}");
        long totalBytes = files.Sum(file => LengthOf(file, cancellationToken));
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new IOException($"The folder {folder} is not empty: name another one with --out.");
        }

        Directory.CreateDirectory(folder);
        SavedTokenizer saved = SavedTokenizer.Save(tokenizer, folder);
        int tokenBytes = tokenizer.VocabularySize <= 1 << 16 ? sizeof(ushort) : sizeof(uint);
        using ShardSequence shards = new(folder, options, tokenBytes, totalBytes);
        ShardProgress done = new(0, totalBytes, 0, 0, 0);
        foreach (EncodedBatch batch in Encode(files, tokenizer, endOfText, options.Documents, cancellationToken))
        {
            foreach ((int[] ids, long bytes) in batch.Pieces)
            {
                shards.Append(ids, bytes);
            }

            done = batch.AddTo(done) with { Shards = shards.Shards.Count };
            progress?.Report(done);
        }

        shards.Finish();
        if (!shards.Shards.Any(shard => shard.Split == TokenSplit.Train))
        {
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{done.Documents} documents of {done.Tokens} tokens leave nothing to train on: give more text, or validate on less."));
        }

        TokenShardIndex index = new()
        {
            Tokenizer = saved,
            VocabularySize = tokenizer.VocabularySize,
            EndOfTextId = endOfText,
            Documents = done.Documents,
            Tokens = done.Tokens,
            Shards = shards.Shards,
        };
        using AtomicFile file = AtomicFile.Create(Path.Combine(folder, TokenShardIndex.FileName));
        using (StreamWriter writer = new(file.Stream, leaveOpen: true))
        {
            writer.Write(index.ToJson());
            writer.Write('\n');
        }

        file.Commit();
        return index;
    }

    // Of what gzip packed, no place tells the length of all parts: it is unpacked once more than is needed.
    private static long LengthOf(string path, CancellationToken cancellationToken)
    {
        long length = File.Exists(path) ? new FileInfo(path).Length
            : throw new DataFileException(Directory.Exists(path)
                ? $"{path} is a folder: name the text files in it."
                : $"{path} does not exist: check the name and the folder.");
        if (length == 0)
        {
            return 0;
        }

        using Stream file = TextFile.Open(path);
        if (file.CanSeek)
        {
            return length;
        }

        try
        {
            byte[] buffer = new byte[1 << 20];
            length = 0;
            for (int read; (read = file.Read(buffer)) > 0; length += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return length;
        }
        catch (InvalidDataException error)
        {
            throw TextFile.IsDamaged(path, error);
        }
    }

    // Batches come out in the order in which they were read, while those after them are being encoded.
    private static IEnumerable<EncodedBatch> Encode(
        IReadOnlyList<string> files, ITokenizer tokenizer, int endOfText, DocumentForm form, CancellationToken cancellationToken)
    {
        Queue<Task<EncodedBatch>> underWay = new();
        foreach (List<CorpusPiece> pieces in Batches(files, form))
        {
            cancellationToken.ThrowIfCancellationRequested();
            underWay.Enqueue(Task.Run(() => new EncodedBatch(pieces, tokenizer, endOfText, form), CancellationToken.None));
            if (underWay.Count >= 2 * Compute.ThreadCount)
            {
                yield return underWay.Dequeue().GetAwaiter().GetResult();
            }
        }

        while (underWay.TryDequeue(out Task<EncodedBatch>? next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return next.GetAwaiter().GetResult();
        }
    }

    private static IEnumerable<List<CorpusPiece>> Batches(IReadOnlyList<string> files, DocumentForm form)
    {
        CorpusReader reader = new(form);
        List<CorpusPiece> batch = [];
        int characters = 0;
        foreach (CorpusPiece piece in files.SelectMany(reader.Read))
        {
            batch.Add(piece);
            characters += piece.Source.Length;
            if (characters >= BatchCharacters)
            {
                yield return batch;
                (batch, characters) = ([], 0);
            }
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>Some pieces of the corpus as tokens.</summary>
    private sealed class EncodedBatch
    {
        private readonly long _documents;

        public EncodedBatch(List<CorpusPiece> pieces, ITokenizer tokenizer, int endOfText, DocumentForm form)
        {
            foreach (CorpusPiece piece in pieces)
            {
                int[] ids = Encode(piece, tokenizer, form);
                Pieces.Add((piece.IsBeginning ? [endOfText, .. ids] : ids, piece.ByteCount));
                _documents += piece.IsBeginning ? 1 : 0;
            }
        }

        public List<(int[] Ids, long Bytes)> Pieces { get; } = [];

        public ShardProgress AddTo(ShardProgress done) => done with
        {
            Bytes = done.Bytes + Pieces.Sum(piece => piece.Bytes),
            Documents = done.Documents + _documents,
            Tokens = done.Tokens + Pieces.Sum(piece => (long)piece.Ids.Length),
        };

        private static int[] Encode(CorpusPiece piece, ITokenizer tokenizer, DocumentForm form)
        {
            string text = piece.Text(form);
            try
            {
                return tokenizer.EncodeCorpus(text);
            }
            catch (TokenizerException error)
            {
                throw new TokenizerException(string.Create(CultureInfo.InvariantCulture,
                    $"{piece.Path}: document {piece.Number}: {error.Message}"), error);
            }
        }
    }
}
