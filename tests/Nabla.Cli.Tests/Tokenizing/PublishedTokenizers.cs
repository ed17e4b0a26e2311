using Nabla.Tests;

namespace Nabla.Cli.Tests.Tokenizing;

/// <summary>Lets the command find gpt2 and cl100k_base by name where the tests find their data, and nowhere else.</summary>
internal static class PublishedTokenizers
{
    /// <summary>Skips the test where the files are missing.</summary>
    public static void Require()
    {
        TestFiles.Data("vocab.bpe");
        TestFiles.Data("encoder.json");
        Environment.SetEnvironmentVariable("NABLA_DATA", Path.GetDirectoryName(TestFiles.Data("cl100k_base.tiktoken")));
    }
}
