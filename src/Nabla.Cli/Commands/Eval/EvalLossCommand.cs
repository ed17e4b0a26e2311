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
        foreach (Option option in (Option[])[_stride, _limit, _split, _words, _json, _model.Threads])
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
        string path = result.GetRequiredValue(_text);
        int stride = Values.AtLeast(0, _stride.Name, result.ValueOf(_stride, Values.WholeNumber, 0));
        int limit = Values.AtLeast(2, _limit.Name, result.ValueOf(_limit, Values.WholeNumber, int.MaxValue));
        TokenSplit split = result.ValueOf(_split, (name, text) => Values.Choice(name, text, _splits), TokenSplit.Val);
        SavedModel saved = _model.Open(result);
        ITokenizer tokenizer = saved.LoadTokenizer();
        TextScorer scorer = new(saved.LoadModel(), tokenizer, saved.BoundaryId ?? tokenizer.EndOfTextId);
        ProgressLine<TextLoss> line = new(_terminal, loss => string.Create(CultureInfo.InvariantCulture,
            $"{loss.Tokens:N0} tokens, {loss.NatsPerToken:F4} nats per token"));
        bool isList = result.ValueOf(_words, Values.Switch, saved.Run?.Data.Kind == TextKind.WordList);
        TextLoss loss = TokenShards.IsFolder(path) ? scorer.Score(Tokens(path, split, tokenizer), stride, limit, line, interrupt.Token)
            : isList ? scorer.ScoreDocuments(WordList.Documents(TextFile.Read(path)), interrupt.Token)
            : scorer.ScoreText(TextFile.Read(path), stride, limit, line, interrupt.Token);
        line.End();
        Show(loss, result);
        return ExitCode.Done;
    }

    private static TokenSequence Tokens(string folder, TokenSplit split, ITokenizer tokenizer)
    {
        var shards = TokenShards.Open(folder, tokenizer);
        return shards.Tokenizer.VocabularySize == tokenizer.VocabularySize
            ? shards.Read(split)
            : throw new DataFileException(string.Create(CultureInfo.InvariantCulture,
                $"{folder} has tokens of a vocabulary of {shards.Tokenizer.VocabularySize}, and the model's tokenizer one of "
                + $"{tokenizer.VocabularySize}: prepare the folder with the model's tokenizer."));
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
            ["perplexity", string.Create(CultureInfo.InvariantCulture, $"{loss.Perplexity:F2}"), "equally likely tokens as hard to guess"],
            ["bits per byte", string.Create(CultureInfo.InvariantCulture, $"{loss.BitsPerByte:F4}"),
                string.Create(CultureInfo.InvariantCulture, $"of {loss.Bytes:N0} bytes, whatever the tokenizer")],
        ]);
    }
}
