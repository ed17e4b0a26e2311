namespace Nabla.Tokenizers;

/// <summary>Two tokens that stand side by side; what byte-pair encoding counts and merges.</summary>
/// <param name="Left">The id of the first.</param>
/// <param name="Right">The id of the second.</param>
public readonly record struct BytePair(int Left, int Right)
{
    /// <summary>The pair as <c>(101, 32)</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"({Left}, {Right})");
}
