using System.CommandLine;
using System.Globalization;
using Nabla.Cli.Models;
using Nabla.Cli.Tokenizing;
using Nabla.IO;
using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Cli.Commands;

/// <summary>
/// <c>nabla import</c>, <c>nabla export</c> and <c>nabla convert</c>: a model of any form becomes one of another. They differ in
/// the forms that they write.
/// </summary>
internal sealed class ExchangeCommand : NablaCommand
{
    private const string NoTokenizer = "none";

    private readonly Terminal _terminal;
    private readonly IReadOnlyList<(string Word, ModelForm Value)> _forms;
    private readonly Argument<string> _source = new(ModelSource.ValueName) { HelpName = ModelSource.ValueName, Description = ModelSource.Description };
    private readonly Option<string> _format;
    private readonly Option<string> _out = Text("--out", "PATH", "the folder to make, or for llmc the file");
    private readonly Option<string> _type = Text("--dtype", "TYPE", "float32, bfloat16, or for hf float16 (float32)");
    private readonly Option<string> _tokenizer =
        Text("--tokenizer", TokenizerChoice.ValueName, "another than the one beside the model; none to leave it out");

    private readonly Option<bool> _offline = new("--offline") { Description = ModelSource.OfflineDescription };

    private ExchangeCommand(Terminal terminal, string name, string description, params ModelForm[] forms)
        : base(name, description)
    {
        _terminal = terminal;
        _forms = [.. ModelForms.Choices.Where(choice => forms.Contains(choice.Value))];
        _format = Text("--format", string.Join('|', _forms.Select(form => form.Word)), "the form to write");
        Arguments.Add(_source);
        Option[] options = _forms.Count > 1 ? [_format, _out, _type, _tokenizer, _offline] : [_out, _tokenizer, _offline];
        foreach (Option option in options)
        {
            Options.Add(option);
        }

        SetAction(Run);
    }

    /// <summary>Makes <c>nabla import</c>.</summary>
    public static ExchangeCommand Import(Terminal terminal)
        => new(terminal, "import", "Take over a GPT-2 from Hugging Face or llm.c into a folder that every command reads.", ModelForm.Nabla)
        {
            Examples =
            [
                ("nabla import hf:openai-community/gpt2 --out gpt2", "download GPT-2; then: nabla sample gpt2"),
                ("nabla import gpt2_124M.bin --tokenizer gpt2 --out gpt2", "from llm.c, whose files have no tokenizer"),
                ("nabla import hf:openai-community/gpt2-xl --offline --out xl", "what was downloaded before"),
            ],
        };

    /// <summary>Makes <c>nabla export</c>.</summary>
    public static ExchangeCommand Export(Terminal terminal)
        => new(terminal, "export", "Hand a GPT on, as Hugging Face or llm.c keep it.", ModelForm.HuggingFace, ModelForm.Llmc)
        {
            Examples =
            [
                ("nabla export runs/latest --format hf --out my-gpt", "for transformers: from_pretrained(\"my-gpt\")"),
                ("nabla export gpt2 --format llmc --dtype bfloat16 --out gpt2_124M_bf16.bin", "for llm.c"),
            ],
        };

    /// <summary>Makes <c>nabla convert</c>.</summary>
    public static ExchangeCommand Convert(Terminal terminal)
        => new(terminal, "convert", "Turn a model of any form into any other.", ModelForm.Nabla, ModelForm.HuggingFace, ModelForm.Llmc)
        {
            Examples =
            [
                ("nabla convert hf:openai-community/gpt2 --format llmc --out gpt2_124M.bin", "from Hugging Face to llm.c at once"),
                ("nabla convert big --format hf --dtype bfloat16 --out half", "half the size"),
            ],
        };

    private int Run(ParseResult result)
    {
        using Interrupt interrupt = new(_terminal);
        string path = result.TextOf(_out) ?? throw new UsageException($"{_out.Name} {_out.HelpName} is missing.");
        ModelForm form = _forms.Count == 1 ? _forms[0].Value
            : result.TextOf(_format) is string word ? Values.Choice(_format.Name, word, _forms)
            : throw new UsageException($"{_format.Name} {_format.HelpName} is missing.");
        TensorFileType type = result.ValueOf(_type, (name, text) => Values.Choice(name, text, ModelForms.Types), TensorFileType.F32);
        SavedModel saved = ModelSource.Open(result.GetRequiredValue(_source), result.GetValue(_offline), _terminal, interrupt.Token);
        ITokenizer? tokenizer = Tokenizer(result, saved, interrupt.Token);
        int? boundary = saved.BoundaryId ?? (saved.Run is null ? tokenizer?.EndOfTextId : null);
        LanguageModel model = saved.LoadModel();
        interrupt.Token.ThrowIfCancellationRequested();
        bool hasTokenizer = ModelForms.Write(form, path, model, tokenizer, boundary, type);
        Columns.Write(_terminal.Output,
        [
            ["from", $"{saved.Path} ({saved.Form})"],
            ["model", model.Config.Describe()],
            ["parameters", model.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)],
            ["tokenizer", Describe(form, tokenizer, hasTokenizer)],
            ["to", Path.GetFullPath(path)],
        ]);
        return ExitCode.Done;
    }

    private ITokenizer? Tokenizer(ParseResult result, SavedModel saved, CancellationToken stop)
    {
        string? choice = result.TextOf(_tokenizer);
        if (choice is null or NoTokenizer)
        {
            return choice is null && saved.HasTokenizer ? saved.LoadTokenizer() : null;
        }

        ITokenizer tokenizer = TokenizerChoice.Load(choice, _terminal, stop);
        return tokenizer.VocabularySize <= saved.Config.VocabularySize ? tokenizer : throw new ModelFileException(string.Create(
            CultureInfo.InvariantCulture,
            $"{choice} has {tokenizer.VocabularySize} tokens and the model {saved.Config.VocabularySize}: give the model's own tokenizer."));
    }

    private static string Describe(ModelForm form, ITokenizer? tokenizer, bool isWritten)
    {
        string kind = tokenizer is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"{tokenizer.VocabularySize:N0} tokens");
        return isWritten ? kind
            : tokenizer is null ? form == ModelForm.Llmc ? "none" : "none: to write text, give one with --tokenizer, such as gpt2"
            : form == ModelForm.Llmc ? $"{kind}; llm.c's files hold none"
            : $"{kind}; left out, since Hugging Face's tokenizer.json cannot hold it";
    }
}
