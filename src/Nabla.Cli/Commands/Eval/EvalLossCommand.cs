using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Eval;

/// <summary><c>nabla eval loss</c>: how well a model predicts a text.</summary>
internal sealed class EvalLossCommand : NablaCommand
{
    private static readonly (string, TokenSplit)[] _splits = [("val", TokenSplit.Val), ("train", TokenSplit.Train)];

    private readonly Terminal _terminal;
    private readonly ModelArgument _model = new();
    private readonly Argument<string> _text = new("text")
    {
        HelpName = "file|folder",
        Description = "a text file, or a folder of `nabla data prepare`",
    };

    private readonly Option<string> _stride = Text("--stride", "S", "tokens from window to window; fewer than the context "
        + "show each token more of what comes before it, for more work (the context)");

    private readonly Option<string> _limit = Text("--limit", "N", "read the first N tokens only");
    private readonly Option<string> _split = Text("--split", "val|train", "which files of a folder to read (val)");
    private readonly Option<bool> _words = new("--words")
    {
        Description = "each line is a document, read from its beginning; as a model of words learnt it",
    };

    private readonly Option<bool> _json = new("--json") { Description = "one JSON object on the output, for machines" };

    public EvalLossCommand(Terminal terminal)
        : base("loss", "Measure how well a model predicts a text: loss, perplexity, bits per byte.")
    {
        _terminal = terminal;
        Arguments.Add(_model.Argument);
        Arguments.Add(_text);
        foreach (Option option in (Option[])[_stride, _limit, _split, _words, _json, .. _model.Options])
        {
            Options.Add(option);
        }

        Examples =
        [
            ("nabla eval loss runs/latest my.txt", "a text that it was not trained on"),
            ("nabla eval loss runs/latest my.txt --stride 256", "as perplexities are published: much context for every token"),
            ("nabla eval loss runs/latest web --limit 1000000", "a million tokens of a corpus, of its files for validation"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        int stride = result.ValueOf(_stride, (name, text) => Values.AtLeast(1, name, Values.WholeNumber(name, text)), 0);
        int limit = Values.AtLeast(2, _limit.Name, result.ValueOf(_limit, Values.WholeNumber, int.MaxValue));
        TokenSplit split = result.ValueOf(_split, (name, text) => Values.Choice(name, text, _splits), TokenSplit.Val);
        SavedModel saved = _model.Open(result, _terminal, interrupt.Token);
        ITokenizer tokenizer = saved.LoadTokenizer();
        bool isList = result.ValueOf(_words, Values.Switch, saved.Run?.Data.Kind == TextKind.WordList);
        ProgressLine<TextLoss> line = new(_terminal, loss => string.Create(CultureInfo.InvariantCulture,
            $"{loss.Tokens:N0} tokens, {loss.NatsPerToken:F4} nats per token"));

        // What is wrong with the text is said before the weights are read, which may take a while.
        string path = result.GetRequiredValue(_text);
        TokenSequence? tokens = TokenShards.IsFolder(path) ? Tokens(path, split, tokenizer) : null;
        string text = tokens is null ? TextFile.Read(path) : string.Empty;
        TextScorer scorer = new(saved.LoadModel(), tokenizer, saved.BoundaryId ?? tokenizer.EndOfTextId);
        TextLoss loss = tokens is not null ? scorer.Score(tokens, stride, limit, line, interrupt.Token)
            : isList ? scorer.ScoreDocuments(WordList.Documents(text), interrupt.Token)
            : scorer.ScoreText(text, stride, limit, line, interrupt.Token);
        line.End();
        Show(loss, result);
        return ExitCode.Done;
    }

    private static TokenSequence Tokens(string folder, TokenSplit split, ITokenizer tokenizer)
    {
        var shards = TokenShards.Open(folder, tokenizer);
        if (shards.Tokenizer.VocabularySize != tokenizer.VocabularySize)
        {
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{folder} has tokens of a vocabulary of {shards.Tokenizer.VocabularySize}, and the model's tokenizer one of "
                + $"{tokenizer.VocabularySize}: prepare the folder with the model's tokenizer."));
        }

        return shards.Read(split) is { Length: > 0 } tokens ? tokens : throw new DataFileException(
            $"{folder} has no tokens of this split: measure those of the other with --split.");
    }

    private void Show(TextLoss loss, ParseResult result)
    {
        if (result.ValueOf(_json, Values.Switch, false))
        {
            JsonLine.Write(_terminal.Output, json =>
            {
                json.WriteNumber("tokens", loss.Tokens);
                json.WriteNumber("bytes", loss.Bytes);
                json.WriteFinite("natsPerToken", loss.NatsPerToken);
                json.WriteFinite("perplexity", loss.Perplexity);
                json.WriteFinite("bitsPerByte", loss.BitsPerByte);
            });
            return;
        }

        Columns.Write(_terminal.Output,
        [
            ["loss", string.Create(CultureInfo.InvariantCulture, $"{loss.NatsPerToken:F4}"),
                string.Create(CultureInfo.InvariantCulture, $"nats per token, of {loss.Tokens:N0} tokens")],
            ["perplexity", string.Create(CultureInfo.InvariantCulture, $"{loss.Perplexity:F2}"),
                "equally likely tokens as hard to guess"],
            ["bits per byte", string.Create(CultureInfo.InvariantCulture, $"{loss.BitsPerByte:F4}"),
                string.Create(CultureInfo.InvariantCulture, $"of {loss.Bytes:N0} bytes, whatever the tokenizer")],
        ]);
    }
}
