using static Nabla.Tokenizers.Tests.Lecture09.Published;

namespace Nabla.Tokenizers.Tests.Lecture09;

/// <summary>The ids that the lecture shows, of GPT-2's and GPT-4's tokenizers.</summary>
public sealed class PublishedIdsTests
{
    [Fact]
    [Trait("Number", "L09-068")]
    [Trait("Number", "L09-069")]
    public void The_demonstration_takes_300_tokens_of_GPT2_and_185_of_GPT4()
    {
        Assert.Equal(300, Gpt2.Encode(DemonstrationText + "\n").Length);
        Assert.Equal(299, Gpt2.Encode(DemonstrationText).Length);
        Assert.Equal(185, Cl100k.Encode(DemonstrationText + "\n").Length);
        Assert.Equal(185, Cl100k.Encode(DemonstrationText).Length);
    }

    [Fact]
    [Trait("Number", "L09-078")]
    public void The_program_takes_107_tokens_of_GPT2_and_71_of_GPT4()
    {
        Assert.Equal(107, Gpt2.Encode(FizzBuzz).Length);
        Assert.Equal(71, Cl100k.Encode(FizzBuzz).Length);
    }

    [Theory]
    [Trait("Number", "L09-070")]
    [Trait("Number", "L09-072")]
    [Trait("Number", "L09-073")]
    [Trait("Number", "L09-075")]
    [Trait("Number", "L09-076")]
    [Trait("Number", "L09-082")]
    [Trait("Number", "L09-085")]
    [Trait("Number", "L09-091")]
    [Trait("Number", "L09-093")]
    [Trait("Number", "L09-122")]
    [InlineData("Tokenization is at the heart of much weirdness of LLMs. Do not brush it off.",
        "30642,1634,318,379,262,2612,286,881,7650,1108,286,27140,10128,13,2141,407,14093,340,572,13")]
    [InlineData("127 + 677 = 804", "16799,1343,718,3324,796,807,3023")]
    [InlineData("1275 + 6773 = 8041", "1065,2425,1343,718,46871,796,807,50049")]
    [InlineData("Egg.", "36,1130,13")]
    [InlineData("I have an Egg.", "40,423,281,14562,13")]
    [InlineData("egg.", "33856,13")]
    [InlineData("EGG.", "7156,38,13")]
    [InlineData(" ", "220")]
    [InlineData("    if", "220,220,220,611")]
    [InlineData("        if", "220,220,220,220,220,220,220,611")]
    [InlineData("<|endoftex", "27,91,437,1659,16886")]
    [InlineData(".DefaultCellStyle", "13,19463,28780,21466")]
    [InlineData("    hello world!!!", "220,220,220,23748,995,10185")]
    [InlineData("hello world!!!? (안녕하세요!) lol123 😉",
        "31373,995,10185,30,357,168,243,230,167,227,243,47991,246,168,226,116,168,248,242,8133,19462,10163,30325,231")]
    [InlineData(".DefaultCellSta", "13,19463,28780,1273,64")]
    public void GPT2_encodes_as_shown(string text, string ids) => Check(Gpt2, text, ids);

    [Theory]
    [Trait("Number", "L09-071")]
    [Trait("Number", "L09-074")]
    [Trait("Number", "L09-077")]
    [Trait("Number", "L09-082")]
    [Trait("Number", "L09-084")]
    [Trait("Number", "L09-085")]
    [Trait("Number", "L09-087")]
    [Trait("Number", "L09-088")]
    [Trait("Number", "L09-091")]
    [Trait("Number", "L09-092")]
    [Trait("Number", "L09-099")]
    [Trait("Number", "L09-122")]
    [InlineData("Tokenization is at the heart of much weirdness of LLMs. Do not brush it off.",
        "3404,2065,374,520,279,4851,315,1790,16682,2136,315,445,11237,82,13,3234,539,15998,433,1022,13")]
    [InlineData("127 + 677 = 804", "6804,489,220,24375,284,220,20417")]
    [InlineData("1275 + 6773 = 8041", "6804,20,489,220,24375,18,284,220,20417,16")]
    [InlineData("    if", "262,422")]
    [InlineData("        if", "286,422")]
    [InlineData("<|endoftex", "27,91,8862,728,327")]
    [InlineData("world", "14957")]
    [InlineData(" world", "1917")]
    [InlineData(".DefaultCellStyle", "98518")]
    [InlineData("hello", "15339")]
    [InlineData("안녕하세요", "31495,230,75265,243,92245")]
    [InlineData(" 안녕하세요", "96270,75265,243,92245")]
    [InlineData(" 안녕", "96270,75265,243")]
    [InlineData(" Oh", "8840")]
    [InlineData(" o", "297")]
    [InlineData("    hello world!!!", "262,24748,1917,12340")]
    [InlineData("hello world!!!? (안녕하세요!) lol123 😉", "15339,1917,12340,30,320,31495,230,75265,243,92245,16715,28509,4513,57037")]
    [InlineData(" SolidGoldMagikarp", "22925,26509,34015,1609,8035")]
    [InlineData(".DefaultCellSta", "13578,3683,626,64")]
    public void GPT4_encodes_as_shown(string text, string ids) => Check(Cl100k, text, ids);

    [Fact]
    [Trait("Number", "L09-073")]
    public void Numbers_are_cut_where_training_happened_to_cut_them() =>
        Assert.Equal("12|75| +| 6|773| =| 8|041", string.Join('|', Gpt2.Encode("1275 + 6773 = 8041").Select(id => Text(Gpt2, id))));

    [Fact]
    [Trait("Number", "L09-086")]
    public void Korean_takes_three_times_the_tokens_of_English()
    {
        Assert.Equal(5, Cl100k.Encode("Hello how are you?").Length);
        Assert.Equal(15, Cl100k.Encode("안녕하세요 어떻게 지내세요?").Length);
    }

    [Fact]
    [Trait("Number", "L09-089")]
    public void A_trailing_space_is_a_token_of_its_own()
    {
        const string Prompt = "Here's a tagline for an ice cream shop: ";

        Assert.Equal(220, Cl100k.Encode(Prompt)[^1]);
        Assert.Equal(220, Gpt2.Encode(Prompt)[^1]);
    }

    [Fact]
    [Trait("Number", "L09-090")]
    public void YAML_takes_fewer_tokens_than_JSON_of_the_same_data()
    {
        const string Json = """
            {
              "name": "Alice",
              "age": 30,
              "skills": ["C#", "BPE"],
              "address": {
                "city": "Prague",
                "zip": "11000"
              }
            }
            """;
        const string Yaml = """
            name: Alice
            age: 30
            skills:
              - C#
              - BPE
            address:
              city: Prague
              zip: "11000"

            """;

        Assert.Equal(50, Cl100k.Encode(Json).Length);
        Assert.Equal(34, Cl100k.Encode(Yaml).Length);
    }

    [Fact]
    [Trait("Number", "L09-122")]
    public void A_part_of_a_token_is_no_prefix_of_its_ids() =>
        Assert.NotEqual(98518, Cl100k.Encode(".DefaultCellSta")[0]);

    [Fact]
    [Trait("Number", "L09-123")]
    public void What_a_model_that_sees_one_token_is_asked_for()
    {
        const string Text = ".DefaultCellStyle";

        Assert.Single(Cl100k.Encode(Text));
        Assert.Equal(4, Text.Count(letter => letter is 'l' or 'L'));
        Assert.Equal("elytSlleCtluafeD.", new string([.. Text.Reverse()]));
    }

    private static void Check(RegexTokenizer tokenizer, string text, string ids)
    {
        int[] actual = tokenizer.Encode(text);

        Assert.Equal(ids, Join(actual));
        Assert.Equal(text, tokenizer.Decode(actual));
    }
}
