using System.CommandLine;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer convert</c>: from one file format to another.</summary>
internal sealed class ConvertCommand : CommandWithTokenizer
{
    private readonly Option<string> _out = Text("--out", "PATH", "the file to write; its ending tells the format");
    private readonly Option<string> _format =
        Text("--format", "FORMAT", "huggingface, tiktoken, minbpe, sentencepiece or gpt2, whatever the ending");

    public ConvertCommand(Terminal terminal)
        : base(terminal, "convert", "Write a tokenizer in another file format.")
    {
        Options.Add(_out);
        Options.Add(_format);
        Notes = [.. Notes, ("Endings of --out", TokenizerFormats.Endings)];
        Examples =
        [
            ("nabla tokenizer convert --tokenizer gpt2 --out gpt2.json", "for Hugging Face's library"),
            ("nabla tokenizer convert --tokenizer my.model --out my.tiktoken", "for OpenAI's"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(Terminal);
        string path = result.TextOf(_out)
            ?? throw new UsageException($"No place is named for the tokenizer: `{Line} --tokenizer A --out my.json`.");
        TokenizerFormat? format = result.ValueOf<TokenizerFormat?>(
            _format, (name, text) => Values.Choice(name, text, TokenizerFormats.Choices), null);
        OutputFile.Require(path);
        ITokenizer tokenizer = Load(result, interrupt.Token);
        format ??= TokenizerFormats.ByEnding(path, tokenizer is SentencePieceTokenizer, tokenizer is CharacterTokenizer);
        foreach (string file in TokenizerFormats.Save(tokenizer, path, format.Value))
        {
            Terminal.Output.WriteLine(file);
        }

        if (format == TokenizerFormat.Tiktoken && tokenizer is RegexTokenizer regex && !IsPublished(path))
        {
            Terminal.Error.WriteLine($"note: a .tiktoken file holds the {regex.Vocabulary.Size} tokens alone: it is read with "
                + $"--pattern, and without the {regex.SpecialTokens.Ids.Count} special tokens");
        }

        return ExitCode.Done;
    }

    // Of ranks that OpenAI has published the rest is known.
    private static bool IsPublished(string path)
    {
        try
        {
            TokenizerFile.Load(path);
            return true;
        }
        catch (TokenizerException)
        {
            return false;
        }
    }
}
