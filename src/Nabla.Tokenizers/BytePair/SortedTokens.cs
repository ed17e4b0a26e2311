namespace Nabla.Tokenizers;

/// <summary>The tokens of a vocabulary in the order of their bytes, so that those with a common beginning stand together.</summary>
internal sealed class SortedTokens
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly int[] _ids;

    public SortedTokens(BytePairVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _ids = [.. Enumerable.Range(0, vocabulary.Size).Where(id => !vocabulary.TokenBytes(id).IsEmpty)];
        Array.Sort(_ids, (left, right) => vocabulary.TokenBytes(left).SequenceCompareTo(vocabulary.TokenBytes(right)));
    }

    /// <summary>The ids of all tokens that begin with some bytes, or are them.</summary>
    public ReadOnlySpan<int> BeginningWith(ReadOnlySpan<byte> bytes)
    {
        int first = 0, end = _ids.Length;
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (_vocabulary.TokenBytes(_ids[middle]).SequenceCompareTo(bytes) < 0)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        while (end < _ids.Length && _vocabulary.TokenBytes(_ids[end]).StartsWith(bytes))
        {
            end++;
        }

        return _ids.AsSpan(first, end - first);
    }
}
