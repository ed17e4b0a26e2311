using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using Nabla.Tests;

namespace Nabla.Lessons.Tests;

/// <summary>
/// A program of a lesson, compiled and run inside the test process: <c>dotnet run</c> takes four seconds for each, this a
/// tenth of one.
/// </summary>
internal static class LessonProgram
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions _parsing = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .WithFeatures([new KeyValuePair<string, string>("FileBasedProgram", "true")]);

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The folders of a lesson that hold what its long programs have written, for others to draw.</summary>
    private static readonly string[] _logs = ["large", "log"];

    /// <summary>Gets the programs of all lessons, as paths from the folder of the lessons with forward slashes.</summary>
    public static IEnumerable<string> All => Directory
        .EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal);

    public static string Folder { get; } = Path.Combine(TestFiles.Root, "lessons");

    /// <summary>Gets the path of the file that holds what a program prints.</summary>
    public static string OutputOf(string program) => Path.Combine(Folder, Path.GetDirectoryName(program)!, "output",
        Path.GetFileNameWithoutExtension(program) + ".txt");

    /// <summary>
    /// Runs a program and returns what it printed. Data sets come from the folder that all tests have them from; where there
    /// is none, the test of a program that asks for one is skipped.
    /// </summary>
    /// <param name="program">The path of the program, from the folder of the lessons.</param>
    /// <param name="directory">
    /// What the program is told to be its own folder, as <c>dotnet run</c> tells it: where it puts its figures, and finds what
    /// the lesson has for its programs to read.
    /// </param>
    /// <param name="args">The arguments.</param>
    public static string Run(string program, string directory, params string[] args)
    {
        string text = File.ReadAllText(Path.Combine(Folder, program));
        if (text.Contains("FromEnvironment()", StringComparison.Ordinal))
        {
            TestFiles.Data(text.Contains("DigitDataset", StringComparison.Ordinal) ? "t10k-images-idx3-ubyte.gz" : "tinyshakespeare.txt");
        }

        foreach (string log in _logs)
        {
            CopyLog(Path.Combine(Folder, Path.GetDirectoryName(program)!, log), Path.Combine(directory, log));
        }

        using MemoryStream assembly = new();
        var compilation = CSharpCompilation.Create(
            "Lesson." + Path.GetFileNameWithoutExtension(program),
            [Parse(text, program), Parse(ImplicitUsings, "usings")],
            _references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(fault => fault.Severity == DiagnosticSeverity.Error)));

        MethodInfo main = Assembly.Load(assembly.ToArray()).EntryPoint!;
        TextWriter console = Console.Out;
        using StringWriter output = new() { NewLine = "\n" };
        Console.SetOut(output);
        AppContext.SetData("EntryPointFileDirectoryPath", directory);
        try
        {
            main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [args], null);
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    private static void CopyLog(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.CreateDirectory(to);
            foreach (string file in Directory.EnumerateFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(SourceText.From(text), _parsing, path);
}
