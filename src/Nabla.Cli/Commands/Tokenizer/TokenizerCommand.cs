namespace Nabla.Cli.Commands.Tokenizer;

/// <summary><c>nabla tokenizer</c>: everything that turns text into ids and back.</summary>
internal sealed class TokenizerCommand : NablaCommand
{
    public TokenizerCommand(Terminal terminal)
        : base("tokenizer", "Train, use and look at tokenizers.")
    {
        Subcommands.Add(new TrainTokenizerCommand(terminal));
        Subcommands.Add(new EncodeCommand(terminal));
        Subcommands.Add(new DecodeCommand(terminal));
        Subcommands.Add(new ViewCommand(terminal));
        Subcommands.Add(new CompareCommand(terminal));
        Subcommands.Add(new TokenizerInfoCommand(terminal));
        Subcommands.Add(new ConvertCommand(terminal));
        Examples =
        [
            ("nabla tokenizer encode --tokenizer gpt2 my.txt", "text to ids"),
        ];
    }
}
