namespace Nabla.Tokenizers;

/// <summary>Reads a tokenizer from a file of any known format, which it tells by the content.</summary>
public static class TokenizerFile
{
    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or is in no known format.</exception>
    public static ITokenizer Load(string path) => CharacterTokenizer.Load(path);
}
