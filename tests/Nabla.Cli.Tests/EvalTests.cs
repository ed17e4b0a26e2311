using System.Text.Json;
using Nabla.Tests;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tests;

/// <summary><c>nabla eval</c> of a tiny run.</summary>
public sealed class EvalTests : IClassFixture<EvalTests.Runs>, IDisposable
{
    private const string Question =
        """{"ctx": "the quick", "label": 2, "endings": ["dog over", "lazy dog", "brown fox", "fox jumps"]}""";

    private readonly Workspace _workspace = new();
    private readonly Runs _runs;

    public EvalTests(Runs runs) => _runs = runs;

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_loss_of_a_text_is_measured()
    {
        string text = _workspace.Write("more.txt", "the dog jumps over the fox\n");

        CommandResult result = Workspace.Nabla("eval", "loss", _runs.OfText, text);
        JsonElement json = Json(Workspace.Nabla("eval", "loss", _runs.OfText, text, "--json"));

        Assert.Equal(0, result.Code);
        Assert.Collection(
            result.OutputLines,
            line => Assert.Matches(@"^loss +\d\.\d{4} +nats per token, of 26 tokens$", line),
            line => Assert.Matches(@"^perplexity +\d+\.\d\d  ", line),
            line => Assert.Matches(@"^bits per byte +\d\.\d{4} +of 26 bytes, ", line));
        Assert.Equal((26, 26), (json.GetProperty("tokens").GetInt32(), json.GetProperty("bytes").GetInt32()));
        double loss = json.GetProperty("natsPerToken").GetDouble();
        Assert.Equal(Math.Exp(loss), json.GetProperty("perplexity").GetDouble(), 1e-9);
        Assert.Equal(loss / Math.Log(2), json.GetProperty("bitsPerByte").GetDouble(), 1e-9);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void A_stride_shows_more_and_a_limit_reads_less()
    {
        string text = _workspace.WriteText();
        double plain = Json(Loss()).GetProperty("natsPerToken").GetDouble();
        double strided = Json(Loss("--stride", "2")).GetProperty("natsPerToken").GetDouble();

        Assert.NotEqual(plain, strided);
        Assert.Equal(99, Json(Loss("--limit", "100")).GetProperty("tokens").GetInt32());
        CommandResult wide = Loss("--stride", "9");
        Assert.Equal((1, "nabla: The stride must be from 1 to the model's context, 8, not 9.\n"), (wide.Code, wide.Error));

        CommandResult Loss(params string[] more) => Workspace.Nabla(["eval", "loss", _runs.OfText, text, "--json", .. more]);
    }

    [Fact]
    public void The_words_of_a_list_are_each_read_from_their_beginning()
    {
        string words = _workspace.Write("words2.txt", "bake\nlimo\nnura\n");

        JsonElement json = Json(Workspace.Nabla("eval", "loss", _runs.OfWords, words, "--json"));

        Assert.Equal(15, json.GetProperty("tokens").GetInt32()); // the letters, and an end after each word
        Assert.Equal(15, json.GetProperty("bytes").GetInt32());
        Assert.InRange(json.GetProperty("natsPerToken").GetDouble(), 0.5, 4);
    }

    [Fact]
    public void Prepared_tokens_are_measured_by_split()
    {
        string tokens = Prepare("tokens", "--val-fraction", "0.25");
        string run = _workspace.PathOf("run");
        Assert.Equal(0, Workspace.Nabla(Workspace.TinyTraining(tokens, run, "--steps", "2")).Code);

        JsonElement train = Json(Workspace.Nabla("eval", "loss", run, tokens, "--split", "train", "--json"));
        JsonElement val = Json(Workspace.Nabla("eval", "loss", run, tokens, "--json"));
        CommandResult other = Workspace.Nabla("eval", "loss", _runs.OfText, tokens);
        CommandResult none = Workspace.Nabla("eval", "loss", run, Prepare("all", "--validation-shards", "0"));
        File.Delete(Path.Combine(tokens, "index.json"));
        JsonElement withoutIndex = Json(Workspace.Nabla("eval", "loss", run, tokens, "--json"));

        Assert.NotEqual(train.GetProperty("tokens").GetInt32(), val.GetProperty("tokens").GetInt32());
        Assert.Equal(val.GetRawText(), withoutIndex.GetRawText());
        Assert.Equal(1, other.Code);
        Assert.Matches($"^nabla: {tokens} has tokens of a vocabulary of 271, and the model's tokenizer one of 28: prepare", other.Error);
        Assert.Equal(
            $"nabla: {_workspace.PathOf("all")} has no tokens of this split: measure those of the other with --split.\n", none.Error);
    }

    [Fact]
    public void Questions_are_answered()
    {
        string file = _workspace.Write("q.jsonl", string.Concat(Enumerable.Repeat(Question + "\n", 5)));

        CommandResult result = Workspace.Nabla("eval", "hellaswag", _runs.OfLongText, file);
        JsonElement json = Json(Workspace.Nabla("eval", "hellaswag", _runs.OfLongText, file, "--json", "--limit", "4", "--rank", "1", "--world", "3"));

        Assert.Equal(0, result.Code);
        Assert.Collection(
            result.OutputLines,
            line => Assert.Matches(@"^by mean +(0|100)\.00 % \+- 0\.00 +[05] of 5  ", line),
            line => Assert.Matches(@"^by sum +(0|100)\.00 % \+- 0\.00 +[05] of 5  ", line));
        Assert.Equal(1, json.GetProperty("questions").GetInt32());
        Assert.Equal(json.GetProperty("rightByMean").GetInt32(), json.GetProperty("accuracyByMean").GetDouble());
        Assert.Equal(0, json.GetProperty("standardErrorBySum").GetDouble());
        Assert.Empty(result.Error);
    }

    [Fact]
    public void A_process_that_no_question_is_left_for_says_so()
    {
        string[] args = ["eval", "hellaswag", _runs.OfLongText, _workspace.Write("q.jsonl", Question), "--rank", "1", "--world", "2"];

        CommandResult result = Workspace.Nabla(args);

        Assert.Equal((0, string.Empty), (result.Code, result.Error));
        Assert.All(result.OutputLines, line => Assert.Contains("  none asked  0 of 0  ", line, StringComparison.Ordinal));
        Assert.Equal(0, Json(Workspace.Nabla([.. args, "--json"])).GetProperty("questions").GetInt32());
    }

    [Fact]
    public void Questions_that_are_cut_are_counted_and_endings_that_do_not_fit_refused()
    {
        string file = _workspace.Write("q.jsonl", Question.Replace("the quick", "the quick brown dog and", StringComparison.Ordinal) + "\n" + Question);

        Assert.Equal(
            "1 of 2 questions were longer than the model's context: their beginnings were left out.\n",
            Workspace.Nabla("eval", "hellaswag", _runs.OfLongText, file).Error);
        CommandResult refused = Workspace.Nabla("eval", "hellaswag", _runs.OfText, file);
        Assert.Equal("nabla: Line 1: an ending has 10 tokens, and the model sees 8 at once: take a model with a longer context.\n", refused.Error);
        Assert.Equal(1, refused.Code);
    }

    [Fact]
    public void The_probabilities_of_tokens_are_those_of_the_loss()
    {
        string text = _workspace.Write("six.txt", "quick ");
        string ids = Workspace.Nabla("tokenizer", "encode", "--tokenizer", _runs.OfText, text).Output.Trim();

        JsonElement json = Json(Workspace.Nabla("eval", "logprobs", _runs.OfText, "--ids", ids, "--logits"));
        double loss = Json(Workspace.Nabla("eval", "loss", _runs.OfText, text, "--json")).GetProperty("natsPerToken").GetDouble();

        Assert.Equal(ids, string.Join(' ', json.GetProperty("ids").EnumerateArray()));
        JsonElement[] logarithms = [.. json.GetProperty("logprobs").EnumerateArray()];
        Assert.Equal(JsonValueKind.Null, logarithms[0].ValueKind);
        Assert.Equal(loss, -logarithms.Skip(1).Average(value => value.GetDouble()), 1e-5);
        Assert.Equal(28, json.GetProperty("logits").GetArrayLength());
        Assert.False(Json(Workspace.Nabla("eval", "logprobs", _runs.OfText, "--ids", ids)).TryGetProperty("logits", out _));
    }

    // The model and its logits are tests/Fixtures/make_gpt2_hf.py's; the folder has no tokenizer, and needs none for this.
    [Fact]
    public void The_probabilities_of_a_model_of_Hugging_Face_are_PyTorchs()
    {
        string folder = TestFiles.Fixture("gpt2-hf");
        using JsonDocument fixture = TestFiles.FixtureJson("gpt2-hf.json");
        JsonElement one = fixture.RootElement.GetProperty("cases")[0];
        int[] ids = [.. one.GetProperty("ids").GetProperty("data").EnumerateArray().Take(12).Select(id => id.GetInt32())];
        double[][] logits = [.. one.GetProperty("logits").GetProperty("data").EnumerateArray().Select(logit => logit.GetDouble()).Chunk(61)];

        JsonElement json = Json(Workspace.Nabla("eval", "logprobs", folder, "--ids", string.Join(' ', ids), "--logits"));

        for (int i = 1; i < ids.Length; i++)
        {
            double expected = logits[i - 1][ids[i]] - Math.Log(logits[i - 1].Sum(Math.Exp));
            Assert.Equal(expected, json.GetProperty("logprobs")[i].GetDouble(), 1e-4);
        }

        Assert.All(logits[11].Index(), logit => Assert.Equal(logit.Item, json.GetProperty("logits")[logit.Index].GetDouble(), 1e-4));
        CommandResult loss = Workspace.Nabla("eval", "loss", folder, _workspace.WriteText());
        Assert.StartsWith("nabla: ", Assert.Single(loss.ErrorLines), StringComparison.Ordinal);
        Assert.Contains("tokenizer", loss.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logprobs RUN", "--ids IDS is missing.", 2)]
    [InlineData("logprobs RUN --ids ' '", "--ids: there is no id: give at least one.", 2)]
    [InlineData("logprobs RUN --ids '1 x'", "--ids: \"x\", word 2 of the ids, is no id: write whole numbers with spaces between.", 2)]
    [InlineData("logprobs RUN --ids '1 28'", "Token 28, at place 1, is none of the model's, which are 0 to 27.", 1)]
    [InlineData("logprobs RUN --ids '1 2 3 4 5 6 7 8 9 10'", "10 tokens are too many: the model sees 8 at once.", 1)]
    [InlineData("loss RUN none.txt", "none.txt does not exist: check the name and the folder.", 1)]
    [InlineData("loss RUN none.txt --stride 0", "--stride must be at least 1, not 0.", 2)]
    [InlineData("loss none none.txt", "There is no model in ", 1)]
    [InlineData("loss RUN none.txt --split test", "--split takes one of val, train, not 'test'.", 2)]
    [InlineData("hellaswag RUN none.jsonl", "none.jsonl does not exist: check the name and the folder.", 1)]
    [InlineData("hellaswag RUN none.jsonl --rank 3 --world 3", "--rank 3 of --world 3: ranks are counted from 0, so the last one is 2.", 2)]
    [InlineData("hellaswag RUN none.jsonl --limit 0", "--limit must be at least 1, not 0.", 2)]
    public void What_is_wrong_is_said_in_a_line(string words, string fault, int code)
    {
        string[] args = [.. System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(words.Replace('\'', '"'))];

        CommandResult result = Workspace.Nabla(["eval", .. args.Select(word => word == "RUN" ? _runs.OfText : word)]);

        Assert.StartsWith($"nabla: {fault}", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(code, result.Code);
        Assert.Empty(result.Output);
    }

    private static JsonElement Json(CommandResult result)
    {
        Assert.True(result.Code == 0, result.Error);
        using JsonDocument json = JsonDocument.Parse(Assert.Single(result.OutputLines));
        return json.RootElement.Clone();
    }

    private string Prepare(string name, params string[] more)
    {
        string tokenizer = _workspace.PathOf("my-tokenizer.json");
        RegexTokenizer.Train("the quick brown fox jumps over the lazy dog, the fox, the dog", 270, TextSplitter.Gpt2)
            .WithSpecialTokens([new("<|endoftext|>", 270)])
            .Save(tokenizer);
        string folder = _workspace.PathOf(name);
        CommandResult result = Workspace.Nabla(
            ["data", "prepare", _runs.Text, "--tokenizer", tokenizer, "--out", folder, "--documents", "line", .. more]);
        Assert.True(result.Code == 0, result.Error);
        return folder;
    }

    /// <summary>Models that were trained once, for all tests of the class.</summary>
    public sealed class Runs : IDisposable
    {
        private readonly Workspace _workspace = new();

        public Runs()
        {
            Text = _workspace.WriteText();
            OfText = Train(Text, "text");
            OfLongText = Train(Text, "long", "--context", "24");
            OfWords = Train(_workspace.WriteWords(), "words", "--words");
        }

        /// <summary>Gets a text of two lines over and over.</summary>
        public string Text { get; }

        /// <summary>Gets a run that learnt it eight characters at a time,</summary>
        public string OfText { get; }

        /// <summary>and one that learnt it 24 at a time.</summary>
        public string OfLongText { get; }

        /// <summary>Gets a run that learnt a list of words.</summary>
        public string OfWords { get; }

        public void Dispose() => _workspace.Dispose();

        private string Train(string source, string name, params string[] more)
        {
            string[] args = Workspace.TinyTraining(source, _workspace.PathOf(name), ["--steps", "4"]);
            for (int i = 0; i < more.Length; i += 2)
            {
                int place = Array.IndexOf(args, more[i]);
                args = place < 0 ? [.. args, .. more] : [.. args[..(place + 1)], more[i + 1], .. args[(place + 2)..]];
            }

            CommandResult result = Workspace.Nabla(args);
            Assert.True(result.Code == 0, result.Error);
            return _workspace.PathOf(name);
        }
    }
}
