using Nabla.IO;
using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>A model alone in a folder, and the one door to models of every form.</summary>
public sealed class SavedModelTests : IDisposable
{
    private static readonly GptConfig _small = new() { VocabularySize = 10, ContextLength = 8, LayerCount = 2, HeadCount = 2, Width = 8 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_was_saved_comes_back_to_the_bit_with_its_tokenizer()
    {
        Gpt model = new(_small, new RandomGenerator(1));
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText("hello wrd");
        ModelFolder.Save(_folder.File("model"), model, tokenizer, 3);

        SavedModel saved = SavedModel.Open(_folder.File("model"));
        LanguageModel loaded = saved.LoadModel();

        Assert.Equal(_small, saved.Config);
        Assert.Equal((_folder.File("model"), 3, true), (saved.Path, saved.BoundaryId, saved.HasTokenizer));
        Assert.Null(saved.Run);
        Assert.Equal("hello", saved.LoadTokenizer().Decode(tokenizer.Encode("hello")));
        Assert.False(loaded.IsTraining);
        foreach (((string name, Tensor expected), (string other, Tensor actual)) in model.StateDict().Zip(loaded.StateDict()))
        {
            Assert.Equal(name, other);
            Assert.Equal(expected.ToArray(), actual.ToArray());
        }
    }

    [Fact]
    public void Loading_leaves_the_default_generator_as_it_was()
    {
        ModelFolder.Save(_folder.File("model"), new Gpt(_small, new RandomGenerator(1)));
        byte[] before = RandomGenerator.Default.GetState().ToBytes();

        SavedModel.Open(_folder.File("model")).LoadModel();

        Assert.Equal(before, RandomGenerator.Default.GetState().ToBytes());
    }

    [Fact]
    public void A_run_opens_as_what_its_configuration_says()
    {
        RunConfig config = new()
        {
            Data = new RunData { Source = "words", Kind = TextKind.WordList, Sha256 = "0" },
            Model = _small,
            Training = new TrainingOptions(),
        };
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText("abc", boundary: true);
        RunDirectory.Create(_folder.File("run"), config, tokenizer).Dispose();

        SavedModel saved = SavedModel.Open(_folder.File("run"));

        Assert.Equal(_small, saved.Config);
        Assert.Equal(TextKind.WordList, saved.Run!.Data.Kind);
        Assert.Equal(tokenizer.EndOfTextId, saved.BoundaryId);
        Assert.Contains("has no checkpoint yet", Assert.Throws<InvalidRunException>(saved.LoadModel).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "cannot be read: ")]
    [InlineData("[1]", "cannot be read: it holds no JSON object.")]
    [InlineData("{}", "is of no form that can be read: ")]
    [InlineData("""{"model":{"kind":"gpt","widht":8}}""", "widht")]
    [InlineData("""{"version":1,"model":{"kind":"gpt","vocabularySize":9,"contextLength":4,"layerCount":1,"headCount":2,"width":7}}""", "not divisible by its heads")]
    [InlineData("""{"version":2,"model":{"kind":"bigram","vocabularySize":9,"contextLength":1}}""", "its version is 2")]
    [InlineData("""{"version":1,"model":{"kind":"bigram","vocabularySize":9,"contextLength":1},"boundaryId":9}""", "boundaryId is 9, and the model has the tokens 0 to 8.")]
    public void A_configuration_that_is_wrong_is_named_with_its_fault(string json, string fault)
    {
        string file = _folder.Write(SavedModel.ConfigName, System.Text.Encoding.UTF8.GetBytes(json));

        ModelFileException error = Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.Path));

        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void What_is_missing_from_a_folder_is_said_when_it_is_asked_for()
    {
        Assert.StartsWith($"There is no model in {_folder.Path}: config.json is missing.",
            Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.Path)).Message, StringComparison.Ordinal);
        string folder = _folder.File("model");
        ModelFolder.Save(folder, new Gpt(_small));
        SavedModel saved = SavedModel.Open(folder);
        Assert.False(saved.HasTokenizer);
        Assert.StartsWith($"The model in {folder} has no tokenizer: ",
            Assert.Throws<ModelFileException>(saved.LoadTokenizer).Message, StringComparison.Ordinal);

        SafetensorsFile.Write(Path.Combine(folder, "model.safetensors"), []);
        Assert.Contains("wte.weight", Assert.Throws<TensorFileException>(saved.LoadModel).Message, StringComparison.Ordinal);

        File.Delete(Path.Combine(folder, "model.safetensors"));
        Assert.StartsWith($"{Path.Combine(folder, "model.safetensors")} is missing: ",
            Assert.Throws<ModelFileException>(saved.LoadModel).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_that_is_not_the_models_is_refused()
    {
        string folder = _folder.File("model");
        ModelFolder.Save(folder, new Gpt(_small), CharacterTokenizer.FromText("abcdefghijk"));
        Assert.Equal($"The tokenizer in {folder} has 11 tokens and the model 10: put the model's own there.",
            Assert.Throws<ModelFileException>(SavedModel.Open(folder).LoadTokenizer).Message);

        CharacterTokenizer.FromText("xyz").Save(Path.Combine(folder, "tokenizer.json"));
        Assert.Contains("is not the tokenizer that the model was saved with",
            Assert.Throws<ModelFileException>(SavedModel.Open(folder).LoadTokenizer).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_holds_something_is_not_written_to()
    {
        _folder.Write("mine.txt", [1]);

        Assert.Contains("is not empty", Assert.Throws<IOException>(() => ModelFolder.Save(_folder.Path, new Gpt(_small))).Message, StringComparison.Ordinal);
        Assert.Equal("mine.txt", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_folder.Path))));
    }
}
