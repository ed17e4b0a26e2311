namespace Nabla;

public sealed partial class Tensor
{
    /// <summary>Returns whether every element is near the other tensor's: <c>|x - y| &lt;= atol + rtol |y|</c>.</summary>
    /// <param name="other">The tensor to compare with, of this tensor's shape.</param>
    /// <param name="rtol">The error allowed relative to the other's element.</param>
    /// <param name="atol">The error allowed besides.</param>
    /// <returns>False also where an element is NaN on either side; infinity is near itself only.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public unsafe bool AllClose(Tensor other, float rtol = 1e-5f, float atol = 1e-8f)
    {
        if (Shape != other.Shape)
        {
            throw new ShapeException($"AllClose: {Shape} against {other.Shape}; the shapes must be equal.");
        }

        (Tensor x, Tensor y) = (Detach().Contiguous(), other.Detach().Contiguous());
        float* left = x.Pointer;
        float* right = y.Pointer;
        bool close = true;
        for (int i = 0; close && i < Count; i++)
        {
            float difference = Math.Abs(left[i] - right[i]);
            close = left[i] == right[i]
                || (float.IsFinite(difference) && difference <= atol + (rtol * Math.Abs(right[i])));
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
        return close;
    }
}
