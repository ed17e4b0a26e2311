using System.Text.Json;

namespace Nabla.Tokenizers.Tests.SentencePiece;

/// <summary>Training options as SentencePiece names them, in ours.</summary>
internal static class PythonOptions
{
    public static SentencePieceTrainingOptions Read(JsonElement options)
    {
        var read = new SentencePieceTrainingOptions();
        foreach (JsonProperty option in options.EnumerateObject())
        {
            read = With(read, option.Name, option.Value);
        }

        return read;
    }

    private static SentencePieceTrainingOptions With(SentencePieceTrainingOptions to, string name, JsonElement value) =>
        name switch
        {
            "vocab_size" => to with { VocabularySize = value.GetInt32() },
            "character_coverage" => to with { CharacterCoverage = value.GetSingle() },
            "required_chars" => to with { RequiredCharacters = value.GetString()! },
            "byte_fallback" => to with { ByteFallback = value.GetBoolean() },
            "split_by_whitespace" => to with { SplitByWhitespace = value.GetBoolean() },
            "split_by_unicode_script" => to with { SplitByUnicodeScript = value.GetBoolean() },
            "split_by_number" => to with { SplitByNumber = value.GetBoolean() },
            "split_digits" => to with { SplitDigits = value.GetBoolean() },
            "treat_whitespace_as_suffix" => to with { TreatWhitespaceAsSuffix = value.GetBoolean() },
            "allow_whitespace_only_pieces" => to with { AllowWhitespaceOnlyPieces = value.GetBoolean() },
            "max_sentencepiece_length" => to with { MaxSentencePieceLength = value.GetInt32() },
            "max_sentence_length" => to with { MaxSentenceLength = value.GetInt32() },
            "input_sentence_size" => to with { InputSentenceSize = value.GetInt64() },
            "shuffle_input_sentence" => to with { ShuffleInputSentence = value.GetBoolean() },
            "hard_vocab_limit" => to with { HardVocabularyLimit = value.GetBoolean() },
            "user_defined_symbols" => to with { UserDefinedSymbols = Texts(value) },
            "control_symbols" => to with { ControlSymbols = Texts(value) },
            "unk_id" => to with { UnknownId = value.GetInt32() },
            "bos_id" => to with { BeginId = value.GetInt32() },
            "eos_id" => to with { EndId = value.GetInt32() },
            "pad_id" => to with { PaddingId = value.GetInt32() },
            "normalization_rule_name" => to with { Normalization = to.Normalization with { Name = value.GetString()! } },
            "remove_extra_whitespaces" => to with
            {
                Normalization = to.Normalization with { RemoveExtraWhitespaces = value.GetBoolean() },
            },
            "add_dummy_prefix" => to with { Normalization = to.Normalization with { AddDummyPrefix = value.GetBoolean() } },
            _ => throw new InvalidOperationException($"No option {name}."),
        };

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
