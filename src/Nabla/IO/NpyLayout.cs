namespace Nabla.IO;

/// <summary>Where the numbers of an npy file lie and what they are, for who reads them by himself: maps the file, or streams it.</summary>
/// <param name="Type">How each number is stored.</param>
/// <param name="Shape">The sizes of the dimensions; the file is just long enough for them.</param>
/// <param name="DataStart">The place of the first number in the file.</param>
/// <param name="IsBigEndian">Whether the highest byte of each number comes first.</param>
/// <param name="IsColumnMajor">Whether the first dimension is the fastest, as in Fortran.</param>
public sealed record NpyLayout(TensorFileType Type, Shape Shape, long DataStart, bool IsBigEndian, bool IsColumnMajor);
