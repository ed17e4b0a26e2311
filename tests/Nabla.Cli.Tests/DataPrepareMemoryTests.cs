using System.Text;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests;

/// <summary>A corpus takes as little memory as it is prepared in, however long it is.</summary>
public sealed class DataPrepareMemoryTests : IDisposable
{
    private const long MostBytes = 300L << 20;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Of_a_corpus_of_100_megabytes_a_part_is_in_memory() => Prepare(100);

    [Fact(Explicit = true)]
    [Trait("Long", "true")]
    public void Of_a_corpus_of_2_gigabytes_no_more_is_in_memory() => Prepare(2048);

    private void Prepare(int megabytes)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The corpus comes through a pipe.");
        string[] words = ["the", "quick", "brown", "fox", "jumps", "over", "lazy", "dogs"];
        byte[] megabyte = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1 << 16).Select(
            i => $"{words[i % 8]} {words[i / 8 % 8]} {words[i / 64 % 8]}\n".PadLeft(16))))[..(1 << 20)];
        string text = Encoding.UTF8.GetString(megabyte);
        RegexTokenizer tokenizer = RegexTokenizer.Train(text.AsSpan(0, 10_000), 300, TextSplitter.Gpt2)
            .WithSpecialTokens([new("<|endoftext|>", 300)]);
        string tokenizerPath = _workspace.PathOf("tokenizer.json");
        tokenizer.Save(tokenizerPath);
        (string pipe, string folder) = (_workspace.PathOf("corpus"), _workspace.PathOf("out"));
        using (NablaProcess make = NablaProcess.StartProgram("mkfifo", pipe))
        {
            Assert.Equal(0, make.Result().Code);
        }

        using NablaProcess process = NablaProcess.Start(
            "data", "prepare", pipe, "--out", folder, "--tokenizer", tokenizerPath, "--documents", "line", "--name", "x",
            "--validation-shards", "0", "--shard-tokens", "10000000");
        long peak;
        using (FileStream corpus = new(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            for (int i = 0; i < megabytes; i++)
            {
                corpus.Write(megabyte);
            }

            // All but what the pipe holds has been read, and the process waits for more.
            peak = process.PeakMemory();
        }

        CommandResult result = process.Result();
        Assert.True(result.Code == 0, result.Error);
        Assert.InRange(peak, 1, MostBytes);

        string[] lines = [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        int[] once = [.. lines.SelectMany(line => (int[])[300, .. tokenizer.Encode(line)])];
        TokenSequence tokens = TokenShards.Open(folder).Read(TokenSplit.Train);
        Assert.Equal((long)megabytes * once.Length, tokens.Length);
        int[] read = new int[once.Length];
        foreach (long copy in (ReadOnlySpan<long>)[0, megabytes / 2, megabytes - 1])
        {
            tokens.Read(copy * once.Length, read);
            Assert.Equal(once, read);
        }
    }
}
