using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Language;

/// <summary>The questions of HellaSwag that a run asks its model as it learns, with every estimate of the validation loss.</summary>
public sealed record RunQuestions
{
    /// <summary>Gets the full path of the file.</summary>
    public required string Source { get; init; }

    /// <summary>Gets how many of its questions are asked, the first ones.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the SHA-256 of its text, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Reads a file of questions.</summary>
    /// <param name="path">The file, see <see cref="HellaSwagFile"/>.</param>
    /// <param name="most">How many of its questions are to be asked; all, if there are no more.</param>
    /// <exception cref="DataFileException">The file is missing or empty, or a line of it is no question.</exception>
    public static RunQuestions Of(string path, int most = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        string text = TextFile.Read(path);
        return new RunQuestions
        {
            Source = Path.GetFullPath(path),
            Count = Math.Min(HellaSwagFile.Parse(text, path).Count, most),
            Sha256 = TextDataset.Hash(text),
        };
    }

    /// <summary>Reads the questions again, in tokens.</summary>
    /// <exception cref="DataFileException">The file is missing.</exception>
    /// <exception cref="InvalidRunException">It has changed since the run began.</exception>
    /// <exception cref="TokenizerException">The tokenizer has no token for something in it.</exception>
    internal ChoiceQuestion[] Load(ITokenizer tokenizer)
    {
        string text = TextFile.Read(Source);
        if (TextDataset.Hash(text) != Sha256)
        {
            throw new InvalidRunException(
                $"The questions of {Source} have changed since the run began: put the old ones back, or begin a new run.");
        }

        string file = Path.GetFileName(Source);
        try
        {
            return
            [
                .. HellaSwagFile.Parse(text, Source).Take(Count).Select(question => question.Encode(tokenizer))
                    .Select(question => question with { Name = $"{file}: {question.Name}" }),
            ];
        }
        catch (TokenizerException error)
        {
            throw new TokenizerException($"{file}: {error.Message}", error);
        }
    }
}
