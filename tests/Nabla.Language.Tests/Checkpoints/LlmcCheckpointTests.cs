using System.Buffers.Binary;
using Nabla.IO;
using Nabla.Language.Tests.Data;
using Nabla.Tests;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>llm.c's checkpoints: what is written, and what is wrong with those that are refused.</summary>
public sealed class LlmcCheckpointTests : IDisposable
{
    private static readonly GptConfig _small = new() { VocabularySize = 130, ContextLength = 4, LayerCount = 2, HeadCount = 1, Width = 4 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2-llmc.bin", TensorFileType.F32)]
    [InlineData("gpt2-llmc-bfloat16.bin", TensorFileType.BF16)]
    public void What_is_read_is_written_as_the_same_bytes(string name, TensorFileType type)
    {
        Gpt model = Gpt2Fixture.Load(name);

        LlmcCheckpoint.Save(_folder.File("again.bin"), model, type: type);

        Assert.Equal(File.ReadAllBytes(TestFiles.Fixture(name)), File.ReadAllBytes(_folder.File("again.bin")));
    }

    [Theory]
    [InlineData(50257, 50256)]
    [InlineData(50256, null)]
    public void Of_GPT2s_vocabulary_the_last_token_stands_between_documents(int vocabulary, int? boundary)
    {
        Gpt model = new(_small with { VocabularySize = vocabulary, LayerCount = 1 }, new RandomGenerator(1));
        LlmcCheckpoint.Save(_folder.File("model.bin"), model);

        Assert.Equal(boundary, SavedModel.Open(_folder.File("model.bin")).BoundaryId);
    }

    [Fact]
    public void A_padded_vocabulary_keeps_the_number_of_tokens_that_exist()
    {
        Gpt model = new(_small with { VocabularySize = 256 }, new RandomGenerator(1));
        LlmcCheckpoint.Save(_folder.File("model.bin"), model, 130);

        Gpt loaded = (Gpt)SavedModel.Open(_folder.File("model.bin")).LoadModel();

        Assert.Equal(_small, loaded.Config);
        IndexTensor ids = IndexTensor.From([0, 129], 1, 2);
        float[] expected = model.Forward(ids)[.., .., ..130].ToArray();
        Assert.Equal(expected, loaded.Forward(ids).ToArray(), (a, b) => Math.Abs(a - b) <= 1e-6f);
    }

    [Fact]
    public void Biases_that_the_model_lacks_are_zeros_in_the_file()
    {
        Gpt model = new(_small with { Bias = false, AttentionBias = false }, new RandomGenerator(1));
        LlmcCheckpoint.Save(_folder.File("model.bin"), model);

        LanguageModel loaded = SavedModel.Open(_folder.File("model.bin")).LoadModel();

        IndexTensor ids = IndexTensor.From([0, 129, 3], 1, 3);
        Assert.Equal(model.Forward(ids).ToArray(), loaded.Forward(ids).ToArray());
    }

    [Theory]
    [InlineData(0, 20240520, "it begins with 20240520; a checkpoint of llm.c begins with 20240326")]
    [InlineData(1, 1, "its version is 1; 3 (float32) and 5 (bfloat16) can be read: write it with a newer llm.c.")]
    [InlineData(3, 129, "and 129 tokens padded to 128, which takes 36352 bytes, and it has 36352: it is cut short or damaged.")]
    [InlineData(4, 3, "it is cut short or damaged.")]
    [InlineData(4, 0, "The model's layers must be at least 1, not 0.")]
    [InlineData(5, 3, "not divisible by its heads (3)")]
    [InlineData(6, int.MaxValue - 1, "it is cut short or damaged.")]
    public void A_header_that_is_wrong_is_refused_with_its_fault(int place, int value, string fault)
    {
        byte[] bytes = File.ReadAllBytes(TestFiles.Fixture("gpt2-llmc.bin"));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(place * sizeof(int)), value);
        string path = _folder.Write("model.bin", bytes);

        ModelFileException error = Assert.Throws<ModelFileException>(() => SavedModel.Open(path));

        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, "it is shorter than the header of 1024 bytes")]
    [InlineData(36351, "which takes 36352 bytes, and it has 36351: it is cut short or damaged.")]
    public void A_file_that_is_cut_short_is_refused(int length, string fault)
    {
        string path = _folder.Write("model.bin", File.ReadAllBytes(TestFiles.Fixture("gpt2-llmc.bin"))[..length]);

        Assert.Contains(fault, Assert.Throws<ModelFileException>(() => SavedModel.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_longer_than_its_header_says_is_refused()
    {
        string path = _folder.Write("model.bin", [.. File.ReadAllBytes(TestFiles.Fixture("gpt2-llmc.bin")), 0]);

        Assert.Contains(
            "which takes 36352 bytes, and it has 36353", Assert.Throws<ModelFileException>(() => SavedModel.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_form_cannot_hold_is_refused_before_anything_is_written()
    {
        (GptConfig Config, TensorFileType Type, string Fault)[] cases =
        [
            (_small with { TieWeights = false }, TensorFileType.F32, "the token embedding as head"),
            (_small with { Activation = Activation.Relu }, TensorFileType.F32, "GELU in its tanh form"),
            (_small with { TieWeights = false, HeadBias = true }, TensorFileType.F32, "its head has a bias"),
            (_small, TensorFileType.F16, "holds float32 or bfloat16, not F16"),
        ];
        foreach ((GptConfig config, TensorFileType type, string fault) in cases)
        {
            Assert.Contains(fault, Assert.Throws<ModelFileException>(
                () => LlmcCheckpoint.Save(_folder.File("a.bin"), new Gpt(config), type: type)).Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
