using System.Globalization;

namespace Nabla.Tokenizers;

/// <summary>Encodes many texts at once.</summary>
public static class BatchEncoding
{
    /// <summary>The ids of each text, made on all cores: the same as <see cref="ITokenizer.Encode"/> gives for each.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="TokenizerException">A text cannot be encoded; the message names the first such text.</exception>
    public static int[][] EncodeBatch(
        this ITokenizer tokenizer, IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(texts);
        var ids = new int[texts.Count][];
        OrderedParallel.Run(texts.Count, index =>
        {
            try
            {
                ids[index] = tokenizer.Encode(texts[index]);
            }
            catch (TokenizerException exception)
            {
                throw new TokenizerException(
                    string.Create(CultureInfo.InvariantCulture, $"text {index} of the batch: {exception.Message}"), exception);
            }
        }, cancellationToken);

        return ids;
    }
}
