using System.CommandLine;
using System.CommandLine.Parsing;

namespace Nabla.Cli.Tests;

/// <summary>Reads commands as documentation shows them.</summary>
internal static class CommandLines
{
    private static readonly Terminal _nowhere = new(TextWriter.Null, TextWriter.Null);

    /// <summary>Gets the command itself, with all commands below it.</summary>
    public static Command Root { get; } = CommandLine.Root(_nowhere);

    /// <summary>What is wrong with a line, or null: each <c>nabla</c> in it is read, up to the next pipe or redirection.</summary>
    public static string? FaultOf(string line)
    {
        List<string> words = [];
        foreach (string word in CommandLineParser.SplitCommandLine(line).Append("|"))
        {
            if (word is not ("|" or ">" or "2>"))
            {
                words.Add(word);
                continue;
            }

            if (words is ["nabla", ..] && Fault([.. words.Skip(1)]) is string fault)
            {
                return $"{line}: {fault}";
            }

            words.Clear();
        }

        return null;
    }

    private static string? Fault(string[] args)
    {
        try
        {
            UsageFault.ThrowIfAny(CommandLine.Parse(args, _nowhere));
            return null;
        }
        catch (UsageException error)
        {
            return error.Message;
        }
    }
}
