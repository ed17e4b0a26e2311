using System.Text.Json;
using Nabla.Tests;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>Unigram models, which SentencePiece trained, encode as there.</summary>
public sealed class UnigramTests
{
    [Theory]
    [InlineData("sentencepiece-unigram")]
    [InlineData("sentencepiece-unigram-symbols")]
    public void Random_texts_and_files_have_the_ids_of_SentencePiece(string name)
    {
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Load(TestFiles.Fixture(name + ".model"));
        JsonElement stored = SentencePieceFixture.Part("unigram").GetProperty(name);
        Assert.Equal(SentencePieceModelType.Unigram, tokenizer.Model.Training.ModelType);
        SentencePieceFixture.AssertEncodesAsStored(tokenizer, stored);
        foreach (JsonProperty file in stored.GetProperty("files").EnumerateObject())
        {
            int[] ids = tokenizer.Encode(File.ReadAllText(TestFiles.Data(file.Name)));
            Assert.Equal((file.Name, file.Value.GetProperty("count").GetInt32()), (file.Name, ids.Length));
            Assert.Equal(file.Value.GetProperty("hash").GetString(), IdsHash.Of([ids]));
        }
    }
}
