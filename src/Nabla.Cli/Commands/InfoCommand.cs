using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Models;
using Nabla.Cli.Training;
using Nabla.IO;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Nn;

namespace Nabla.Cli.Commands;

/// <summary><c>nabla info</c>: what is in a run, in a model, in a folder of tokens or in a file of tensors.</summary>
internal sealed class InfoCommand : NablaCommand
{
    private const int LongestValue = 60;
    private const string CheckpointEnding = ".bin"; // of llm.c

    private readonly Terminal _terminal;
    private readonly Argument<string> _target = new("target")
    {
        HelpName = "run|folder|file",
        Description = "folder of a run, such as runs/latest, of a model or of `nabla data prepare`, or a file of tensors",
    };

    public InfoCommand(Terminal terminal)
        : base("info", "Show what is in a run, in a model, in a folder of tokens, or in a safetensors file.")
    {
        _terminal = terminal;
        Arguments.Add(_target);
        Examples =
        [
            ("nabla info runs/latest", "the run's data, model, step and losses"),
            ("nabla info runs/latest/checkpoint.safetensors", "every tensor with its type and shape"),
        ];
        SetAction(Run);
    }

    private int Run(ParseResult result)
    {
        string target = RunFolders.Resolve(result.GetRequiredValue(_target));
        if (File.Exists(target) && Path.GetExtension(target) != CheckpointEnding)
        {
            ShowTensors(target);
        }
        else if (TokenShards.HasIndex(target))
        {
            ShowShards(TokenShards.Open(target).Index!);
        }
        else
        {
            SavedModel saved = ModelSource.Open(target, offline: true, _terminal, CancellationToken.None);
            if (saved.Run is null)
            {
                ShowModel(saved);
            }
            else
            {
                ShowRun(saved.Path);
            }

            _terminal.Output.WriteLine();
            using (Initialization.Skip())
            {
                _terminal.Output.Write(saved.Config.Create().Summary());
            }
        }

        return ExitCode.Done;
    }

    private void ShowRun(string folder)
    {
        using RunDirectory run = RunDirectory.Open(folder);
        (LanguageModelConfig model, TrainingOptions training) = (run.Config.Model, run.Config.Training);
        RunProgress progress = RunProgress.Read(run);
        Columns.Write(_terminal.Output,
        [
            ["run", run.Path],
            ["data", $"{run.Config.Data.Source} ({run.Config.Data.Kind}, SHA-256 {run.Config.Data.Sha256[..12]}...)"],
            ["tokenizer", string.Create(CultureInfo.InvariantCulture, $"{run.LoadTokenizer().VocabularySize} tokens")],
            ["model", model.Describe()],
            ["training", string.Create(CultureInfo.InvariantCulture,
                $"{training.Steps:N0} steps of {training.BatchSize} x {model.TargetsPerRow} tokens")],
            ["checkpoint", progress.Checkpoint],
            ["last step", progress.LastStep],
            ["validation", progress.LastValidation],
        ]);
    }

    private void ShowModel(SavedModel saved)
        => Columns.Write(_terminal.Output,
        [
            [saved.Form, saved.Path],
            ["model", saved.Config.Describe()],
            ["vocabulary", string.Create(CultureInfo.InvariantCulture, $"{saved.Config.VocabularySize} tokens")],
            ["tokenizer", saved.HasTokenizer
                ? string.Create(CultureInfo.InvariantCulture, $"{saved.LoadTokenizer().VocabularySize} tokens")
                : "none: give one with `nabla import ... --tokenizer gpt2`"],
            ["begins with", saved.BoundaryId is int id ? string.Create(CultureInfo.InvariantCulture, $"token {id}") : "any token"],
        ]);

    private void ShowShards(TokenShardIndex index)
    {
        Columns.Write(_terminal.Output,
        [
            ["file", "split", "tokens"],
            .. index.Shards.Select(shard => new[]
            {
                shard.File,
                shard.Split == TokenSplit.Val ? "val" : "train",
                shard.Tokens.ToString("N0", CultureInfo.InvariantCulture),
            }),
        ]);
        _terminal.Output.WriteLine();
        _terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{index.Documents:N0} documents, {index.Tokens:N0} tokens of a vocabulary of {index.VocabularySize:N0}, each document "
            + $"begun with {index.EndOfTextId}"));
    }

    private void ShowTensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Columns.Write(_terminal.Output,
        [
            ["tensor", "type", "shape"],
            .. file.Entries.Select(entry => new[] { entry.Name, entry.Type.ToString(), entry.Shape.ToString() }),
        ]);
        if (file.Metadata.Count > 0)
        {
            _terminal.Output.WriteLine();
            Columns.Write(_terminal.Output,
            [
                ["metadata", "value"],
                .. file.Metadata.Select(pair => new[] { pair.Key, Cut(pair.Value) }),
            ]);
        }

        _terminal.Output.WriteLine();
        _terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file.Entries.Count:N0} tensors, {file.Entries.Sum(entry => entry.Shape.Count):N0} numbers, "
            + $"{file.Entries.Sum(entry => entry.ByteCount):N0} bytes"));
    }

    private static string Cut(string value)
    {
        string line = value.ReplaceLineEndings(" ");
        return line.Length <= LongestValue
            ? line
            : string.Create(CultureInfo.InvariantCulture, $"{line[..LongestValue]}... ({line.Length:N0} characters)");
    }
}
