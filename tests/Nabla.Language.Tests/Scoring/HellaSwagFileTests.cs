using Nabla.Language.Data;
using Nabla.Language.Tests.Data;
using Nabla.Tokenizers;

namespace Nabla.Language.Tests.Scoring;

public sealed class HellaSwagFileTests : IDisposable
{
    private const string Good = """{"ind": 24, "ctx": "A man", "label": 3, "endings": ["sits.", "runs.", "eats.", "waits."]}""";

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "questions.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_question_is_read_with_its_line()
    {
        IReadOnlyList<HellaSwagQuestion> questions = Read($"{Good}\n\n{Good.Replace("\"label\": 3", "\"label\": \"1\"", StringComparison.Ordinal)}\n");

        Assert.Collection(
            questions,
            question =>
            {
                Assert.Equal((1, "A man", 3), (question.Line, question.Context, question.Label));
                Assert.Equal(["sits.", "runs.", "eats.", "waits."], question.Endings);
            },
            question => Assert.Equal((3, 1), (question.Line, question.Label)));
    }

    [Fact]
    public void The_space_before_an_ending_belongs_to_it()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.FromText(" .Aaeimnrstuw");

        ChoiceQuestion question = Read(Good)[0].Encode(tokenizer);

        Assert.Equal("A man", tokenizer.Decode(question.Context));
        Assert.Equal([" sits.", " runs.", " eats.", " waits."], question.Endings.Select(ending => tokenizer.Decode(ending)));
        Assert.Equal((3, 12), (question.Answer, question.Length));
    }

    [Theory]
    [InlineData("{\"ctx\": \"A man\",", "is no JSON (byte ")]
    [InlineData("xyz", "is no JSON (byte 0 of the line)")]
    [InlineData("[1, 2]", "is no JSON object")]
    [InlineData("{}", "has no text \"ctx\"")]
    [InlineData("{\"ctx\": \"\", \"label\": 1, \"endings\": [\"a\", \"b\", \"c\", \"d\"]}", "has no text \"ctx\"")]
    [InlineData("{\"ctx\": \"A\", \"label\": 1}", "has no four texts \"endings\"")]
    [InlineData("{\"ctx\": \"A\", \"label\": 1, \"endings\": [\"a\", \"b\", \"c\"]}", "has no four texts \"endings\"")]
    [InlineData("{\"ctx\": \"A\", \"label\": 1, \"endings\": [\"a\", \"b\", \"c\", 4]}", "has no four texts \"endings\"")]
    [InlineData("{\"ctx\": \"A\", \"label\": 1, \"endings\": [\"a\", \"b\", \"c\", \"d\", 5]}", "has no four texts \"endings\"")]
    [InlineData("{\"ctx\": \"A\", \"label\": 1, \"endings\": [\"a\", \"b\", \"c\", \"\"]}", "has no four texts \"endings\"")]
    [InlineData("{\"ctx\": \"A\", \"endings\": [\"a\", \"b\", \"c\", \"d\"]}", "has no \"label\" from 0 to 3")]
    [InlineData("{\"ctx\": \"A\", \"label\": 4, \"endings\": [\"a\", \"b\", \"c\", \"d\"]}", "has no \"label\" from 0 to 3")]
    [InlineData("{\"ctx\": \"A\", \"label\": \"\", \"endings\": [\"a\", \"b\", \"c\", \"d\"]}", "has no \"label\" from 0 to 3")]
    [InlineData("{\"ctx\": \"A\", \"label\": 1.5, \"endings\": [\"a\", \"b\", \"c\", \"d\"]}", "has no \"label\" from 0 to 3")]
    public void A_line_that_is_no_question_is_named(string line, string fault)
    {
        DataFileException exception = Assert.Throws<DataFileException>(() => Read($"{Good}\n{line}\n{Good}\n"));

        Assert.StartsWith($"{File}: line 2 {fault}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_file_without_a_question_is_named()
    {
        DataFileException exception = Assert.Throws<DataFileException>(() => Read("\n \n"));

        Assert.Equal($"{File} has no question in it: take HellaSwag's hellaswag_val.jsonl.", exception.Message);
        Assert.Contains("does not exist", Assert.Throws<DataFileException>(() => HellaSwagFile.Read(File + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_tokenizer_cannot_write_is_named_with_its_line()
    {
        TokenizerException exception = Assert.Throws<TokenizerException>(() => Read("\n" + Good)[0].Encode(CharacterTokenizer.FromText("abc")));

        Assert.StartsWith("Line 2: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    public void There_is_no_share_beyond_the_last(int rank, int world)
        => Assert.Throws<ArgumentOutOfRangeException>(() => HellaSwagFile.Share([1, 2, 3], rank, world));

    private IReadOnlyList<HellaSwagQuestion> Read(string content)
    {
        System.IO.File.WriteAllText(File, content);
        return HellaSwagFile.Read(File);
    }
}
