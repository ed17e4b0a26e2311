using System.Globalization;
using System.Text;

namespace Nabla.Cli.Views.Tokens;

/// <summary>How long a text is, in three measures.</summary>
/// <param name="Tokens">Tokens.</param>
/// <param name="Characters">Unicode characters.</param>
/// <param name="Bytes">Bytes of UTF-8.</param>
internal readonly record struct TokenCounts(int Tokens, int Characters, int Bytes)
{
    /// <summary>Gets how many bytes a token stands for on average: the compression ratio.</summary>
    public double BytesPerToken => Tokens == 0 ? 0 : (double)Bytes / Tokens;

    /// <summary>Counts a text.</summary>
    public static TokenCounts Of(string text, int tokens)
    {
        int pairs = 0;
        foreach (char unit in text)
        {
            pairs += char.IsLowSurrogate(unit) ? 1 : 0;
        }

        return new TokenCounts(tokens, text.Length - pairs, Encoding.UTF8.GetByteCount(text));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Tokens:N0} tokens, {Characters:N0} characters, {Bytes:N0} bytes: {BytesPerToken:F2} bytes a token");
}
