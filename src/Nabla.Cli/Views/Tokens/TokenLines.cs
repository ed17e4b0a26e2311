using System.Globalization;
using Nabla.Cli.Tokenizing;
using Nabla.Tokenizers;

namespace Nabla.Cli.Views.Tokens;

/// <summary>Shows tokens as lines, an id and its text each: for a pipe, or a terminal without colours.</summary>
internal static class TokenLines
{
    /// <summary>Writes a line for each token.</summary>
    public static void Write(TextWriter output, ITokenizer tokenizer, ReadOnlySpan<TokenSpan> spans)
    {
        foreach (TokenSpan span in spans)
        {
            output.Write(span.Id.ToString(CultureInfo.InvariantCulture));
            output.Write('\t');
            output.WriteLine(TokenText.Quote(tokenizer.TokenBytes(span.Id)));
        }
    }
}
