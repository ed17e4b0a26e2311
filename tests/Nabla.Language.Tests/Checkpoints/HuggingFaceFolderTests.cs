using System.Text.Json.Nodes;
using Nabla.IO;
using Nabla.Language.Tests.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Checkpoints;

/// <summary>Hugging Face's folders: what is written, and what is wrong with those that are refused.</summary>
public sealed class HuggingFaceFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Exported_and_imported_again_the_files_are_the_same_byte_for_byte()
    {
        Gpt model = Gpt2Fixture.Load("gpt2-hf");
        ModelFolder.Save(_folder.File("first"), model, null, 60);
        HuggingFaceFolder.Save(_folder.File("hf"), model, null, 60);

        SavedModel again = SavedModel.Open(_folder.File("hf"));
        ModelFolder.Save(_folder.File("second"), again.LoadModel(), null, again.BoundaryId);
        HuggingFaceFolder.Save(_folder.File("hf2"), (Gpt)SavedModel.Open(_folder.File("second")).LoadModel(), null, 60);

        AssertSameFiles("first", "second", "config.json", "model.safetensors");
        AssertSameFiles("hf", "hf2", "config.json", "model.safetensors");
        Assert.Equal(["transformer.wte.weight", "transformer.wpe.weight", "transformer.h.0.ln_1.weight"],
            again.ReadTensors().Take(3).Select(tensor => tensor.Name));
        Assert.DoesNotContain(again.ReadTensors(), tensor => tensor.Name == "lm_head.weight");
        Assert.Equal(28, again.ReadTensors().Count);
    }

    [Theory]
    [InlineData("gpt2-hf", TensorFileType.F32)]
    [InlineData("gpt2-hf-bfloat16", TensorFileType.BF16)]
    [InlineData("gpt2-hf-float16", TensorFileType.F16)]
    public void What_is_written_is_what_PyTorch_wrote_tensor_by_tensor(string name, TensorFileType type)
    {
        HuggingFaceFolder.Save(_folder.File("hf"), Gpt2Fixture.Load("gpt2-hf"), type: type);

        using SafetensorsFile theirs = SafetensorsFile.Open(Path.Combine(TestFiles.Fixture(name), "model.safetensors"));
        using SafetensorsFile ours = SafetensorsFile.Open(Path.Combine(_folder.File("hf"), "model.safetensors"));

        Assert.Equal("pt", ours.Metadata["format"]);
        SafetensorsEntry[] weights = [.. theirs.Entries.Where(entry => !entry.Name.Contains(".attn.bias", StringComparison.Ordinal)
            && !entry.Name.Contains("masked_bias", StringComparison.Ordinal))];
        Assert.Equal(weights.Select(entry => $"transformer.{entry}"), ours.Entries.Select(entry => entry.ToString()));
        Assert.All(weights, entry => Assert.Equal(theirs.ReadBytes(entry.Name), ours.ReadBytes($"transformer.{entry.Name}")));
    }

    [Fact]
    public void A_tokenizer_goes_along_and_comes_back()
    {
        RegexTokenizer tokenizer = Tokenizer();
        Gpt model = new(new GptConfig { VocabularySize = 320, ContextLength = 8, LayerCount = 1, HeadCount = 1, Width = 4 });
        HuggingFaceFolder.Save(_folder.File("hf"), model, tokenizer, tokenizer.EndOfTextId);

        SavedModel saved = SavedModel.Open(_folder.File("hf"));

        Assert.Equal(tokenizer.EndOfTextId, saved.BoundaryId);
        Assert.Equal(tokenizer.Encode("the cat sat"), saved.LoadTokenizer().Encode("the cat sat"));
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.File("hf"), "tokenizer_config.json")))!;
        Assert.Equal(("<|endoftext|>", 8), ((string?)config["eos_token"], (int?)config["model_max_length"]));
    }

    [Fact]
    public void The_older_pair_of_tokenizer_files_is_read_too()
    {
        CopyFixture("gpt2-hf");
        Gpt2Files.Save(_folder.File("merges.txt"), _folder.File("vocab.json"), Tokenizer());
        Edit(config => config["vocab_size"] = 320);

        Assert.Equal(Tokenizer().Encode("the cat"), SavedModel.Open(_folder.Path).LoadTokenizer().Encode("the cat"));
    }

    [Fact]
    public void A_head_of_its_own_and_biases_that_are_not_there_come_back_as_the_same_function()
    {
        GptConfig config = new()
        {
            VocabularySize = 20,
            ContextLength = 8,
            LayerCount = 2,
            HeadCount = 2,
            Width = 8,
            TieWeights = false,
            Bias = false,
            AttentionBias = false,
            Activation = Activation.Relu,
        };
        Gpt model = new(config, new RandomGenerator(3));
        HuggingFaceFolder.Save(_folder.File("hf"), model);

        Gpt loaded = (Gpt)SavedModel.Open(_folder.File("hf")).LoadModel();

        Assert.Equal(config with { Bias = true, AttentionBias = true }, loaded.Config);
        IndexTensor ids = IndexTensor.From([1, 5, 7, 19], 1, 4);
        Assert.Equal(model.Forward(ids).ToArray(), loaded.Forward(ids).ToArray());
    }

    [Fact]
    public void A_head_beside_the_embedding_that_it_is_tied_to_is_left_aside()
    {
        CopyFixture("gpt2-hf");
        Rewrite(tensors => tensors.Add(new("lm_head.weight", Tensor.Ones(61, 16))));

        Gpt2Fixture.AssertSame(Gpt2Fixture.Load("gpt2-hf"), SavedModel.Open(_folder.Path).LoadModel());
    }

    [Fact]
    public void A_missing_a_misshapen_and_a_foreign_weight_are_each_named()
    {
        CopyFixture("gpt2-hf");
        Rewrite(tensors => tensors.RemoveAll(tensor => tensor.Key == "h.1.mlp.c_fc.weight"));
        Assert.Equal($"{_folder.Path}: h.1.mlp.c_fc.weight is missing, a tensor of shape [16, 64]; there are 31 others.", FaultOfLoading());

        Rewrite(tensors => tensors.Add(new("h.1.mlp.c_fc.weight", Tensor.Zeros(64, 16))));
        Assert.Equal($"{_folder.Path}: h.1.mlp.c_fc.weight has shape [64, 16]; config.json asks for [16, 64] "
            + "([in, out], as Hugging Face keeps GPT-2's projections).", FaultOfLoading());

        CopyFixture("gpt2-hf");
        Rewrite(tensors => tensors.Add(new("transformer.h.2.ln_1.weight", Tensor.Zeros(16))));
        Assert.Equal($"{_folder.Path}: h.2.ln_1.weight is no weight of the GPT-2 that config.json describes: compare n_layer, or take the "
            + "plain language model.", FaultOfLoading());
    }

    [Fact]
    public void A_weight_that_is_there_with_the_prefix_and_without_is_refused()
    {
        CopyFixture("gpt2-hf");
        string other = SavedModel.Open(_folder.Path).ReadTensors().Any(tensor => tensor.Name.StartsWith("transformer.", StringComparison.Ordinal))
            ? "ln_f.bias"
            : "transformer.ln_f.bias";
        Rewrite(tensors => tensors.Add(new(other, Tensor.Zeros(16))));

        Assert.EndsWith(" has ln_f.bias, which is there a second time: take one of the two away.", FaultOfLoading(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_index_names_has_to_be_there()
    {
        CopyFixture("gpt2-hf-sharded");
        File.Delete(_folder.File("model-00002-of-00002.safetensors"));
        Assert.Equal($"{_folder.File("model-00002-of-00002.safetensors")} is missing, one of 2 files that model.safetensors.index.json "
            + "names: fetch it again.", FaultOfLoading());

        File.Copy(_folder.File("model-00001-of-00002.safetensors"), _folder.File("model-00002-of-00002.safetensors"));
        Assert.Equal($"{_folder.File("model-00002-of-00002.safetensors")} has no transformer.h.1.ln_1.weight, which "
            + "model.safetensors.index.json says is there: fetch both again.", FaultOfLoading());

        File.WriteAllText(_folder.File("model.safetensors.index.json"), """{"weight_map": {"wte.weight": "../secret.safetensors"}}""");
        Assert.Contains("weight_map has \"../secret.safetensors\" for wte.weight; it must be the name of a file.", FaultOfLoading(), StringComparison.Ordinal);

        File.WriteAllText(_folder.File("model.safetensors.index.json"), "{}");
        Assert.Contains("weight_map is missing", FaultOfLoading(), StringComparison.Ordinal);

        File.Delete(_folder.File("model.safetensors.index.json"));
        Assert.Contains("neither model.safetensors nor model.safetensors.index.json is there", FaultOfLoading(), StringComparison.Ordinal);

        _folder.Write("pytorch_model.bin", [1]);
        Assert.Contains("pytorch_model.bin, which is a program as much as data", FaultOfLoading(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model_type", "\"llama\"", "model_type is \"llama\"; only \"gpt2\" can be read.")]
    [InlineData("n_head", null, "n_head is missing; a GPT-2 needs vocab_size, n_positions, n_layer, n_head and n_embd.")]
    [InlineData("n_head", "3", "n_embd (16) is not divisible by n_head (3).")]
    [InlineData("n_layer", "\"two\"", "n_layer is \"two\"; it must be a whole number from 1 to 10000000.")]
    [InlineData("n_layer", "1.5", "n_layer is 1.5; it must be a whole number from 1 to 10000000.")]
    [InlineData("n_embd", "9000000", "a weight of 36000000 x 9000000 is larger than a tensor can be; compare vocab_size, n_positions and n_embd.")]
    [InlineData("n_inner", "32", "n_inner is 32; the MLP must be four times as wide as n_embd (16), or n_inner null.")]
    [InlineData("layer_norm_epsilon", "1e-06", "layer_norm_epsilon is 1e-06; only 1e-05, GPT-2's, can be read.")]
    [InlineData("activation_function", "\"swish\"", "activation_function is swish; read are gelu_new, gelu_pytorch_tanh, gelu_fast, gelu, relu.")]
    [InlineData("scale_attn_weights", "false", "scale_attn_weights is false, which is not supported; GPT-2 has true.")]
    [InlineData("add_cross_attention", "true", "add_cross_attention is true, which is not supported; GPT-2 has false.")]
    [InlineData("tie_word_embeddings", "1", "tie_word_embeddings is 1; it must be true or false.")]
    public void A_configuration_that_cannot_be_read_is_refused_by_the_name_of_its_entry(string name, string? value, string fault)
    {
        CopyFixture("gpt2-hf");
        Edit(config =>
        {
            config.Remove(name);
            if (value is not null)
            {
                config[name] = JsonNode.Parse(value);
            }
        });

        ModelFileException error = Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.Path));

        Assert.Equal($"{_folder.File("config.json")}: {fault}", error.Message);
    }

    [Theory]
    [InlineData("50256", null)] // the library's default, which small vocabularies do not have
    [InlineData("[7, 8]", 7)]
    [InlineData("null", null)]
    public void The_token_of_a_new_document_is_one_that_the_model_has(string id, int? expected)
    {
        CopyFixture("gpt2-hf");
        Edit(config => (config["bos_token_id"], config["eos_token_id"]) = (JsonNode.Parse(id), JsonNode.Parse(id)));

        Assert.Equal(expected, SavedModel.Open(_folder.Path).BoundaryId);
    }

    [Fact]
    public void What_the_form_cannot_hold_is_refused_before_anything_is_written()
    {
        GptConfig config = new() { VocabularySize = 5, ContextLength = 4, LayerCount = 1, HeadCount = 1, Width = 4 };
        Assert.Contains("its head has a bias", Assert.Throws<ModelFileException>(
            () => HuggingFaceFolder.Save(_folder.File("a"), new Gpt(config with { TieWeights = false, HeadBias = true }))).Message, StringComparison.Ordinal);
        Assert.Contains("byte-level byte-pair tokenizers only", Assert.Throws<ModelFileException>(
            () => HuggingFaceFolder.Save(_folder.File("a"), new Gpt(config), CharacterTokenizer.FromText("abcde"))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("a")));
    }

    private static RegexTokenizer Tokenizer() => RegexTokenizer.Train("the cat sat on the mat, the cat sat", 270, TextSplitter.Gpt2)
        .WithSpecialTokens([new("<|endoftext|>", 270)]);

    private string FaultOfLoading()
        => Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.Path).LoadModel()).Message;

    private void CopyFixture(string name)
    {
        foreach (string file in Directory.GetFiles(TestFiles.Fixture(name)))
        {
            File.Copy(file, _folder.File(Path.GetFileName(file)), overwrite: true);
        }
    }

    private void Edit(Action<JsonObject> change)
    {
        JsonObject config = (JsonObject)JsonNode.Parse(File.ReadAllText(_folder.File("config.json")))!;
        change(config);
        File.WriteAllText(_folder.File("config.json"), config.ToJsonString());
    }

    private void Rewrite(Action<List<KeyValuePair<string, Tensor>>> change)
    {
        List<KeyValuePair<string, Tensor>> tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(_folder.File("model.safetensors")))
        {
            tensors = [.. file.Entries.Select(entry => KeyValuePair.Create(entry.Name, file.ReadTensor(entry.Name)))];
        }

        change(tensors);
        SafetensorsFile.Write(_folder.File("model.safetensors"), tensors);
    }

    private void AssertSameFiles(string first, string second, params string[] names)
    {
        foreach (string name in names)
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(_folder.File(first), name)).AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Path.Combine(_folder.File(second), name))), name);
        }
    }
}
