namespace Nabla.Tokenizers;

/// <summary>Turns text into the integers that a language model works on, and back.</summary>
/// <remarks>
/// Ids run from 0 to <see cref="VocabularySize"/> - 1. For every text that a tokenizer accepts, <c>Decode(Encode(text))</c>
/// is that text. Implementations are immutable, so one instance serves any number of threads.
/// </remarks>
public interface ITokenizer
{
    /// <summary>The number of different ids, special tokens included: the width of a model's logits.</summary>
    int VocabularySize { get; }

    /// <summary>The ids of <paramref name="text"/>, in order; empty for an empty text.</summary>
    /// <exception cref="TokenizerException">The text holds something that the vocabulary cannot write.</exception>
    int[] Encode(ReadOnlySpan<char> text);

    /// <summary>The text that <paramref name="ids"/> stand for.</summary>
    /// <exception cref="TokenizerException">An id is below 0 or not below <see cref="VocabularySize"/>.</exception>
    string Decode(ReadOnlySpan<int> ids);
}
