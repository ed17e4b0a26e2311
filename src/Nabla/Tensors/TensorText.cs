using System.Globalization;
using System.Text;

namespace Nabla.Tensors;

/// <summary>
/// The text of a tensor, laid out as PyTorch lays it out: nested brackets, rows broken at 80 columns, and of more than a
/// thousand elements only the first and the last three along each dimension.
/// </summary>
internal sealed class TensorText
{
    private const string Prefix = "tensor(";
    private const int LineWidth = 80;
    private const int CutAbove = 1000;
    private const int Edge = 3;

    private readonly Shape _shape;
    private readonly bool _cut;
    private readonly StringBuilder _text = new(Prefix);
    private readonly Queue<string> _elements = [];
    private readonly int _width;

    private TensorText(in Shape shape, in Shape.Sizes strides, Func<int, double> read, bool whole)
    {
        _shape = shape;
        _cut = shape.Count > CutAbove;
        List<double> shown = [];
        if (shape.Count > 0)
        {
            Collect(strides, read, dim: 0, offset: 0, shown);
        }

        if (whole)
        {
            string[] texts = [.. shown.Select(value => value.ToString(CultureInfo.InvariantCulture))];
            _width = texts.Select(text => text.Length).DefaultIfEmpty().Max();
            _elements = new Queue<string>(texts.Select(text => text.PadLeft(_width)));
        }
        else
        {
            NumberFormat format = new(shown.ToArray());
            _width = format.Width;
            _elements = new Queue<string>(shown.Select(format.Format));
        }
    }

    /// <summary>Returns the text of a tensor.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="strides">The steps between neighbours.</param>
    /// <param name="read">Reads the element at an offset.</param>
    /// <param name="whole">Whether the elements are whole numbers by type.</param>
    /// <param name="suffixes">What else to say.</param>
    public static string Of(
        in Shape shape, in Shape.Sizes strides, Func<int, double> read, bool whole, params ReadOnlySpan<string?> suffixes)
    {
        TensorText text = new(shape, strides, read, whole);
        text.WriteElements();
        text.Write(shape.Count == 0 && shape.Rank != 1 ? $"size=({string.Join(", ", shape.ToArray())})" : null);
        text.Write(shape.Count == 0 && whole ? "dtype=int32" : null);
        foreach (string? suffix in suffixes)
        {
            text.Write(suffix);
        }

        return text._text.Append(')').ToString();
    }

    private void Collect(in Shape.Sizes strides, Func<int, double> read, int dim, int offset, List<double> shown)
    {
        if (dim == _shape.Rank)
        {
            shown.Add(read(offset));
            return;
        }

        for (int place = 0; place < _shape[dim]; place++)
        {
            place = SkipCut(place, _shape[dim]);
            Collect(strides, read, dim + 1, offset + (place * strides[dim]), shown);
        }
    }

    // Jumps over the middle that is not shown.
    private int SkipCut(int place, int size) => place == Edge && IsCut(size) ? size - Edge : place;

    private bool IsCut(int size) => _cut && size > 2 * Edge;

    private void WriteElements()
    {
        if (_shape.Count == 0)
        {
            _text.Append("[]");
        }
        else if (_shape.Rank == 0)
        {
            _text.Append(_elements.Dequeue());
        }
        else
        {
            WriteDimension(0, Prefix.Length);
        }
    }

    private void WriteDimension(int dim, int indent)
    {
        if (dim == _shape.Rank - 1)
        {
            WriteRow(indent);
            return;
        }

        int size = _shape[dim];
        _text.Append('[');
        for (int place = 0; place < size; place++)
        {
            if (place > 0)
            {
                BreakLine(_shape.Rank - 1 - dim, indent + 1);
            }

            if (place != SkipCut(place, size))
            {
                place = SkipCut(place, size);
                _text.Append("...");
                BreakLine(_shape.Rank - 1 - dim, indent + 1);
            }

            WriteDimension(dim + 1, indent + 1);
        }

        _text.Append(']');
    }

    private void WriteRow(int indent)
    {
        int size = _shape[_shape.Rank - 1];
        int perLine = Math.Max(1, (LineWidth - indent) / (_width + 2));
        int written = 0;
        _text.Append('[');
        for (int place = 0; place < size; place++)
        {
            if (place != SkipCut(place, size))
            {
                place = SkipCut(place, size);
                Next(" ...");
            }

            Next(_elements.Dequeue());
        }

        _text.Append(']');

        void Next(string element)
        {
            if (written > 0 && written % perLine == 0)
            {
                BreakLine(1, indent + 1);
            }
            else if (written > 0)
            {
                _text.Append(", ");
            }

            _text.Append(element);
            written++;
        }
    }

    private void BreakLine(int lines, int indent) => _text.Append(',').Append('\n', lines).Append(' ', indent);

    private void Write(string? suffix)
    {
        if (suffix is null)
        {
            return;
        }

        // PyTorch reckons the last line two columns longer than it is, and leaves two for what follows.
        int column = _text.Length - 1 - _text.ToString().LastIndexOf('\n');
        if (column + suffix.Length + 4 > LineWidth)
        {
            BreakLine(1, Prefix.Length);
        }
        else
        {
            _text.Append(", ");
        }

        _text.Append(suffix);
    }
}
