using Nabla.IO;
using Nabla.Language.Tests.Data;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Lectures;

/// <summary>GPT-2's tokens, its published weights as they are stored, and sampling from it as the lecture does.</summary>
public sealed class Gpt2SamplingTests
{
    private const string Prefix = "Hello, I'm a language model,";

    private static readonly GptConfig _small = new() { VocabularySize = 50257, ContextLength = 32, LayerCount = 1, HeadCount = 1, Width = 4 };

    private static RegexTokenizer Gpt2Tokens => LazyTokens.Value;

    private static Lazy<RegexTokenizer> LazyTokens { get; } = new(() => NamedEncoding.Gpt2.Load(TestFiles.Data("vocab.bpe"), TestFiles.Data("encoder.json")));

    [Fact]
    [Trait("Number", "L10-002")]
    public void The_vocabulary_is_merges_and_bytes_and_one_special_token()
    {
        Assert.Equal(50257, 50000 + 256 + 1);
        Assert.Equal(50257, Gpt2Tokens.VocabularySize);
        Assert.Equal(50000, File.ReadLines(TestFiles.Data("vocab.bpe")).Skip(1).Count(line => line.Length > 0));
        Assert.Equal(50256, Gpt2Tokens.EndOfTextId);
        Assert.Equal(50256, Assert.Single(Gpt2Tokens.SpecialTokens.Ids).Value);
    }

    [Fact]
    [Trait("Number", "L10-036")]
    [Trait("Number", "L10-037")]
    public void The_lectures_texts_have_their_ids()
    {
        Assert.Equal([15496, 11, 314, 1101, 257, 3303, 2746, 11], Gpt2Tokens.Encode(Prefix));
        Assert.Equal([198, 628, 25, 13], ((string[])["\n", "\n\n", ":", "."]).Select(text => Assert.Single(Gpt2Tokens.Encode(text))));
    }

    [Fact]
    [Trait("Number", "L10-025")]
    public void Four_weights_a_block_are_stored_transposed_and_the_masks_are_passed_over()
    {
        GptConfig config = new() { VocabularySize = 50, ContextLength = 8, LayerCount = 12, HeadCount = 12, Width = 24 };
        string[] projections = [.. Gpt2Layout.Block(config, 3).Where(tensor => tensor.IsConv1D).Select(tensor => tensor.Name)];
        Assert.Equal(["h.3.attn.c_attn.weight", "h.3.attn.c_proj.weight", "h.3.mlp.c_fc.weight", "h.3.mlp.c_proj.weight"], projections);
        Assert.Equal(48, Gpt2Layout.All(config).Count(tensor => tensor.IsConv1D));

        using TemporaryFolder folder = new();
        Gpt model = new(config, new RandomGenerator(1));
        HuggingFaceFolder.Save(folder.File("hf"), model);
        string path = Path.Combine(folder.File("hf"), "model.safetensors");
        List<KeyValuePair<string, Tensor>> stored;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            stored = [.. file.Entries.Select(entry => KeyValuePair.Create(entry.Name, file.ReadTensor(entry.Name)))];
        }

        Assert.Equal(new Shape(24, 72), stored.Single(pair => pair.Key == "transformer.h.11.attn.c_attn.weight").Value.Shape);
        SafetensorsFile.Write(path, stored
            .Concat(Enumerable.Range(0, 12).Select(layer => KeyValuePair.Create($"transformer.h.{layer}.attn.bias", Tensor.Ones(1, 1, 8, 8))))
            .Concat(Enumerable.Range(0, 12).Select(layer => KeyValuePair.Create($"transformer.h.{layer}.attn.masked_bias", Tensor.Scalar(-1e4f)))));
        LanguageModel loaded = SavedModel.Open(folder.File("hf")).LoadModel();

        IndexTensor ids = IndexTensor.From([1, 2, 49], 1, 3);
        Assert.Equal(model.Forward(ids).ToArray(), loaded.Forward(ids).ToArray());
    }

    [Fact]
    [Trait("Number", "L10-091")]
    [Trait("Number", "L10-092")]
    public void A_padded_vocabulary_changes_no_logit_and_is_never_drawn_from()
    {
        Gpt model = new(_small, new RandomGenerator(1));
        Gpt padded = new(_small with { VocabularySize = 50304 });
        Dictionary<string, Tensor> weights = model.NamedParameters().ToDictionary();
        using (Tensor.NoGrad())
        {
            foreach ((string name, Tensor parameter) in padded.NamedParameters())
            {
                if (name == "wte.weight")
                {
                    parameter[..50257].CopyInPlace(weights[name]);

                    // As large as can be, so that a draw that saw them would take one of them.
                    parameter[50257..].FillInPlace(100);
                }
                else
                {
                    parameter.CopyInPlace(weights[name]);
                }
            }

            weights["ln_f.bias"].FillInPlace(1);
            padded.NamedParameters().Single(pair => pair.Key == "ln_f.bias").Value.FillInPlace(1);
        }

        int[] prompt = Gpt2Tokens.Encode(Prefix);
        float[] expected = model.Forward(IndexTensor.From(prompt, 1, 8)).ToArray();
        float[] actual = padded.Forward(IndexTensor.From(prompt, 1, 8))[.., .., ..50257].ToArray();
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) <= 1e-5f);

        Generator generator = new(padded, Gpt2Tokens);
        foreach (GenerationOptions options in (GenerationOptions[])[new() { MaxTokens = 20 }, new() { MaxTokens = 20, TopK = 50 }])
        {
            int[] drawn = [.. generator.StreamIds(prompt, options)];
            Assert.Equal(20, drawn.Length);
            Assert.All(drawn, id => Assert.InRange(id, 0, 50256));
        }
    }

    [Fact]
    [Trait("Number", "L10-113")]
    public void Five_rows_of_eight_tokens_grow_to_thirty()
    {
        Generator generator = new(new Gpt(_small, new RandomGenerator(1)), Gpt2Tokens);
        int[] prompt = Gpt2Tokens.Encode(Prefix);

        int[][] rows = [.. Enumerable.Range(0, 5).Select(row => (int[])
            [.. prompt, .. generator.StreamIds(prompt, new GenerationOptions { MaxTokens = 30 - prompt.Length, TopK = 50, Seed = 42 + (ulong)row })])];

        Assert.Equal(5, rows.Length);
        Assert.All(rows, row => Assert.Equal((30, 8), (row.Length, prompt.Length)));

        // Together through one cache they are what they are alone.
        string[] together = [.. generator.GenerateMany(
            [.. Enumerable.Repeat(prompt, 5)], new GenerationOptions { MaxTokens = 22, TopK = 50, Seed = 42 })];
        Assert.Equal(rows.Select(row => Gpt2Tokens.Decode(row.AsSpan(8))), together);
    }

    [Fact]
    [Trait("Number", "L10-114")]
    public void Top_k_draws_from_the_fifty_likeliest_and_no_others()
    {
        float[] logits = Tensor.Randn(new RandomGenerator(3), 50257).ToArray();
        int[] likeliest = [.. Enumerable.Range(0, logits.Length).OrderByDescending(id => logits[id]).Take(50)];
        double[] weights = [.. likeliest.Select(id => Math.Exp(logits[id]))];
        TokenSampler sampler = new(new GenerationOptions { TopK = 50, Seed = 5 });

        int[] drawn = [.. Enumerable.Range(0, 5000).Select(_ => sampler.Draw(logits))];

        Assert.Empty(drawn.Except(likeliest));
        Assert.Equal(50, drawn.Distinct().Count());
        Assert.Equal(1, weights.Sum(weight => weight / weights.Sum()), 1e-6);

        // Renormalised: the likeliest comes as often as its share of the fifty says, within four deviations.
        double share = weights[0] / weights.Sum();
        Assert.Equal(share, drawn.Count(id => id == likeliest[0]) / 5000.0, 4 * Math.Sqrt(share * (1 - share) / 5000));
    }

    [Fact]
    [Trait("Number", "L10-115")]
    public void Sampling_draws_from_its_own_generator_by_its_seed()
    {
        RandomGenerator training = new(1337);
        byte[] before = training.GetState().ToBytes();
        byte[] shared = RandomGenerator.Default.GetState().ToBytes();
        Generator generator = new(new Gpt(_small, new RandomGenerator(1)), Gpt2Tokens);
        int[] Draw(ulong seed) => [.. generator.StreamIds(Gpt2Tokens.Encode(Prefix), new GenerationOptions { MaxTokens = 10, Seed = seed })];

        int[] first = Draw(42);

        Assert.Equal(first, Draw(42));
        Assert.NotEqual(first, Draw(43));
        Assert.Equal(before, training.GetState().ToBytes());
        Assert.Equal(shared, RandomGenerator.Default.GetState().ToBytes());
    }
}
