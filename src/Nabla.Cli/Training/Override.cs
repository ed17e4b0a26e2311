namespace Nabla.Cli.Training;

/// <summary>A setting that was written somewhere, with the value that it was given.</summary>
/// <param name="Setting">What is set.</param>
/// <param name="Label">What messages call it: <c>--layers</c>, or <c>my.json: layers</c>.</param>
/// <param name="Text">The value as it was written.</param>
internal sealed record Override(Setting Setting, string Label, string Text)
{
    /// <summary>Returns settings with the value in its place.</summary>
    /// <exception cref="UsageException">The value is of the wrong type.</exception>
    public TrainSettings Apply(TrainSettings settings) => Setting.Apply(settings, Label, Text);
}
