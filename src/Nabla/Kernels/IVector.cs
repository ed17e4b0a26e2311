namespace Nabla.Kernels;

/// <summary>
/// A run of <see cref="Count"/> float lanes. A kernel is written once against this interface and compiled for every
/// width, down to a single lane for the tail of a row, so the same formula gives the same bits wherever an element lies.
/// </summary>
internal unsafe interface IVector<TSelf>
    where TSelf : unmanaged, IVector<TSelf>
{
    /// <summary>Gets the number of lanes.</summary>
    static abstract int Count { get; }

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(float* source);

    /// <summary>Loads numbers of which only the upper halves are stored: the lower halves are zero.</summary>
    static abstract TSelf LoadUpperHalves(ushort* source);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf value);

    /// <summary>Returns <c>a * b + c</c>: fused where the hardware fuses, else a product and a sum.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Returns the larger lane by lane, or NaN where either is NaN.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>Returns the smaller lane by lane, or NaN where either is NaN.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf Abs(TSelf value);

    /// <summary>Returns the magnitude of <paramref name="value"/> with the sign of <paramref name="sign"/>.</summary>
    static abstract TSelf CopySign(TSelf value, TSelf sign);

    /// <summary>Rounds to the nearest whole number, halves to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>Returns 2 to the power <paramref name="exponent"/>, a whole number from -126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);

    /// <summary>
    /// Returns <paramref name="value"/> times 2 to the power <paramref name="exponent"/>, a whole number from -252 to 254,
    /// for a value in [0.5, 2]: rounded once, also where the result is subnormal, and infinite where it overflows.
    /// </summary>
    static abstract TSelf Scale(TSelf value, TSelf exponent);

    /// <summary>Splits positive normal numbers into a mantissa in [sqrt(1/2), sqrt(2)) and a whole exponent, 0 around 1.</summary>
    static abstract TSelf SplitExponent(TSelf value, out TSelf exponent);

    /// <summary>Returns, lane by lane, <paramref name="then"/> where left &lt; right, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf IfLess(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    /// <summary>Returns, lane by lane, <paramref name="then"/> where left equals right, else <paramref name="otherwise"/>.</summary>
    static abstract TSelf IfEqual(TSelf left, TSelf right, TSelf then, TSelf otherwise);

    /// <summary>Returns the vector with its first <paramref name="count"/> lanes zero.</summary>
    static abstract TSelf ClearFirst(TSelf value, int count);

    /// <summary>Adds the lanes, in an order that depends on the width alone.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>Adds the <see cref="Sum"/> of each of four vectors to one of four neighbouring numbers.</summary>
    static abstract void AddSums(TSelf first, TSelf second, TSelf third, TSelf fourth, float* sums);

    /// <summary>Returns the largest lane, or NaN where any is NaN.</summary>
    static abstract float HorizontalMax(TSelf value);

    void Store(float* destination);
}
