using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Models;
using Nabla.Diagnostics;
using Nabla.Language;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla inspect</c>: what the files of a model hold, and the numbers of one of its parameters.</summary>
internal sealed class InspectCommand : NablaCommand
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _source = new(ModelSource.ValueName) { HelpName = ModelSource.ValueName, Description = ModelSource.Description };
    private readonly Option<string> _tensor = Text("--tensor", "NAME", "read the model and show this parameter, such as wte.weight");
    private readonly Option<bool> _offline = new("--offline") { Description = ModelSource.OfflineDescription };

    public InspectCommand(Terminal terminal)
        : base("inspect", "Show what the files of a model hold: its sizes, every tensor as it is stored, the numbers of one.")
    {
        _terminal = terminal;
        Arguments.Add(_source);
        Options.Add(_tensor);
        Options.Add(_offline);
        Examples =
        [
            ("nabla inspect gpt2", "every tensor with its type and shape"),
            ("nabla inspect hf:openai-community/gpt2 --tensor wpe.weight", "the position embeddings of GPT-2"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        SavedModel saved = ModelSource.Open(result.GetRequiredValue(_source), result.GetValue(_offline), _terminal, interrupt.Token);
        if (result.TextOf(_tensor) is string name)
        {
            ShowParameter(saved, name);
        }
        else
        {
            ShowTensors(saved);
        }

        return ExitCode.Done;
    }

    private void ShowTensors(SavedModel saved)
    {
        IReadOnlyList<StoredTensor> tensors = saved.ReadTensors();
        Columns.Write(_terminal.Output,
        [
            [saved.Form, saved.Path],
            ["model", saved.Config.Describe()],
            ["vocabulary", string.Create(CultureInfo.InvariantCulture, $"{saved.Config.VocabularySize:N0} tokens")],
        ]);
        _terminal.Output.WriteLine();
        Columns.Write(_terminal.Output,
        [
            ["tensor", "type", "shape"],
            .. tensors.Select(tensor => new[] { tensor.Name, tensor.Type, tensor.Shape.ToString() }),
        ]);
        _terminal.Output.WriteLine();
        _terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{tensors.Count:N0} tensors, {tensors.Sum(tensor => (long)tensor.Shape.Count):N0} numbers"));
    }

    private void ShowParameter(SavedModel saved, string name)
    {
        Dictionary<string, Tensor> parameters = saved.LoadModel().NamedParameters().ToDictionary();
        if (!parameters.TryGetValue(name, out Tensor? tensor))
        {
            throw new UsageException($"The model has no parameter {name}. Did you mean {NearestName.Find(name, parameters.Keys)}?");
        }

        float[] values = tensor.ToArray();
        ValueStatistics statistics = new();
        statistics.Add(values);
        Columns.Write(_terminal.Output,
        [
            ["parameter", name],
            ["shape", tensor.Shape.ToString()],
            ["mean", statistics.Mean.ToString("G6", CultureInfo.InvariantCulture)],
            ["deviation", statistics.StandardDeviation.ToString("G6", CultureInfo.InvariantCulture)],
            ["least", values.Min().ToString("G6", CultureInfo.InvariantCulture)],
            ["greatest", values.Max().ToString("G6", CultureInfo.InvariantCulture)],
            ["not finite", statistics.NonFiniteCount.ToString(CultureInfo.InvariantCulture)],
        ]);
        _terminal.Output.WriteLine();
        _terminal.Output.WriteLine(tensor.Detach().ToString());
    }
}
