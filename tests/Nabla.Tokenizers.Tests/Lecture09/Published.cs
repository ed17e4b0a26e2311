using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Lecture09;

/// <summary>OpenAI's tokenizers, loaded once for all tests, and the texts that the lecture shows with them.</summary>
internal static class Published
{
    /// <summary>The Python program of the lecture's demonstration.</summary>
    public const string FizzBuzz = """
        for i in range(1, 101):
            if i % 3 == 0 and i % 5 == 0:
                print("FizzBuzz")
            elif i % 3 == 0:
                print("Fizz")
            elif i % 5 == 0:
                print("Buzz")
            else:
                print(i)
        """;

    /// <summary>What the lecture types into the viewer, without a line break at its end.</summary>
    public const string DemonstrationText = """
        Tokenization is at the heart of much weirdness of LLMs. Do not brush it off.

        127 + 677 = 804
        1275 + 6773 = 8041

        Egg.
        I have an Egg.
        egg.
        EGG.

        만나서 반가워요. 저는 OpenAI에서 개발한 대규모 언어 모델인 ChatGPT입니다. 궁금한 것이 있으시면 무엇이든 물어보세요.


        """ + FizzBuzz;

    private static readonly Lazy<RegexTokenizer> _gpt2 = new(() =>
        NamedEncoding.Gpt2.Load(TestFiles.Data("vocab.bpe"), TestFiles.Data("encoder.json")));

    private static readonly Lazy<RegexTokenizer> _cl100k = new(() =>
        NamedEncoding.Cl100kBase.Load(TestFiles.Data("cl100k_base.tiktoken")));

    public static RegexTokenizer Gpt2 => _gpt2.Value;

    public static RegexTokenizer Cl100k => _cl100k.Value;

    /// <summary>Ids as the list of numbers writes them.</summary>
    public static string Join(IEnumerable<int> ids) => string.Join(',', ids);

    /// <summary>The text of one token.</summary>
    public static string Text(RegexTokenizer tokenizer, int id) => tokenizer.Decode([id]);
}
