using System.Globalization;
using System.Text;

namespace Nabla.IO;

/// <summary>
/// The three members of an npy header, parsed from Python's notation. Only what NumPy writes for a plain array is taken:
/// strings without escapes, True and False, and tuples of whole numbers.
/// </summary>
internal sealed class NpyDictionary(byte[] text)
{
    private bool _hasType;
    private bool _hasOrder;
    private bool _hasShape;

    /// <summary>Gets how far the parser came: where the fault is, if there is one.</summary>
    public int Position { get; private set; }

    /// <summary>Gets the type of the numbers, such as <c>&lt;f4</c>.</summary>
    public string Type { get; private set; } = string.Empty;

    /// <summary>Gets whether the first dimension is the fastest.</summary>
    public bool FortranOrder { get; private set; }

    /// <summary>Gets the sizes of the dimensions.</summary>
    public List<long> Sizes { get; } = [];

    /// <summary>Parses the whole text, in which each member must stand exactly once.</summary>
    public bool TryParse()
    {
        if (!Take('{'))
        {
            return false;
        }

        do
        {
            if (Next() == '}')
            {
                break;
            }

            if (!Member())
            {
                return false;
            }
        }
        while (Take(','));

        return Take('}') && Next() < 0 && _hasType && _hasOrder && _hasShape;
    }

    private bool Member()
    {
        if (!Text(out string name) || !Take(':'))
        {
            return false;
        }

        switch (name)
        {
            case "descr" when !_hasType:
                _hasType = Text(out string type) && type.Length > 0;
                Type = type;
                return _hasType;
            case "fortran_order" when !_hasOrder:
                return _hasOrder = Truth();
            case "shape" when !_hasShape:
                return _hasShape = Tuple();
            default:
                return false;
        }
    }

    private bool Truth()
    {
        Next();
        ReadOnlySpan<byte> rest = text.AsSpan(Position);
        FortranOrder = rest.StartsWith("True"u8);
        if (!FortranOrder && !rest.StartsWith("False"u8))
        {
            return false;
        }

        Position += FortranOrder ? 4 : 5;
        return true;
    }

    private bool Tuple()
    {
        if (!Take('('))
        {
            return false;
        }

        bool comma = true;
        while (Next() != ')')
        {
            if (!comma || !Number())
            {
                return false;
            }

            comma = Take(',');
        }

        // In Python, (3) is a number; only (3,) is a tuple. And (,) is nothing.
        return (comma || Sizes.Count > 1) && Take(')');
    }

    private bool Number()
    {
        Next();
        int start = Position;
        while (Position < text.Length && char.IsAsciiDigit((char)text[Position]))
        {
            Position++;
        }

        ReadOnlySpan<byte> digits = text.AsSpan(start, Position - start);
        bool valid = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size);
        Sizes.Add(size);
        return valid;
    }

    private bool Text(out string value)
    {
        value = string.Empty;
        int quote = Next();
        if (quote is not ('\'' or '"'))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text.AsSpan(Position + 1);
        int length = rest.IndexOf((byte)quote);
        if (length < 0 || rest[..length].Contains((byte)'\\'))
        {
            return false;
        }

        value = Encoding.Latin1.GetString(rest[..length]);
        Position += length + 2;
        return true;
    }

    private bool Take(char character)
    {
        if (Next() != character)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Skips white space and returns the character that follows, or -1 at the end.</summary>
    private int Next()
    {
        while (Position < text.Length && text[Position] is (byte)' ' or (byte)'\n')
        {
            Position++;
        }

        return Position < text.Length ? text[Position] : -1;
    }
}
