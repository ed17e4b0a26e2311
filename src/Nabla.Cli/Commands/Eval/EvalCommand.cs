namespace Nabla.Cli.Commands.Eval;

/// <summary><c>nabla eval</c>: how good a model is.</summary>
internal sealed class EvalCommand : NablaCommand
{
    public EvalCommand(Terminal terminal)
        : base("eval", "Measure a model: its loss on a text, its answers to HellaSwag, the probabilities of tokens.")
    {
        NablaCommand[] commands =
            [new EvalLossCommand(terminal), new EvalHellaSwagCommand(terminal), new EvalLogprobsCommand(terminal)];
        foreach (NablaCommand command in commands)
        {
            Subcommands.Add(command);
        }

        Examples = [.. commands.Select(command => command.Examples[0])];
    }
}
