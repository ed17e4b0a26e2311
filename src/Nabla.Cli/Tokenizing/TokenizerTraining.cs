using Nabla.Cli.Views.Tokens;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>A tokenizer that has been trained, and from how much.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Asked">The size that was asked for, special tokens included.</param>
/// <param name="Bytes">The bytes of the text.</param>
/// <param name="Tokens">Its tokens.</param>
internal sealed record TrainedTokenizer(ITokenizer Tokenizer, int Asked, long Bytes, long Tokens);

/// <summary>Trains a tokenizer on files, or on the standard input, and shows how far it has come.</summary>
/// <param name="paths">The files; null for the standard input.</param>
/// <param name="terminal">Where progress is shown, and whose input is read.</param>
/// <param name="isQuiet">Whether nothing is shown.</param>
/// <param name="stop">Ends the training.</param>
internal sealed class TokenizerTraining(IReadOnlyList<string>? paths, Terminal terminal, bool isQuiet, CancellationToken stop)
{
    /// <summary>Learns byte pairs.</summary>
    public TrainedTokenizer Train(BytePairTrainingOptions options)
    {
        using MergeView? view = isQuiet ? null : new MergeView(terminal);
        BytePairTraining training = paths is not null
            ? BytePairTrainer.Train(paths, options, view, stop)
            : BytePairTrainer.Train(TextInput.Read("-", null, terminal), options, view, stop);
        ITokenizer tokenizer = options.Splitter.Pattern is null
            ? new BasicTokenizer([.. training.Merges.Select(merge => merge.Pair)])
            : WithSpecialTokens(new RegexTokenizer(training.ToVocabulary(), options.Splitter), options.SpecialTokens);
        return new TrainedTokenizer(
            tokenizer, options.VocabularySize + options.SpecialTokens.Count, training.ByteCount, training.TokenCount);
    }

    /// <summary>Learns SentencePiece's byte-pair model.</summary>
    public TrainedTokenizer Train(SentencePieceTrainingOptions options)
    {
        string? text = paths is null ? TextInput.Read("-", null, terminal) : null;
        SentencePieceModel model;
        using (PieceView view = new(isQuiet ? new Terminal(TextWriter.Null, TextWriter.Null) : terminal))
        {
            model = text is null
                ? SentencePieceTrainer.TrainFiles(paths!, options, view, stop)
                : SentencePieceTrainer.Train(text.Split('\n'), options, view, stop);
            if (view.TooLongLines > 0)
            {
                terminal.Error.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"warning: {view.TooLongLines:N0} lines were skipped, being longer than {options.MaxSentenceLength:N0} bytes: "
                    + $"raise --max-sentence-length"));
            }
        }

        SentencePieceTokenizer tokenizer = new(model);
        (long bytes, long tokens) = (0, 0);
        foreach (string part in text is null ? paths!.Select(path => TextInput.Read(path, null, terminal)) : [text])
        {
            stop.ThrowIfCancellationRequested();
            bytes += System.Text.Encoding.UTF8.GetByteCount(part);
            tokens += tokenizer.Count(part);
        }

        return new TrainedTokenizer(tokenizer, options.VocabularySize, bytes, tokens);
    }

    private static RegexTokenizer WithSpecialTokens(RegexTokenizer tokenizer, IReadOnlyList<string> texts)
        => tokenizer.WithSpecialTokens(texts.Select((text, i) => KeyValuePair.Create(text, tokenizer.Vocabulary.Size + i)));
}
