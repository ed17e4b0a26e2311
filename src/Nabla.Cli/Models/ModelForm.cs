using Nabla.Cli.Training;
using Nabla.IO;
using Nabla.Language;
using Nabla.Tokenizers;

namespace Nabla.Cli.Models;

/// <summary>A form that models are written in.</summary>
internal enum ModelForm
{
    /// <summary>Nabla's own folder.</summary>
    Nabla,

    /// <summary>A folder as Hugging Face keeps it.</summary>
    HuggingFace,

    /// <summary>A file of llm.c.</summary>
    Llmc,
}

/// <summary>Writes a model in the form that is asked for.</summary>
internal static class ModelForms
{
    /// <summary>The words for the forms.</summary>
    public static IReadOnlyList<(string Word, ModelForm Value)> Choices { get; } =
        [("nabla", ModelForm.Nabla), ("hf", ModelForm.HuggingFace), ("llmc", ModelForm.Llmc)];

    /// <summary>The words for how numbers are stored.</summary>
    public static IReadOnlyList<(string Word, TensorFileType Value)> Types { get; } =
        [("float32", TensorFileType.F32), ("bfloat16", TensorFileType.BF16), ("float16", TensorFileType.F16)];

    /// <summary>Writes a model; a folder that could not be filled is taken away again.</summary>
    /// <param name="form">The form.</param>
    /// <param name="path">The folder or file to make.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer, if there is one.</param>
    /// <param name="boundaryId">The token that a document begins with, if there is one.</param>
    /// <param name="type">How to store the numbers.</param>
    /// <returns>Whether the tokenizer was written.</returns>
    public static bool Write(
        ModelForm form, string path, LanguageModel model, ITokenizer? tokenizer, int? boundaryId, TensorFileType type)
    {
        if (form == ModelForm.Llmc)
        {
            LlmcCheckpoint.Save(path, OnlyGpt(model, "An llm.c checkpoint"), tokenizer?.VocabularySize, type);
            return false;
        }

        using NewFolder made = new(path);
        if (form == ModelForm.HuggingFace)
        {
            ITokenizer? held = tokenizer is not null && HuggingFaceFolder.CanHold(tokenizer) ? tokenizer : null;
            HuggingFaceFolder.Save(path, OnlyGpt(model, "Hugging Face's GPT-2"), held, boundaryId, type);
            made.Keep();
            return held is not null;
        }

        if (type != TensorFileType.F32)
        {
            throw new UsageException("--dtype of Nabla's own folders is float32: leave the option out.");
        }

        ModelFolder.Save(path, model, tokenizer, boundaryId);
        made.Keep();
        return tokenizer is not null;
    }

    private static Gpt OnlyGpt(LanguageModel model, string form) => model as Gpt
        ?? throw new ModelFileException($"{form} holds GPTs only, and this model is another ({model.Config.Describe()}).");
}
