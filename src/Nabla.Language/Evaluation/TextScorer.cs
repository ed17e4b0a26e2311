using System.Globalization;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>Measures how well a model predicts a text.</summary>
/// <param name="model">The model; it is put into evaluation mode for the while.</param>
/// <param name="tokenizer">What its tokens mean.</param>
/// <param name="boundary">The token between documents, which counts as one byte; null where there is none.</param>
public sealed class TextScorer(LanguageModel model, ITokenizer tokenizer, int? boundary = null)
{
    // Enough tokens at once to keep all threads busy.
    private const int TokensAtOnce = 1024;

    // A model that looks through a window sees all of it in every place but the first ones of a row.
    private readonly bool _isWindow = model.LongestRow > model.ContextLength;

    /// <summary>Measures the model on tokens that are read from end to end.</summary>
    /// <remarks>
    /// They are read in windows of the model's context, T. With a stride of T these do not overlap, and the first tokens of each
    /// are predicted from little. With a smaller stride S a window begins S tokens after the one before, and only what that has
    /// not predicted counts: each token then has at least T - S before it (but for the beginning), for T / S times the work.
    /// </remarks>
    /// <param name="ids">At least two tokens.</param>
    /// <param name="stride">S, from 1 to T; 0 for T. A model that looks through a window sees all of it, whatever the stride.</param>
    /// <param name="most">How many tokens are read, from the first on; all, if there are no more.</param>
    /// <param name="progress">Told the loss so far.</param>
    /// <param name="cancellationToken">Stops the measuring.</param>
    /// <exception cref="ArgumentException">There are too few tokens, one is none of the model's, or the stride is too long.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public TextLoss Score(TokenSequence ids, int stride = 0, long most = long.MaxValue, IProgress<TextLoss>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        long count = Math.Min(ids.Length, most);
        if (count < 2)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A loss needs at least two tokens, one to predict the other from; there are {count}: take a longer text."));
        }

        if (stride < 0 || stride > model.ContextLength)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The stride must be from 1 to the model's context, {model.ContextLength}, not {stride}."));
        }

        stride = _isWindow ? TokensAtOnce : stride > 0 ? stride : model.ContextLength;
        int length = _isWindow ? model.ContextLength - 1 + stride : model.ContextLength;
        TextLoss total = default;
        foreach (Windows windows in Cut(count, length, stride))
        {
            cancellationToken.ThrowIfCancellationRequested();
            total += Score(ids, windows);
            progress?.Report(total);
        }

        return total;
    }

    /// <summary>Measures the model on a text that is read from end to end.</summary>
    /// <param name="text">A text of at least two tokens.</param>
    /// <param name="stride">From 1 to the model's context; 0 for the context.</param>
    /// <param name="most">How many tokens are read, from the first on.</param>
    /// <param name="progress">Told the loss so far.</param>
    /// <param name="cancellationToken">Stops the measuring.</param>
    /// <exception cref="TokenizerException">The tokenizer cannot write the text.</exception>
    /// <inheritdoc cref="Score(TokenSequence, int, long, IProgress{TextLoss}, CancellationToken)"/>
    public TextLoss ScoreText(string text, int stride = 0, long most = long.MaxValue, IProgress<TextLoss>? progress = null,
        CancellationToken cancellationToken = default)
        => Score(tokenizer.EncodeLong(text), stride, most, progress, cancellationToken);

    /// <summary>Measures the model on documents, each read from its beginning to the boundary behind it.</summary>
    /// <param name="documents">The documents; <see cref="WordList.Documents(string)"/> are those of a list.</param>
    /// <param name="cancellationToken">Stops the measuring.</param>
    /// <exception cref="ArgumentException">There is no document, or no token to stand between two.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot write a document.</exception>
    /// <exception cref="OperationCanceledException">A stop was asked for.</exception>
    public TextLoss ScoreDocuments(ReadOnlyMemory<string> documents, CancellationToken cancellationToken = default)
    {
        int between = boundary ?? throw new ArgumentException(
            "The model knows no token that stands between documents: measure it on running text.");
        if (documents.IsEmpty)
        {
            throw new ArgumentException("There is no document to measure a loss on: give a file with a document a line.");
        }

        int[] ids = tokenizer.EncodeDocuments(documents, between);
        if (_isWindow)
        {
            // It looks no further back than to the boundary by itself.
            return Score(ids, cancellationToken: cancellationToken);
        }

        DocumentRows rows = new(ids, model.ContextLength, between);
        int rowsAtOnce = Math.Max(1, TokensAtOnce / model.ContextLength);
        double loss = Evaluation.DocumentLoss(model, rows, rowsAtOnce, cancellationToken: cancellationToken);
        return new TextLoss(rows.TargetCount, loss * rows.TargetCount, BytesOf(ids.AsSpan(1)));
    }

    // Windows of one length as many at a time as are worth it, and a last one, which may be shorter.
    private static IEnumerable<Windows> Cut(long count, int length, int stride)
    {
        long targets = count - 1;
        int most = Math.Max(1, TokensAtOnce / length);
        for (long start = 0, done = 0; done < targets;)
        {
            long whole = targets - start < length ? 0 : 1 + ((targets - start - length) / stride);
            Windows next = new(start, done, (int)Math.Clamp(whole, 1, most), (int)Math.Min(length, targets - start), stride);
            yield return next;
            (start, done) = (start + ((long)next.Count * stride), next.End);
        }
    }

    private TextLoss Score(TokenSequence ids, Windows windows)
    {
        int[] read = new int[windows.End + 1 - windows.Start];
        ids.Read(windows.Start, read);
        Check(read, windows.Start);
        int[] inputs = new int[windows.Count * windows.Length];
        List<int> places = [];
        int done = (int)(windows.Done - windows.Start);
        ReadOnlySpan<int> targets = read.AsSpan(done + 1);
        for (int row = 0; row < windows.Count; row++)
        {
            (int start, int end) = (row * windows.Stride, (row * windows.Stride) + windows.Length);
            read.AsSpan(start..end).CopyTo(inputs.AsSpan(row * windows.Length));
            places.AddRange(Enumerable.Range((row * windows.Length) + done - start, end - done));
            done = end;
        }

        using Inference asking = Inference.Begin(model);
        IndexTensor rows = IndexTensor.From(inputs, windows.Count, windows.Length);
        float[] losses = model.TargetLosses(rows, IndexTensor.From([.. places]), IndexTensor.From(targets)).ToArray();
        double nats = 0;
        foreach (float loss in losses)
        {
            nats += loss;
        }

        return new TextLoss(targets.Length, nats, BytesOf(targets));
    }

    private void Check(ReadOnlySpan<int> ids, long start)
    {
        int wrong = ids.IndexOfAnyExceptInRange(0, model.VocabularySize - 1);
        if (wrong >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Token {ids[wrong]}, at place {start + wrong}, is none of the model's, which are 0 to {model.VocabularySize - 1}: "
                + $"make the tokens with the model's own tokenizer."));
        }
    }

    private long BytesOf(ReadOnlySpan<int> ids)
    {
        long bytes = 0;
        foreach (int id in ids)
        {
            // A model may have room for more tokens than there are; those stand for nothing.
            bytes += id == boundary ? 1 : id < tokenizer.VocabularySize ? tokenizer.TokenBytes(id).Length : 0;
        }

        return bytes;
    }

    /// <summary>Windows of one length; the first begins at a place, and those before have predicted so many tokens.</summary>
    private readonly record struct Windows(long Start, long Done, int Count, int Length, int Stride)
    {
        /// <summary>Gets how many tokens are predicted after these.</summary>
        public long End => Start + ((long)(Count - 1) * Stride) + Length;
    }
}
