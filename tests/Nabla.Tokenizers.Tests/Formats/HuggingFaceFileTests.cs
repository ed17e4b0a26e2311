using System.Text;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.Formats;

public sealed class HuggingFaceFileTests : IDisposable
{
    private const string Small = """
        {
          "added_tokens": [{"id": 258, "content": "<end>", "special": true}],
          "normalizer": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
          "model": {"type": "BPE", "vocab": {BYTES, "aa": 256, "aaĠ": 257, "<end>": 258}, "merges": ["a a", "aa Ġ"]}
        }
        """;

    private static readonly string _bytes =
        string.Join(", ", Enumerable.Range(0, 256).Select(value => $"{Quote(ByteAlphabet.Characters[value])}: {value}"));

    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-huggingface-").FullName;

    private string FilePath => Path.Combine(_folder, "tokenizer.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_published_GPT2_file_is_the_same_tokenizer_as_its_pair_of_files()
    {
        var pair = (RegexTokenizer)TokenizerFile.Load(TestFiles.Data("encoder.json"));

        var single = (RegexTokenizer)TokenizerFile.Load(TestFiles.Data("gpt2_tokenizer.json"));

        SameTokenizer.Assert(pair, single);
        Assert.Equal(50257, single.VocabularySize);
    }

    [Theory]
    [InlineData("vocab.bpe")]
    [InlineData("cl100k_base.tiktoken")]
    [InlineData("o200k_base.tiktoken")]
    public void What_was_written_is_read_back_the_same(string name)
    {
        var tokenizer = (RegexTokenizer)TokenizerFile.Load(TestFiles.Data(name));

        tokenizer.Save(FilePath);

        SameTokenizer.Assert(tokenizer, (RegexTokenizer)TokenizerFile.Load(FilePath));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(SplitPatterns.Gpt2)]
    [InlineData(SplitPatterns.Cl100k)]
    [InlineData(@"[a-z]+|\p{N}|""\\")]
    public void A_trained_tokenizer_with_any_pattern_and_special_tokens_is_read_back_the_same(string? pattern)
    {
        TextSplitter splitter = pattern is null ? TextSplitter.None : TextSplitter.FromPattern(pattern);
        RegexTokenizer tokenizer = RegexTokenizer.Train("the theatre then, the thing é 12 12 12 12", 280, splitter).WithSpecialTokens(
        [
            new("<|endoftext|>", 300), new("é", 301), new("th", 302), new("two words", 303), new("Ġ", 304), new("\"\\\n😀", 305), new("é!", 1000),
        ]);

        tokenizer.Save(FilePath);

        SameTokenizer.Assert(tokenizer, HuggingFaceFile.Load(FilePath));
    }

    [Theory]
    [InlineData("\"merges\": [\"a a\", \"aa Ġ\"]", "\"merges\": [[\"a\", \"a\"], [\"aa\", \"Ġ\"]]")]
    [InlineData("\"type\": \"BPE\", ", "")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": []}")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}",
        "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"ByteLevel\", \"add_prefix_space\": false}]}")]
    [InlineData("\"merges\":", "\"unk_token\": \"<end>\", \"dropout\": 0.0, \"merges\":")]
    [InlineData(", \"<end>\": 258", "")]
    public void Another_way_of_writing_it_is_the_same_tokenizer(string part, string other)
    {
        RegexTokenizer expected = Parse(Small);

        SameTokenizer.Assert(expected, Parse(Small.Replace(part, other, StringComparison.Ordinal)));
        Assert.Equal([256, 97, 258], expected.Encode("aaa<end>", SpecialTokenPolicy.Allow));
    }

    [Theory]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}""", null)]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}""", SplitPatterns.Gpt2)]
    [InlineData("""
        {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "\\d"}, "behavior": "Isolated", "invert": false},
          {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}
        """, @"\d")]
    [InlineData("""
        {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"String": "a.b"}, "behavior": "Isolated", "invert": true},
          {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}
        """, @"a\.b")]
    public void The_pattern_is_where_the_file_says(string preTokenizer, string? pattern)
    {
        RegexTokenizer tokenizer = Parse(Small.Replace("""{"type": "ByteLevel", "add_prefix_space": false}""", preTokenizer, StringComparison.Ordinal));

        Assert.Equal(pattern, tokenizer.Splitter.Pattern);
    }

    [Fact]
    public void Removing_what_a_known_pattern_leaves_is_removing_nothing()
    {
        var split = $$"""
            {"type": "Sequence", "pretokenizers": [
              {"type": "Split", "pattern": {"Regex": {{System.Text.Json.JsonSerializer.Serialize(SplitPatterns.Cl100k)}}}, "behavior": "Removed", "invert": true},
              {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}
            """;

        RegexTokenizer tokenizer = Parse(Small.Replace("""{"type": "ByteLevel", "add_prefix_space": false}""", split, StringComparison.Ordinal));

        Assert.Equal(SplitPatterns.Cl100k, tokenizer.Splitter.Pattern);
    }

    [Theory]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"WordPiece\"", "model.type is \"WordPiece\"")]
    [InlineData("\"type\": \"BPE\"", "\"type\": 3", "model.type must be a string")]
    [InlineData("\"type\": \"BPE\"", "\"byte_fallback\": true", "model.byte_fallback")]
    [InlineData("\"type\": \"BPE\"", "\"byte_fallback\": 1", "model.byte_fallback must be true or false")]
    [InlineData("\"type\": \"BPE\"", "\"dropout\": 0.1", "model.dropout")]
    [InlineData("\"type\": \"BPE\"", "\"end_of_word_suffix\": \"</w>\"", "model.end_of_word_suffix")]
    [InlineData("\"type\": \"BPE\"", "\"continuing_subword_prefix\": \"##\"", "model.continuing_subword_prefix")]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}", "normalizer \"NFC\"")]
    [InlineData("\"add_prefix_space\": false", "\"add_prefix_space\": true", "pre_tokenizer.add_prefix_space")]
    [InlineData("\"type\": \"ByteLevel\"", "\"type\": \"Metaspace\"", "\"Metaspace\"")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", "null", "pre_tokenizer is missing")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", "[]", "pre_tokenizer must be an object, not an array")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", "{\"type\": \"Sequence\", \"pretokenizers\": []}", "other chains")]
    [InlineData("\"special\": true", "\"special\": true, \"lstrip\": true", "added_tokens[0] (\"<end>\") has lstrip")]
    [InlineData("\"id\": 258", "\"id\": -1", "added_tokens[0].id")]
    [InlineData("\"id\": 258", "\"id\": 2000000000", "added_tokens[0].id")]
    [InlineData("\"id\": 258", "\"id\": 65", "which is an ordinary token")]
    [InlineData("\"<end>\": 258", "\"<end>\": 257", "id 257 is given twice")]
    [InlineData("\"aa\": 256", "\"aa\": 2000000000", "model.vocab[\"aa\"] must be an id")]
    [InlineData("\"aa\": 256", "\"aa\": 1.5", "model.vocab[\"aa\"] must be an id")]
    [InlineData("\"aa\": 256", "\"aa\": \"256\"", "model.vocab[\"aa\"] must be an id")]
    [InlineData("\"aa\": 256", "\"aa\": 256, \"aa\": 300", "tokens 256 and 300 are the same bytes")]
    [InlineData("\"aa\": 256", "\"aa\": 256, \"日本\": 300", "\"日本\", which is not written in the byte alphabet")]
    [InlineData("\"aa\": 256", "\"aa\": 256, \"\": 300", "without text")]
    [InlineData("\"aa\": 256", "\"a\\ud83d\": 256", "not valid Unicode")]
    [InlineData("\"a a\"", "\"a b\"", "model.merges[0]: \"ab\" is no token")]
    [InlineData("\"a a\"", "\"a a a\"", "model.merges[0]: it has characters that stand for no byte")]
    [InlineData("\"a a\"", "\"aa\"", "model.merges[0]: it must be two tokens")]
    [InlineData("\"a a\"", "7", "model.merges[0] must be a string")]
    [InlineData("\"a a\"", "[\"a\", 7]", "model.merges[0] must be a string")]
    [InlineData("\"a a\"", "[\"a\"]", "model.merges[0] must be a string, not an array")]
    [InlineData("\"merges\": [\"a a\", \"aa Ġ\"]", "\"merges\": {}", "model.merges must be an array, not an object")]
    [InlineData(", \"merges\": [\"a a\", \"aa Ġ\"]", "", "model.merges is missing")]
    [InlineData("\"aaĠ\": 257,", "\"aaĠ\": 257", "no valid JSON at line 5")]
    public void What_is_wrong_or_not_supported_is_refused_by_name(string part, string other, string message)
    {
        Assert.Contains(part, Small, StringComparison.Ordinal);
        File.WriteAllText(FilePath, Fill(Small.Replace(part, other, StringComparison.Ordinal)));

        var exception = Assert.Throws<TokenizerException>(() => TokenizerFile.Load(FilePath));

        Assert.StartsWith(FilePath, exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Unknown_tokens_are_refused_where_a_byte_is_no_token()
    {
        var json = Small.Replace("BYTES", "\"a\": 97, \"Ġ\": 32", StringComparison.Ordinal);
        Assert.Equal(259, Parse(json).VocabularySize);

        var exception = Assert.Throws<TokenizerException>(() =>
            Parse(json.Replace("\"merges\":", "\"unk_token\": \"<end>\", \"merges\":", StringComparison.Ordinal)));

        Assert.Contains("model.unk_token", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ignores_merges_for_whole_chunks_keeps_the_merges_that_are_not_its_ids()
    {
        // Not ranks: the token with the lower id merges later.
        var json = Small.Replace("\"aa\": 256, \"aaĠ\": 257", "\"aaĠ\": 256, \"aa\": 257", StringComparison.Ordinal)
            .Replace("\"merges\":", "\"ignore_merges\": true, \"merges\":", StringComparison.Ordinal);

        BytePairVocabulary vocabulary = Parse(json).Vocabulary;

        Assert.True(vocabulary.MatchesWholeChunks);
        Assert.False(vocabulary.MergesByRank);
        Assert.Equal([new BytePair(97, 97), new BytePair(257, 32)], vocabulary.Merges);
    }

    [Theory]
    [InlineData("true", "257")]
    [InlineData("false", "98,256")]
    public void A_token_that_no_merge_makes_is_found_as_a_whole_chunk_where_the_file_ignores_merges(string ignored, string expected)
    {
        RegexTokenizer tokenizer = Parse($$"""
            {
              "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
              "model": {"vocab": {BYTES, "ab": 256, "bab": 257}, "merges": ["a b"], "ignore_merges": {{ignored}}}
            }
            """);

        Assert.Equal(expected, string.Join(',', tokenizer.Encode("bab")));
        Assert.Equal("32,98,256", string.Join(',', tokenizer.Encode(" bab")));

        tokenizer.Save(FilePath);
        SameTokenizer.Assert(tokenizer, HuggingFaceFile.Load(FilePath));
    }

    private static RegexTokenizer Parse(string json) => HuggingFaceFile.Parse(Encoding.UTF8.GetBytes(Fill(json)));

    private static string Fill(string json) => json.Replace("BYTES", _bytes, StringComparison.Ordinal);

    private static string Quote(char character) => character is '"' or '\\' ? $"\"\\{character}\"" : $"\"{character}\"";
}
