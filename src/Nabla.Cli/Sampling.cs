using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Cli;

/// <summary>Draws texts as a user means them: a document for a word list, a passage for running text.</summary>
internal sealed class Sampling(Gpt model, ITokenizer tokenizer)
{
    private readonly Generator _generator = new(model, tokenizer);
    private readonly int? _boundary = (tokenizer as CharacterTokenizer)?.BoundaryId;

    /// <summary>Gets whether a text is a document, which ends by itself.</summary>
    public bool IsOfDocuments => _boundary is not null;

    /// <summary>Returns a prompt and what follows it, piece by piece.</summary>
    /// <param name="prompt">The text to begin with, or an empty one.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="stop">Ends the text early.</param>
    /// <exception cref="TokenizerException">The prompt has a character that the model does not know.</exception>
    public IEnumerable<string> Stream(string prompt, GenerationOptions options, CancellationToken stop)
    {
        int[] ids = tokenizer.Encode(prompt);
        int[] start = IsOfDocuments || ids.Length == 0 ? [Generator.StartToken(tokenizer), .. ids] : ids;
        IEnumerable<string> text = _generator.Stream(start, options with { StopToken = _boundary }, stop);
        return prompt.Length > 0 ? text.Prepend(prompt) : text;
    }
}
