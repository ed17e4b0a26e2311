using System.Security.Cryptography;
using Nabla.Tokenizers;

namespace Nabla.Language.Data;

/// <summary>A tokenizer that is kept in a folder beside what was made with it, in its own format.</summary>
public sealed record SavedTokenizer
{
    /// <summary>Gets the name of its file: <c>tokenizer</c> and the ending of its format.</summary>
    public required string File { get; init; }

    /// <summary>Gets the SHA-256 of the file, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Writes a tokenizer into a folder.</summary>
    /// <exception cref="TokenizerException">The file cannot be written, or its format cannot hold the tokenizer.</exception>
    internal static SavedTokenizer Save(ITokenizer tokenizer, string folder)
    {
        string path = Path.Combine(folder, "tokenizer" + tokenizer.FileExtension);
        tokenizer.Save(path);
        return new SavedTokenizer { File = Path.GetFileName(path), Sha256 = HashOf(path) };
    }

    /// <summary>Returns its path in a folder; what stands in a file of ours leads to no other folder.</summary>
    internal string PathIn(string folder) => Path.Combine(folder, Path.GetFileName(File));

    /// <summary>Reads the tokenizer back; null if the file is no longer the one that was written.</summary>
    /// <exception cref="TokenizerException">The file is missing.</exception>
    internal ITokenizer? Load(string folder)
    {
        string path = PathIn(folder);
        return System.IO.File.Exists(path) && HashOf(path) != Sha256 ? null : TokenizerFile.Load(path);
    }

    private static string HashOf(string path)
    {
        using FileStream file = System.IO.File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
