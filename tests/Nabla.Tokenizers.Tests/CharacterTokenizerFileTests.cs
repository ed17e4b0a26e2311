using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Nabla.Tokenizers.Tests;

public sealed class CharacterTokenizerFileTests : IDisposable
{
    private static readonly Config _config = Config.QuickThrowOnFailure.WithReplay(0x6e61626c61, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("nabla-tokenizer-").FullName;

    private string FilePath => Path.Combine(_folder, "tokenizer.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_saved_is_loaded(bool boundary)
    {
        var tokenizer = CharacterTokenizer.FromText("a\"\\é\u2028😀\0" + (boundary ? "" : "\n"), boundary);
        File.WriteAllText(FilePath, "an older file");

        tokenizer.Save(FilePath);
        var loaded = CharacterTokenizer.Load(FilePath);

        Assert.Equal(tokenizer.Characters, loaded.Characters);
        Assert.Equal(tokenizer.BoundaryId, loaded.BoundaryId);
        Assert.Equal([FilePath], Directory.GetFiles(_folder));
    }

    [Fact]
    public void The_file_is_what_the_documentation_says()
    {
        var json = Encoding.UTF8.GetString(CharacterTokenizer.FromText("b\na", boundary: true).ToJson());

        Assert.Equal("""
            {
              "type": "character",
              "version": 1,
              "boundary": true,
              "characters": [
                "a",
                "b"
              ]
            }

            """.ReplaceLineEndings("\n"), json);
    }

    [Theory]
    [InlineData("""[]""", "no object")]
    [InlineData("""{"type": "bpe", "version": 1, "boundary": false, "characters": ["a"]}""", "\"type\"")]
    [InlineData("""{"type": 7, "version": 1, "boundary": false, "characters": ["a"]}""", "\"type\" is of the wrong type")]
    [InlineData("""{"version": 1, "boundary": false, "characters": ["a"]}""", "\"type\" is missing")]
    [InlineData("""{"type": "character", "version": 2, "boundary": false, "characters": ["a"]}""", "\"version\" must be 1")]
    [InlineData("""{"type": "character", "version": 1e9999, "boundary": false, "characters": ["a"]}""", "\"version\"")]
    [InlineData("""{"type": "character", "version": 1, "boundary": 1, "characters": ["a"]}""", "\"boundary\"")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": {}}""", "\"characters\"")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": []}""", "empty")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": ["a", "bc"]}""", "entry 1")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": [""]}""", "entry 0")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": [5]}""", "entry 0")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": ["a", "a"]}""", "twice")]
    [InlineData("""{"type": "character", "version": 1, "boundary": true, "characters": ["\n"]}""", "line break")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": ["\ud83d"]}""", "not valid Unicode")]
    [InlineData("""{"type": "character", "version": 1, "boundary": false, "characters": ["a"], "extra": 0}""", "other than")]
    [InlineData("""{"type": "character", "type": "character", "version": 1, "boundary": false, "characters": ["a"]}""", "JSON")]
    [InlineData("""{"type": "character",""", "JSON")]
    [InlineData("", "JSON")]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]", "JSON")]
    public void A_wrong_file_is_refused_with_one_line_that_says_why(string json, string part)
    {
        File.WriteAllText(FilePath, json);

        var exception = Assert.Throws<TokenizerException>(() => CharacterTokenizer.Load(FilePath));

        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(FilePath, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_in_one_line()
    {
        Assert.Contains(FilePath, Assert.Throws<TokenizerException>(() => CharacterTokenizer.Load(FilePath)).Message,
            StringComparison.Ordinal);
        Assert.Contains(_folder, Assert.Throws<TokenizerException>(() => CharacterTokenizer.Load(_folder)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_longer_than_any_vocabulary_is_refused_before_it_is_read()
    {
        using (FileStream stream = File.Create(FilePath))
        {
            stream.SetLength(1L << 40);
        }

        Assert.Contains("32 MiB", Assert.Throws<TokenizerException>(() => CharacterTokenizer.Load(FilePath)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_where_nothing_can_be_written_is_refused_in_one_line()
    {
        var tokenizer = CharacterTokenizer.FromText("ab");

        Assert.Throws<TokenizerException>(() => tokenizer.Save(Path.Combine(_folder, "missing", "tokenizer.json")));
        Directory.CreateDirectory(FilePath);
        Assert.Throws<TokenizerException>(() => tokenizer.Save(FilePath));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Random_bytes_are_a_tokenizer_or_the_one_exception() =>
        Check.One(_config, Prop.ForAll<byte[]>(bytes => IsTokenizerOrRefused(bytes)));

    [Fact]
    public void A_valid_file_with_changed_bytes_is_a_tokenizer_or_the_one_exception()
    {
        var valid = CharacterTokenizer.FromText("ab\"\\é😀\n").ToJson();
        Gen<(int Place, byte Value)> change =
            from place in Gen.Choose(0, valid.Length - 1)
            from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("\"\\{}[]:,u0d8".Select(c => (int)c).ToArray()))
            select (place, (byte)value);
        Gen<byte[]> mutated =
            from changes in change.NonEmptyListOf()
            from cut in Gen.Choose(0, valid.Length)
            from keep in Gen.Elements(true, true, true, false)
            select Mutate(changes, keep ? valid.Length : cut);

        Check.One(_config.WithMaxTest(2000), Prop.ForAll(mutated.ToArbitrary(), IsTokenizerOrRefused));

        byte[] Mutate(IEnumerable<(int Place, byte Value)> changes, int length)
        {
            var bytes = (byte[])valid.Clone();
            foreach ((int place, byte value) in changes)
            {
                bytes[place] = value;
            }

            return bytes[..length];
        }
    }

    private static bool IsTokenizerOrRefused(byte[] bytes)
    {
        try
        {
            return CharacterTokenizer.FromJson(bytes).VocabularySize > 0;
        }
        catch (TokenizerException exception)
        {
            return !exception.Message.Contains('\n', StringComparison.Ordinal);
        }
    }
}
