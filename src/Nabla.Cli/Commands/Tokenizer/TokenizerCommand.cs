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
            ("nabla tokenizer view --tokenizer cl100k_base --text \"hello world\" --ids", "see the tokens of a text"),
            ("nabla tokenizer train my.txt --vocab-size 1000 --out my.json", "learn a tokenizer of your own"),
            ("nabla tokenizer encode --tokenizer my.json my.txt > ids.txt", "text to ids"),
            ("nabla tokenizer decode --tokenizer my.json ids.txt", "and back"),
            ("nabla tokenizer compare --tokenizer my.json --with gpt2 my.txt", "which of two is shorter, and where"),
        ];
    }
}
