using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Cli;

/// <summary>Draws texts as a user means them: a document where the model learned documents, else a passage.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="boundary">The token between documents; null for running text.</param>
/// <param name="opensPrompts">
/// Whether a prompt is the beginning of a document, with the boundary before it. A GPT-2 of others goes on from a prompt as it is, as
/// everywhere else.
/// </param>
internal sealed class Sampling(LanguageModel model, ITokenizer tokenizer, int? boundary, bool opensPrompts = true)
{
    private readonly Generator _generator = new(model, tokenizer);

    /// <summary>Returns a prompt and what follows it, piece by piece.</summary>
    /// <param name="prompt">The text to begin with, or an empty one.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="stop">Ends the text early.</param>
    /// <exception cref="TokenizerException">The prompt has a character that the model does not know.</exception>
    public IEnumerable<string> Stream(string prompt, GenerationOptions options, CancellationToken stop)
    {
        IEnumerable<string> text = _generator.Stream(Start(prompt), options with { StopToken = boundary }, stop);
        return prompt.Length > 0 ? text.Prepend(prompt) : text;
    }

    /// <summary>Returns several texts that begin with a prompt, the first by the seed given and each next by one more.</summary>
    /// <inheritdoc cref="Stream"/>
    /// <param name="prompt">The text to begin with, or an empty one.</param>
    /// <param name="count">The number of texts.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="stop">Ends the texts early.</param>
    public IEnumerable<string> Many(string prompt, int count, GenerationOptions options, CancellationToken stop)
    {
        int[] start = Start(prompt);
        return _generator.GenerateMany([.. Enumerable.Repeat(start, count)], options with { StopToken = boundary }, stop)
            .Select(text => prompt + text);
    }

    private int[] Start(string prompt)
    {
        int[] ids = tokenizer.Encode(prompt);
        return (boundary is not null && opensPrompts) || ids.Length == 0 ? [boundary ?? Generator.StartToken(tokenizer), .. ids] : ids;
    }
}
