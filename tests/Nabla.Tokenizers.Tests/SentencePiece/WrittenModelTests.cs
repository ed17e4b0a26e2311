using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>Models that we write are read by SentencePiece itself, and give the same ids and the same text there.</summary>
public sealed class WrittenModelTests
{
    private const string Python = "/usr/bin/python3";

    private static readonly string[] _texts = [.. Enumerable.Range(1, 300).Select(MixedText.Of)];

    [Fact]
    public void A_model_with_bytes() => AssertReadAlike(SentencePieceTrainer.Train([ToyText.Text], ToyText.Options));

    [Fact]
    public void A_model_with_rules_symbols_and_other_ids() => AssertReadAlike(SentencePieceTrainer.Train(_texts, new()
    {
        VocabularySize = 2500,
        HardVocabularyLimit = false,
        CharacterCoverage = 0.98f,
        UserDefinedSymbols = ["<sep>", "[MASK]", "aaa"],
        ControlSymbols = ["<x>"],
        UnknownId = 3,
        BeginId = -1,
        EndId = 0,
        PaddingId = 1,
        UnknownSurface = "?",
    }));

    [Fact]
    public void A_model_with_spaces_at_the_end_of_words() => AssertReadAlike(SentencePieceTrainer.Train(_texts, new()
    {
        VocabularySize = 2500,
        HardVocabularyLimit = false,
        CharacterCoverage = 0.98f,
        TreatWhitespaceAsSuffix = true,
        AllowWhitespaceOnlyPieces = true,
    }));

    [Fact]
    public void Llama_2_and_a_unigram_model_written_again()
    {
        AssertReadAlike(SentencePieceModel.Load(TestFiles.Data("llama2_tokenizer.model")));
        AssertReadAlike(SentencePieceModel.Load(TestFiles.Fixture("sentencepiece-unigram.model")));
    }

    private static void AssertReadAlike(SentencePieceModel model)
    {
        var path = Path.GetTempFileName();
        try
        {
            var tokenizer = new SentencePieceTokenizer(model);
            tokenizer.Save(path);
            string[] lines = RunPython([TestFiles.Fixture("check_sentencepiece.py"), path], JsonSerializer.Serialize(_texts))
                .TrimEnd('\n').Split('\n');
            Assert.Equal(_texts.Length * 2, lines.Length);
            for (var index = 0; index < _texts.Length; index++)
            {
                int[] ids = JsonSerializer.Deserialize<int[]>(lines[index * 2])!;
                Assert.Equal(ids, tokenizer.Encode(_texts[index]));
                Assert.Equal(JsonSerializer.Deserialize<string>(lines[(index * 2) + 1]), tokenizer.Decode(ids));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string RunPython(string[] arguments, string input)
    {
        SkipWithoutSentencePiece();
        using Process python = Start(arguments);
        // What it writes is read while it reads, else both could wait for the other.
        Task<string> output = python.StandardOutput.ReadToEndAsync();
        python.StandardInput.Write(input);
        python.StandardInput.Close();
        var written = output.GetAwaiter().GetResult();
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
        return written;
    }

    // A test that needs a system package is skipped where it is missing, but not in CI, which sees to it that it is there.
    private static void SkipWithoutSentencePiece()
    {
        const string Mend = "SentencePiece itself is not here to read models: apt-get install python3-sentencepiece.";
        if (!HasSentencePiece())
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("NABLA_REQUIRE_PACKAGES") == "1", Mend);
            Assert.Fail(Mend);
        }
    }

    private static bool HasSentencePiece()
    {
        try
        {
            using Process python = Start(["-c", "import sentencepiece"]);
            python.StandardInput.Close();
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(Python, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = false,
        StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        StandardOutputEncoding = Encoding.UTF8,
    })!;
}
