using FsCheck;
using FsCheck.Fluent;
using Nabla.Cli.Training;
using Nabla.Language;

namespace Nabla.Cli.Tests;

/// <summary>One table makes the options, the keys of a configuration file and the help.</summary>
public sealed class SettingTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_help_of_train_names_every_setting_and_every_preset()
    {
        string help = Workspace.Nabla("train", "--help").Output;

        Assert.All(SettingTable.All, setting => Assert.Contains($"  --{setting.Name} ", help, StringComparison.Ordinal));
        Assert.All(Preset.All, preset => Assert.Contains($"  {preset.Name} ", help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("train")]
    [InlineData("sample")]
    [InlineData("data")]
    [InlineData("data list")]
    [InlineData("data get")]
    [InlineData("data prepare")]
    [InlineData("info")]
    public void Every_command_has_a_help_page_with_examples_in_130_columns(string command)
    {
        CommandResult result = Workspace.Nabla([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, result.Code);
        Assert.Contains($"Usage: {$"nabla {command}".TrimEnd()} ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nExamples:\n  nabla ", result.Output, StringComparison.Ordinal);
        Assert.All(result.OutputLines, line => Assert.InRange(line.Length, 1, 130));
    }

    [Fact]
    public void The_command_line_wins_over_the_file_and_the_file_over_the_preset()
    {
        string file = _workspace.Write("my.json",
            """
            {
              "preset": "lecture",
              "layers": 1, "width": 24, /* in two parts */ "heads": 2,
              "tie-weights": true, "head-bias": false,
            }
            """);

        RunConfig config = Trained("--config", file, "--width", "16", "--context", "4", "--steps", "1", "--samples", "0");

        var model = (GptConfig)config.Model;
        Assert.Equal((1, 2, 16, 4), (model.LayerCount, model.HeadCount, model.Width, model.ContextLength));
        Assert.Equal((true, false, Activation.Relu), (model.TieWeights, model.HeadBias, model.Activation));
        Assert.Equal((16, 0f), (config.Training.BatchSize, config.Training.ClipNorm));
    }

    [Fact]
    public void A_switch_is_on_by_its_name_and_off_by_false()
    {
        RunConfig config = Trained("--preset", "shakespeare", "--layers", "1", "--width", "8", "--steps", "1", "--samples", "0",
            "--tie-weights", "false", "--head-bias", "--attention-bias=false");

        var model = (GptConfig)config.Model;
        Assert.Equal((false, true, false), (model.TieWeights, model.HeadBias, model.AttentionBias));
    }

    [Theory]
    [InlineData("lecture", 209_729)]
    [InlineData("lecture-large", 10_788_929)]
    public void The_lecture_presets_have_the_parameters_of_the_lecture(string name, int parameters)
    {
        LanguageModelConfig model = Preset.Named(name).Settings.Model with { VocabularySize = 65 };

        Assert.Equal(parameters, model.Create().ParameterCount);
    }

    [Fact]
    public void Every_preset_is_valid()
        => Assert.All(Preset.All, preset => new TrainingPlan("names", default, preset.Settings, null).Validate());

    [Fact]
    public void A_mistyped_option_finds_its_way_home()
    {
        string[] names = [.. SettingTable.All.Select(setting => "--" + setting.Name).Where(name => name.Length > 8)];
        Gen<(string, string)> typos = Gen.Elements(names).SelectMany(
            name => Gen.Choose(3, name.Length - 1).Select(place => (name, name.Remove(place, 1))));

        Prop.ForAll(typos.ToArbitrary(), typo => NearestName.Find(typo.Item2, names) == typo.Item1).QuickCheckThrowOnFailure();
    }

    private RunConfig Trained(params string[] options)
    {
        CommandResult result = Workspace.Nabla(["train", _workspace.WriteText(), "--out", _workspace.PathOf("run"), .. options]);
        Assert.True(result.Code == 0, result.Error);
        return RunConfig.FromJson(File.ReadAllText(_workspace.PathOf("run", "config.json")));
    }
}
