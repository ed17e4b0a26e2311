using Nabla.Language.Tests.Models;

namespace Nabla.Language.Tests.Scoring;

public sealed class TokenProbabilitiesTests
{
    private static readonly int[] _ids = [3, 1, 4, 1, 5, 2];

    [Theory]
    [MemberData(nameof(SmallModels.Names), MemberType = typeof(SmallModels))]
    public void They_are_those_of_the_softmax(string name)
    {
        LanguageModel model = SmallModels.Create(name);
        int[] ids = _ids[..Math.Min(_ids.Length, Math.Max(model.LongestRow, 2))];

        float[] logarithms = TokenProbabilities.Logarithms(model, ids);

        Assert.Equal(ids.Length - 1, logarithms.Length);
        for (int i = 1; i < ids.Length; i++)
        {
            float[] logits = TokenProbabilities.NextLogits(model, ids.AsSpan(..i));
            double sum = logits.Sum(logit => Math.Exp(logit));
            Assert.Equal(SmallModels.Vocabulary, logits.Length);
            Assert.Equal(Math.Log(Math.Exp(logits[ids[i]]) / sum), logarithms[i - 1], 1e-5);
        }
    }

    [Fact]
    public void The_first_token_has_none()
        => Assert.Empty(TokenProbabilities.Logarithms(SmallModels.Create("gpt"), [3]));

    [Fact]
    public void What_the_model_cannot_see_is_refused()
    {
        LanguageModel gpt = SmallModels.Create("gpt");
        int[] seven = [.. _ids, 1];

        Assert.Equal(6, TokenProbabilities.Logarithms(gpt, seven).Length);
        Assert.Equal("7 tokens are too many: the model sees 6 at once.", Fault(() => TokenProbabilities.NextLogits(gpt, seven)));
        Assert.Equal("8 tokens are too many: the model sees 6 at once.", Fault(() => TokenProbabilities.Logarithms(gpt, [.. seven, 1])));
        Assert.Equal("There is no token: give at least one.", Fault(() => TokenProbabilities.Logarithms(gpt, [])));
        Assert.Equal("Token 7, at place 1, is none of the model's, which are 0 to 6.", Fault(() => TokenProbabilities.NextLogits(gpt, [1, 7])));
        Assert.Throws<ArgumentException>(() => TokenProbabilities.Logarithms(gpt, [1, -1]));
    }

    private static string Fault(Func<float[]> ask) => Assert.Throws<ArgumentException>(() => { ask(); }).Message;
}
