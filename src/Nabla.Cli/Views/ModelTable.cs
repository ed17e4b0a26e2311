using System.Globalization;
using Nabla.Cli.Training;

namespace Nabla.Cli.Views;

/// <summary>The table of all models that can be trained.</summary>
internal static class ModelTable
{
    // Of names: 26 letters and the boundary.
    private const int Vocabulary = 27;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output)
    {
        Columns.Write(output,
        [
            ["model", "parameters", "lecture", "ours", "what it is", "source"],
            .. ModelChoice.All.Select(choice => new[]
            {
                choice.Name,
                choice.Settings.Model.For(Vocabulary, 0).Create().ParameterCount.ToString("N0", CultureInfo.InvariantCulture),
                Loss(choice.LectureLoss),
                Loss(choice.MeasuredLoss),
                choice.Description,
                choice.Source,
            }),
        ]);
        output.WriteLine();
        output.WriteLine("Parameters are those for names, with the sizes that --model begins from. The losses are of validation, in nats per");
        output.WriteLine("token of names-full: the lecture's, by its own training, and ours, by `nabla train names-full --model NAME`.");
    }

    private static string Loss(double? loss) => loss?.ToString("0.00#", CultureInfo.InvariantCulture) ?? "-";
}
