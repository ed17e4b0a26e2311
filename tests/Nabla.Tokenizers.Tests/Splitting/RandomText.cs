namespace Nabla.Tokenizers.Tests.Splitting;

/// <summary>Random texts of the kinds in tiktoken.json.</summary>
internal static class RandomText
{
    private static readonly RandomTexts _texts = new(TiktokenFixture.Kinds.EnumerateArray().Select(kind =>
        RandomTexts.Kind.Read(kind.GetProperty("least"), kind.GetProperty("most"), kind.GetProperty("items"))));

    /// <summary>The text of a seed other than 0.</summary>
    public static string Of(int seed) => _texts.Of(seed);
}
