namespace Nabla.Benchmarks.Compare;

/// <summary>What <c>bench/compare --help</c> prints.</summary>
internal static class CompareHelp
{
    /// <summary>Prints the options, and the names of all work.</summary>
    public static void Print()
    {
        Console.WriteLine($"""
            bench/compare [WORK ...] [OPTIONS]

            Runs ours and theirs in turn, PyTorch's or llm.c's, and prints the ratios: how many times as fast ours is, for memory
            ours over theirs. Without names everything is measured, for half an hour or more.

              --pairs N         how often each side runs (7)
              --quick           one pair, few steps, no search for their best number of threads
              --peer-threads N  their number of threads, instead of the search
              --avx2            both sides held to AVX2
              --write FILE      the table as Markdown, too, after each work
              --llm-c FOLDER    a checkout of llm.c (https://github.com/karpathy/llm.c), for the work beside it

            NABLA_PYTHON says which Python has PyTorch (/usr/bin/python3), NABLA_LLMC is as good as --llm-c, NABLA_DATA is the
            folder of names.txt for the models of makemore. bench/README.md says how to set up the peers, and what is timed.

            WORK is one of these, or how they begin:

            """);
        foreach (string[] names in CompareCommand.Names.Chunk(4))
        {
            Console.WriteLine($"  {string.Join(", ", names)}");
        }
    }
}
