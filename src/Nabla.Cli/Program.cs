using System.Text;
using Nabla.Cli;

// Names are not ASCII everywhere, and the code page of a Windows console is not UTF-8.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
Terminal terminal = new(Console.Out, Console.Error, isInteractive: !Console.IsErrorRedirected)
{
    IsOutputInteractive = !Console.IsOutputRedirected,
};
return CommandLine.Run(args, terminal);
