using System.Runtime.InteropServices;
using System.Text;

namespace Nabla.Tokenizers;

/// <summary>
/// The second half of a training: joins the most frequent pair of neighbours over and over; of equally frequent ones the
/// shorter text, then the lower.
/// </summary>
/// <remarks>
/// Counts are kept up to date instead of counted anew: a merge only looks at the words that hold its pair. A pair that no longer
/// occurs stays a candidate, with the count 0, and comes out when there is nothing better, as in SentencePiece.
/// </remarks>
internal sealed class PieceMerging
{
    private readonly PieceRules _rules;
    private readonly List<int[]> _symbols;
    private readonly int[] _text;
    private readonly int[] _starts;
    private readonly long[] _counts;
    private readonly Dictionary<(int Left, int Right), int> _candidates = [];
    private readonly List<Candidate> _pairs = [];
    private readonly List<List<int>> _words = [];
    private readonly List<int> _new = [];
    private readonly PriorityQueue<int, Priority> _queue = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public PieceMerging(ChunkCounts words, RequiredCharacters characters, PieceRules rules)
    {
        _rules = rules;
        _symbols = [.. characters.ByCount.Select(character => new[] { character })];
        _starts = new int[words.Count + 1];
        _counts = new long[words.Count];
        var text = new List<int>();
        for (var word = 0; word < words.Count; word++)
        {
            _counts[word] = words.CountOf(word);
            foreach (Rune rune in RequiredCharacters.Runes(words.Chunk(word)))
            {
                text.Add(characters.IndexOf(rune));
            }

            _starts[word + 1] = text.Count;
        }

        _text = [.. text];
        for (var word = 0; word < words.Count; word++)
        {
            for (var place = _starts[word] + 1; place < _starts[word + 1]; place++)
            {
                Add(place - 1, place, word);
            }
        }

        EnqueueNew();
    }

    /// <summary>Merges once more: the text of the new piece, or null if there is nothing left to merge.</summary>
    public string? Next()
    {
        while (_queue.TryDequeue(out var index, out Priority noted))
        {
            ref Candidate pair = ref CollectionsMarshal.AsSpan(_pairs)[index];
            if (pair.Count != noted.Count)
            {
                _queue.Enqueue(index, noted with { Count = pair.Count });
                continue;
            }

            // The same text may come out of two pairs: the second is left as it is.
            var piece = TextOf(noted.Characters);
            if (_seen.Add(piece))
            {
                Merge(index, noted.Characters);
                EnqueueNew();
                return piece;
            }
        }

        return null;
    }

    private static string TextOf(int[] characters)
    {
        var text = new StringBuilder(characters.Length);
        foreach (var character in characters)
        {
            text.Append(new Rune(character));
        }

        return text.ToString();
    }

    private void Merge(int index, int[] characters)
    {
        Candidate pair = _pairs[index];
        var merged = _symbols.Count;
        _symbols.Add(characters);
        foreach (var word in _words[index])
        {
            var before = -1;
            for (int place = _starts[word], end = _starts[word + 1]; place < end;)
            {
                var next = Next(place);
                if (next >= end || _text[place] != pair.Left || _text[next] != pair.Right || pair.Twins?.Contains(place) == false)
                {
                    before = place;
                    place = next;
                    continue;
                }

                var after = Next(next) < end ? Next(next) : -1;
                Remove(before, place, word, index);
                Remove(next, after, word, index);
                _text[place] = merged;
                Add(before, place, word);
                Add(place, after, word);
                before = place;
                place = after < 0 ? end : after;
            }
        }

        _words[index] = [];
    }

    // A symbol stands where its first character stood; the places of its other characters are passed over.
    private int Next(int place) => place + (_text[place] < 0 ? 1 : _symbols[_text[place]].Length);

    private void Remove(int left, int right, int word, int merging)
    {
        if (left >= 0 && right >= 0 && _candidates.TryGetValue((_text[left], _text[right]), out var index)
            && index >= 0 && index != merging)
        {
            ref Candidate pair = ref CollectionsMarshal.AsSpan(_pairs)[index];
            if (pair.Twins is null || pair.Twins.Remove(left))
            {
                pair.Count -= _counts[word];
            }
        }
    }

    private void Add(int leftPlace, int rightPlace, int word)
    {
        if (leftPlace < 0 || rightPlace < 0 || _text[leftPlace] < 0 || _text[rightPlace] < 0)
        {
            return;
        }

        (int left, int right) = (_text[leftPlace], _text[rightPlace]);
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_candidates, (left, right), out var exists);
        if (!exists)
        {
            int[] characters = [.. _symbols[left], .. _symbols[right]];
            index = -1;
            if (_rules.Allow(characters))
            {
                index = _pairs.Count;
                _pairs.Add(new Candidate { Left = left, Right = right });
                _words.Add([]);
                _new.Add(index);
            }
        }

        if (index >= 0)
        {
            CollectionsMarshal.AsSpan(_pairs)[index].Count += _counts[word];
            if (_words[index].Count == 0 || _words[index][^1] != word)
            {
                _words[index].Add(word);
            }
        }
    }

    private void EnqueueNew()
    {
        foreach (var index in _new)
        {
            ref Candidate pair = ref CollectionsMarshal.AsSpan(_pairs)[index];
            if (pair.Left == pair.Right)
            {
                CountTwins(index, ref pair);
            }

            _queue.Enqueue(index, new Priority(pair.Count, [.. _symbols[pair.Left], .. _symbols[pair.Right]], index));
        }

        _new.Clear();
    }

    // In a row of equal symbols every other pair counts, since they cannot all be merged. SentencePiece decides which when it
    // first sees them, and never looks at the others again, even if the row breaks up so that one of them could be merged.
    private void CountTwins(int index, ref Candidate pair)
    {
        pair.Count = 0;
        pair.Twins = [];
        foreach (var word in _words[index])
        {
            for (int place = _starts[word], end = _starts[word + 1]; place < end;)
            {
                var next = Next(place);
                if (next < end && _text[place] == pair.Left && _text[next] == pair.Left)
                {
                    pair.Twins.Add(place);
                    pair.Count += _counts[word];
                    next = Next(next);
                }

                place = next;
            }
        }
    }

    private struct Candidate
    {
        public int Left;
        public int Right;
        public long Count;

        /// <summary>For a symbol beside itself, the places that count; else null.</summary>
        public HashSet<int>? Twins;
    }

    /// <summary>Lower comes first: the higher count, the shorter text, the lower text, the older pair.</summary>
    private readonly record struct Priority(long Count, int[] Characters, int Age) : IComparable<Priority>
    {
        public int CompareTo(Priority other)
        {
            var order = other.Count.CompareTo(Count);
            order = order != 0 ? order : Characters.Length.CompareTo(other.Characters.Length);
            order = order != 0 ? order : Characters.AsSpan().SequenceCompareTo(other.Characters);
            return order != 0 ? order : Age.CompareTo(other.Age);
        }
    }
}
