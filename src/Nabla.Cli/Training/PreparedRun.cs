using Nabla.Cli.Tokenizing;
using Nabla.Cli.Views;
using Nabla.Language;
using Nabla.Language.Data;
using Nabla.Tokenizers;

namespace Nabla.Cli.Training;

/// <summary>What a plan comes to once its text is loaded.</summary>
/// <param name="Data">The text.</param>
/// <param name="Config">What the run computes; a batch that this machine chose is in it.</param>
internal sealed record PreparedRun(TextDataset Data, RunConfig Config)
{
    /// <summary>Loads the text, and with its vocabulary settles the sizes that depend on it.</summary>
    /// <exception cref="UsageException">The settings do not fit the text, or the model that the run begins with.</exception>
    /// <exception cref="DataFileException">The text cannot be had or used.</exception>
    /// <exception cref="TokenizerException">The tokenizer cannot be read, or cannot write the text.</exception>
    public static PreparedRun Load(TrainingPlan plan, Terminal terminal, CancellationToken stop)
    {
        ITokenizer? known = plan.From?.HasTokenizer == true ? plan.From.LoadTokenizer() : null;
        ITokenizer? tokenizer = plan.Settings.Tokenizer is string name ? TokenizerChoice.Load(name, terminal, stop)
            : plan.Kind == TextKind.Shards && TokenShards.HasIndex(plan.Source) ? null
            : plan.From?.LoadTokenizer();
        if (known is not null && tokenizer is not null)
        {
            // Before the text, which may take long, is encoded with it.
            Usage(() => FineTuning.AddedTokens(known, tokenizer));
        }

        RunQuestions? questions = plan.Settings.HellaSwag is string file
            ? RunQuestions.Of(file, plan.Settings.HellaSwagLimit ?? int.MaxValue)
            : null;
        TextDataset data = TextSource.LoadAsync(
            plan.Source, plan.Kind, tokenizer, progress: new DownloadLine(plan.Source, terminal),
            addsCharacters: plan.Settings.Tokenizer is null, cancellationToken: stop)
            .GetAwaiter().GetResult();
        int added = known is null ? 0 : Usage(() => FineTuning.AddedTokens(known, data.Tokenizer));
        LanguageModelConfig model = Model(plan, data);
        TrainingOptions training = plan.TrainingOf(model);
        if (plan.Settings.Freeze)
        {
            int frozen = added > 0 ? data.Tokenizer.VocabularySize - added : throw new UsageException(
                "--freeze trains only the rows of added tokens, and this text adds none to the model's: leave it out, or give a "
                + "--tokenizer with more tokens.");
            training = training with { FrozenTokens = frozen };
        }

        return new PreparedRun(data, new RunConfig
        {
            Data = new RunData
            {
                Source = NamedDataset.Find(plan.Source) is null ? Path.GetFullPath(plan.Source) : plan.Source,
                Kind = plan.Kind,
                Sha256 = data.SourceHash,
            },
            From = plan.From?.Path,
            Model = model,
            HellaSwag = questions,
            Training = training,
        });
    }

    private static LanguageModelConfig Model(TrainingPlan plan, TextDataset data)
    {
        LanguageModelConfig model = plan.Settings.Model;
        int vocabulary = plan.Settings.Padded(data.Tokenizer.VocabularySize);
        if (plan.From is null)
        {
            return model.For(vocabulary, data.BoundaryId);
        }

        LanguageModelConfig whole = model with { ContextLength = plan.From.Config.ContextLength };
        return Usage(() => FineTuning.Resize(whole, vocabulary, model.ContextLength));
    }

    private static T Usage<T>(Func<T> value)
    {
        try
        {
            return value();
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--from: {error.Message}");
        }
    }
}
