namespace Nabla.Language;

/// <summary>A tensor as the files of a saved model hold it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Type">How its numbers are stored, such as <c>F32</c> or <c>BF16</c>.</param>
/// <param name="Shape">Its shape there, which may be the transpose of the parameter's.</param>
public sealed record StoredTensor(string Name, string Type, Shape Shape);
