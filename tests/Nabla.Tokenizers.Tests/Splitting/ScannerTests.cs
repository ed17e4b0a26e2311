using System.Text;

namespace Nabla.Tokenizers.Tests.Splitting;

public sealed class ScannerTests
{
    [Theory]
    [InlineData("Hello've world123 how's are       you!!!?    ", "Hello|'ve| world|123| how|'s| are|      | you|!!!?|    ")]
    [InlineData("HOW'S\n  \n x  \n", "HOW|'|S|\n  \n| x|  \n")]
    public void Gpt2s_scanner_cuts(string text, string expected) => Assert.Equal(expected.Split('|'), Chunks<Gpt2Chunker>(text));

    [Theory]
    [InlineData("HOW'S 1234567    hello how’s 101!\n\n x  \n ", "HOW|'S| |123|456|7|   | hello| how|’s| |101|!\n\n| x|  \n| ")]
    public void Cl100ks_scanner_cuts(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Chunks<Cl100kChunker>(text));

    [Theory]
    [InlineData("HelloWorld HOW'S éA ÀB !ABC 中A文b /\n/x\n ", "Hello|World| HOW'S| é|A| ÀB| !|ABC| 中A文b| /\n/|x|\n| ")]
    public void O200ks_scanner_cuts(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Chunks<O200kChunker>(text));

    private static List<string> Chunks<T>(string text) where T : struct, IChunker
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        List<string> chunks = [];
        for (int start = 0, end; start < utf8.Length; start = end)
        {
            end = T.End(utf8, start);
            chunks.Add(Encoding.UTF8.GetString(utf8, start, end - start));
        }

        return chunks;
    }
}
