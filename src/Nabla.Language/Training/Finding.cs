namespace Nabla.Language;

/// <summary>Something that is wrong with a training, in a sentence with what to do about it.</summary>
/// <param name="Kind">The kind of the fault.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Lesson">The folder of the lesson that explains it.</param>
public sealed record Finding(FindingKind Kind, string Text, string Lesson)
{
    /// <summary>Returns the sentence and the pointer on one line.</summary>
    public override string ToString() => $"{Text} See {Lesson}.";
}
