using System.Text.RegularExpressions;
using Nabla.Language.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary>The page about tokenizers: its C# is the code of this test, prints what it says, and its commands are commands.</summary>
public sealed partial class TokenizersPageTests
{
    private static string Page => File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "tokenizers.md"));

    [Fact]
    public void The_example_prints_what_its_comments_say()
    {
        using StringWriter output = new() { NewLine = "\n" };
        Example(output);

        IEnumerable<string> comments = CSharp().First().Split('\n')
            .Where(line => line.StartsWith("// ", StringComparison.Ordinal)).Select(line => line[3..]);
        Assert.Equal(string.Join('\n', comments) + "\n", output.ToString());
    }

    [Fact]
    public void The_code_of_the_page_is_the_code_of_this_test()
    {
        string source = Code(File.ReadAllText(
            Path.Combine(TestFiles.Root, "tests", "Nabla.Cli.Tests", "Tokenizing", "TokenizersPageTests.cs")));

        Assert.Equal(2, CSharp().Count());
        Assert.All(CSharp(), block => Assert.Contains(Code(block), source, StringComparison.Ordinal));
    }

    [Fact]
    public void The_commands_of_the_page_are_written_rightly()
    {
        string[] commands = [.. Page.Split('\n').Where(line => line.StartsWith("nabla ", StringComparison.Ordinal))];

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Null(CommandLines.FaultOf(command)));
    }

    private static IEnumerable<string> CSharp() => Block().Matches(Page).Select(match => match.Groups["code"].Value);

    private static string Code(string text) => string.Join('\n', text.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith("using Nabla", StringComparison.Ordinal)
            && !line.StartsWith("// ", StringComparison.Ordinal)));

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    // Named as the class that the reader's program writes to.
    private static void Example(TextWriter Console)
    {
        string text = "the cat sat on the mat, the cat ate, that is that";
        RegexTokenizer tokenizer = RegexTokenizer.Train(text, vocabularySize: 266, TextSplitter.Gpt2)
            .WithSpecialTokens([KeyValuePair.Create("<|endoftext|>", 266)]);

        int[] ids = tokenizer.Encode("the cat sat");
        Console.WriteLine(string.Join(' ', ids));
        Console.WriteLine(tokenizer.Decode(ids));
        Console.WriteLine(tokenizer.Encode("that<|endoftext|>", SpecialTokenPolicy.Allow)[^1]);
        foreach (TokenRange token in tokenizer.EncodeWithRanges("the cats"))
        {
            Console.WriteLine($"{token.Id,3} from {token.Start} to {token.End}");
        }
    }

    // Compiled, not run: it reads from the network, and files of the reader's.
    private static async Task Published(string document, string[] documents)
    {
        ITokenizer gpt4 = await NamedTokenizer.Find("cl100k_base")!.LoadAsync(DatasetStore.FromEnvironment());
        ITokenizer mine = TokenizerFile.Load("my.json");
        mine.Save("copy.json");

        int length = gpt4.Count(document);                    // without making the ids
        int[][] batch = gpt4.EncodeBatch(documents);          // on all cores
        byte[] bytes = gpt4.DecodeBytes(batch[0]);            // what need not be text
        string exact = gpt4.DecodeStrict(batch[0]);           // throws where it is none

        StreamingDecoder decoder = new(gpt4);                 // never gives out half a character
        foreach (int id in batch[0])
        {
            Console.Write(decoder.Add(id));
        }

        Console.Write(decoder.Finish());
    }
}
