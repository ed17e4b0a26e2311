namespace Nabla.Tests;

/// <summary>The example of the front page is this code, runs, and prints what it says.</summary>
[Trait("Tier", "true")]
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_prints_what_its_comments_say()
    {
        using StringWriter output = new() { NewLine = "\n" };
        Example(output);

        string[] comments = [.. Readme().Where(line => line.StartsWith("// ", StringComparison.Ordinal)).Select(line => line[3..])];
        Assert.NotEmpty(comments);
        Assert.Equal(string.Join('\n', comments) + "\n", output.ToString());
    }

    [Fact]
    public void The_example_is_the_code_of_this_test()
    {
        string[] source = File.ReadAllLines(Path.Combine(TestFiles.Root, "tests", "Nabla.Tests", "ReadmeTests.cs"));
        string[] example = [.. source.SkipWhile(line => line != "    private static void Example(TextWriter Console)").Skip(2)
            .TakeWhile(line => line != "    }").Select(line => line.Trim()).Where(line => line.Length > 0)];
        string[] readme = [.. Readme().Where(line => line.Length > 0 && line != "using Nabla;"
            && !line.StartsWith("// ", StringComparison.Ordinal))];

        Assert.Equal(example, readme);
    }

    private static string[] Readme() => [.. File.ReadLines(Path.Combine(TestFiles.Root, "README.md"))
        .SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```").Select(line => line.Trim())];

    // Named as the class that the reader's program writes to.
    private static void Example(TextWriter Console)
    {
        RandomGenerator random = new(42);                           // the numbers of torch.manual_seed(42)
        Tensor x = Tensor.Randn(random, 4, 3);                      // four points of three coordinates
        Tensor w = Tensor.Randn(random, 3, 1);
        w.RequiresGrad = true;

        Tensor loss = (x.MatMul(w).Tanh() - 1).Square().Mean();
        Console.WriteLine(loss.Detach());
        loss.Backward();
        Console.WriteLine(w.Grad);
    }
}
