namespace Nabla.Tokenizers;

/// <summary>
/// A set of byte strings, each with a number, that finds all of them that a text begins with, in one step a byte: a double
/// array (Aoe 1989, An efficient digital search algorithm by using a double-array structure). A node's children lie at its
/// base, exclusive-or the byte.
/// </summary>
/// <remarks>The end of a key is a child by the byte 0, so no key may hold one.</remarks>
internal sealed class ByteTrie
{
    private readonly Node[] _nodes;

    private ByteTrie(Node[] nodes)
    {
        _nodes = nodes;
    }

    /// <summary>The nodes; 0 is the root. For another form of the same array.</summary>
    public ReadOnlySpan<Node> Nodes => _nodes;

    /// <summary>Builds the trie.</summary>
    /// <param name="keys">
    /// Distinct keys, none empty and none with a byte 0, in the order of their bytes, and their numbers.
    /// </param>
    public static ByteTrie Build(IReadOnlyList<KeyValuePair<byte[], int>> keys) => new(new ByteTrieBuilder(keys).Build());

    /// <summary>Goes on from a node, 0 at first, by one byte; -1 where no key goes on so.</summary>
    public int Next(int node, byte value)
    {
        Node[] nodes = _nodes;
        var next = nodes[node].Base ^ value;
        return value != 0 && nodes[next].Parent == node ? next : -1;
    }

    /// <summary>The number of the key that ends at a node, or -1.</summary>
    public int ValueAt(int node)
    {
        ref readonly Node end = ref _nodes[_nodes[node].Base];
        return end.Parent == node ? end.Base : -1;
    }

    /// <summary>The longest key that a text begins with: its length and number, or 0 and -1.</summary>
    public (int Length, int Value) LongestPrefix(ReadOnlySpan<byte> text)
    {
        (int Length, int Value) longest = (0, -1);
        for (int node = 0, position = 0; position < text.Length;)
        {
            node = Next(node, text[position++]);
            if (node < 0)
            {
                break;
            }

            if (ValueAt(node) is var value and >= 0)
            {
                longest = (position, value);
            }
        }

        return longest;
    }

    /// <summary>A place of the array.</summary>
    /// <param name="Base">Where the children are; the number, for the end of a key.</param>
    /// <param name="Parent">The node that this is a child of; -1 for an unused place and for the root.</param>
    public record struct Node(int Base, int Parent);
}
