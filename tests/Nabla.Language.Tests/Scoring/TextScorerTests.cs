using Nabla.Language.Tests.Models;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Scoring;

public sealed class TextScorerTests
{
    private const string Alphabet = "abcdefg";

    private static readonly CharacterTokenizer _tokenizer = CharacterTokenizer.FromText(Alphabet);

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(2000)]
    public void Without_a_stride_windows_do_not_overlap(int length)
    {
        LanguageModel gpt = SmallModels.Create("gpt");
        int[] ids = Text(length);

        TextLoss loss = new TextScorer(gpt, _tokenizer).Score(ids);

        Assert.Equal((length - 1, length - 1), (loss.Tokens, loss.Bytes));
        Assert.Equal(Evaluation.WholeLoss(gpt, ids), loss.NatsPerToken, 1e-6);
        Assert.Equal(loss.NatsPerToken / Math.Log(2), loss.BitsPerByte, 1e-12);
        Assert.Equal(Math.Exp(loss.NatsPerToken), loss.Perplexity, 1e-9);
    }

    // Every token is predicted once, from all that its window holds before it.
    [Theory]
    [InlineData(20, 1)]
    [InlineData(20, 4)]
    [InlineData(400, 5)]
    [InlineData(7, 2)]
    [InlineData(5, 2)]
    [InlineData(12, 6)]
    public void With_a_stride_each_token_sees_what_stands_before_it(int length, int stride)
    {
        LanguageModel gpt = SmallModels.Create("gpt");
        int context = gpt.ContextLength;
        int[] ids = Text(length);
        double expected = 0;
        for (int target = 1; target < length; target++)
        {
            int window = target <= context ? 0 : (target - context + stride - 1) / stride; // the first that reaches so far
            expected += PlainScorer.Losses(gpt, ids.AsSpan(window * stride, target + 1 - (window * stride)), 1)[0];
        }

        TextLoss loss = new TextScorer(gpt, _tokenizer).Score(ids, stride);

        Assert.Equal(length - 1, loss.Tokens);
        Assert.Equal(expected, loss.Nats, 1e-5 * expected);
    }

    [Theory]
    [MemberData(nameof(SmallModels.Names), MemberType = typeof(SmallModels))]
    public void Any_model_is_measured_as_in_training(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        int[] ids = Text(3000);

        TextLoss loss = new TextScorer(model, _tokenizer).Score(ids);

        Assert.Equal(ids.Length - 1, loss.Tokens);
        Assert.Equal(Evaluation.WholeLoss(model, ids), loss.NatsPerToken, 1e-5);
    }

    [Theory]
    [MemberData(nameof(SmallModels.Names), MemberType = typeof(SmallModels))]
    public void Documents_are_read_from_their_beginnings(string name)
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText("abcdef", boundary: true);
        int boundary = tokenizer.EndOfTextId!.Value;
        LanguageModel model = SmallModels.Create(name, boundary);
        string[] documents = ["ab", "cabbed", "f", "aceface"];
        double expected = 0;
        foreach (string document in documents)
        {
            // One that is longer than the context goes on in a row of its own.
            int[] ids = [boundary, .. tokenizer.Encode(document), boundary];
            int step = model.LongestRow > model.ContextLength ? ids.Length : model.ContextLength;
            for (int start = 0; start < ids.Length - 1; start += step)
            {
                int[] row = ids[start..Math.Min(start + step + 1, ids.Length)];
                expected += PlainScorer.Losses(model, row, row.Length - 1).Sum();
            }
        }

        TextLoss loss = new TextScorer(model, tokenizer, boundary).ScoreDocuments(documents);

        Assert.Equal((20, 20), (loss.Tokens, loss.Bytes));
        Assert.Equal(expected, loss.Nats, 1e-4);
    }

    [Fact]
    public void Bytes_are_those_of_the_text_and_one_for_a_boundary()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText("aé€😀", boundary: true);
        LanguageModel model = SmallModels.Create("gpt");
        int[] ids = [tokenizer.EndOfTextId!.Value, .. tokenizer.Encode("aé€😀"), tokenizer.EndOfTextId.Value, 6];

        Assert.Equal(1 + 2 + 3 + 4 + 1, new TextScorer(model, tokenizer, tokenizer.EndOfTextId).Score(ids).Bytes); // 6 is padding
    }

    [Fact]
    public void Parts_add_up_and_the_rest_can_be_left()
    {
        TextScorer scorer = new(SmallModels.Create("gpt"), _tokenizer);
        int[] ids = Text(3001);
        List<TextLoss> told = [];

        TextLoss part = scorer.Score(ids, most: 1501, progress: new Listener<TextLoss>(told));

        Assert.Equal(part, told[^1]);
        Assert.True(told.Count > 1);
        TextLoss all = part + scorer.Score(ids[1500..]);
        Assert.Equal(scorer.Score(ids).Nats, all.Nats, 1e-3);
        Assert.Equal(3000, all.Tokens);
    }

    [Fact]
    public void A_text_is_encoded_and_read()
    {
        TextScorer scorer = new(SmallModels.Create("gpt"), _tokenizer);

        Assert.Equal(scorer.Score(_tokenizer.Encode("abcabcdefg"), 2), scorer.ScoreText("abcabcdefg", 2));
        Assert.Throws<TokenizerException>(() => scorer.ScoreText("xyz"));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        TextScorer scorer = new(SmallModels.Create("gpt"), _tokenizer);

        Assert.Equal("A loss needs at least two tokens, one to predict the other from; there are 1: take a longer text.",
            Fault(() => scorer.Score(Text(1))));
        Assert.Equal("The stride must be from 1 to the model's context, 6, not 7.", Fault(() => scorer.Score(Text(9), 7)));
        Assert.Equal("Token 7, at place 1005, is none of the model's, which are 0 to 6: make the tokens with the model's own tokenizer.",
            Fault(() => scorer.Score((int[])[.. Text(1005), 7])));
        Assert.Equal("The model knows no token that stands between documents: measure it on running text.",
            Fault(() => scorer.ScoreDocuments((string[])["a"])));
        Assert.Equal("There is no document to measure a loss on: give a file with a document a line.",
            Fault(() => new TextScorer(SmallModels.Create("gpt"), _tokenizer, 0).ScoreDocuments(Array.Empty<string>())));
    }

    private static string Fault(Func<TextLoss> measure) => Assert.Throws<ArgumentException>(() => { measure(); }).Message;

    private static int[] Text(int length) => IndexTensor.Randint(new RandomGenerator(5), 0, SmallModels.Vocabulary, length).ToArray();
}
