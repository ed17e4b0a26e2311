using System.CommandLine;
using Nabla.Tokenizers;

namespace Nabla.Cli.Tokenizing;

/// <summary>An option of SentencePiece's trainer, under its own name; with underscores, as SentencePiece writes it, too.</summary>
/// <param name="Option">The option.</param>
/// <param name="Apply">Puts the text of its value in.</param>
internal sealed record SentencePieceSetting(
    Option Option, Func<SentencePieceTrainingOptions, string, string, SentencePieceTrainingOptions> Apply)
{
    /// <summary>All of them, made anew for each command line.</summary>
    public static IReadOnlyList<SentencePieceSetting> All() =>
    [
        Number("character-coverage", "SHARE", "of the text's characters that get a piece, 0.98 to 1 (0.9995)", 0.98, 1,
            (options, value) => options with { CharacterCoverage = (float)value }),
        Switch("byte-fallback", "write other characters as the bytes of their UTF-8 (false: as unknown)",
            (options, value) => options with { ByteFallback = value }),
        Name("normalization-rule-name", "RULE", "nmt_nfkc, or identity to leave text as it is (nmt_nfkc)"),
        Switch("add-dummy-prefix", "a space in front of every text (true)",
            (options, value) => options with { Normalization = options.Normalization with { AddDummyPrefix = value } }),
        Switch("remove-extra-whitespaces", "one space for several (true)",
            (options, value) => options with { Normalization = options.Normalization with { RemoveExtraWhitespaces = value } }),
        Switch("split-digits", "each digit a piece of its own (false)", (options, value) => options with { SplitDigits = value }),
        Switch("split-by-number", "no digits beside letters (true)", (options, value) => options with { SplitByNumber = value }),
        Switch("split-by-unicode-script", "no two scripts in a piece (true)",
            (options, value) => options with { SplitByUnicodeScript = value }),
        Switch("split-by-whitespace", "no piece beyond a word (true)", (options, value) => options with { SplitByWhitespace = value }),
        Switch("treat-whitespace-as-suffix", "a space ends a word's piece, not begins it (false)",
            (options, value) => options with { TreatWhitespaceAsSuffix = value }),
        Switch("allow-whitespace-only-pieces", "pieces of several spaces (false)",
            (options, value) => options with { AllowWhitespaceOnlyPieces = value }),
        Whole("max-sentencepiece-length", "longest piece, in characters (16)", 1, 512,
            (options, value) => options with { MaxSentencePieceLength = value }),
        Whole("max-sentence-length", "longest line in bytes; longer ones are skipped (4192)", 10, 1 << 30,
            (options, value) => options with { MaxSentenceLength = value }),
        Whole("input-sentence-size", "lines to use, above 100; 0 for all (0)", 0, int.MaxValue,
            (options, value) => options with { InputSentenceSize = value }),
        Switch("shuffle-input-sentence", "draw those lines at random, not the first (true)",
            (options, value) => options with { ShuffleInputSentence = value }),
        Switch("hard-vocab-limit", "fail if the size cannot be reached (true)",
            (options, value) => options with { HardVocabularyLimit = value }),
        List("control-symbols", "signs to the model that no text encodes to",
            (options, value) => options with { ControlSymbols = value }),
        List("user-defined-symbols", "texts that are always one piece", (options, value) => options with { UserDefinedSymbols = value }),
        Whole("unk-id", "id of the unknown piece (0)", 0, int.MaxValue, (options, value) => options with { UnknownId = value }),
        Whole("bos-id", "id of the beginning, -1 for none (1)", -1, int.MaxValue, (options, value) => options with { BeginId = value }),
        Whole("eos-id", "id of the end, -1 for none (2)", -1, int.MaxValue, (options, value) => options with { EndId = value }),
        Whole("pad-id", "id of the padding, -1 for none (-1)", -1, int.MaxValue,
            (options, value) => options with { PaddingId = value }),
    ];

    private static SentencePieceSetting Switch(
        string name, string help, Func<SentencePieceTrainingOptions, bool, SentencePieceTrainingOptions> with)
        => new(Named(new Option<bool>($"--{name}") { HelpName = "[true|false]", Description = help }),
            (options, option, text) => with(options, Values.Switch(option, text)));

    private static SentencePieceSetting Whole(string name, string help, int lowest, int highest,
        Func<SentencePieceTrainingOptions, int, SentencePieceTrainingOptions> with)
        => new(Text(name, "N", help), (options, option, text) =>
        {
            int value = Values.WholeNumber(option, text);
            return value >= lowest && value <= highest ? with(options, value) : throw Outside(option, lowest, highest, text);
        });

    private static SentencePieceSetting Number(string name, string valueName, string help, double lowest, double highest,
        Func<SentencePieceTrainingOptions, double, SentencePieceTrainingOptions> with)
        => new(Text(name, valueName, help), (options, option, text) =>
        {
            double value = Values.Number(option, text);
            return value >= lowest && value <= highest ? with(options, value) : throw Outside(option, lowest, highest, text);
        });

    private static SentencePieceSetting List(
        string name, string help, Func<SentencePieceTrainingOptions, string[], SentencePieceTrainingOptions> with)
        => new(Text(name, "A,B,...", help),
            (options, _, text) => with(options, text.Split(',', StringSplitOptions.RemoveEmptyEntries)));

    private static SentencePieceSetting Name(string name, string valueName, string help)
        => new(Text(name, valueName, help), (options, option, text) => options with
        {
            Normalization = options.Normalization with
            {
                Name = Values.Choice(option, text, [("nmt_nfkc", "nmt_nfkc"), ("identity", "identity")]),
            },
        });

    private static Option Text(string name, string valueName, string help)
        => Named(new Option<string>($"--{name}") { HelpName = valueName, Description = help });

    private static Option Named(Option option)
    {
        option.Aliases.Add("--" + option.Name[2..].Replace('-', '_'));
        return option;
    }

    private static UsageException Outside(string option, IFormattable lowest, IFormattable highest, string text)
    {
        System.Globalization.CultureInfo culture = System.Globalization.CultureInfo.InvariantCulture;
        return new UsageException(
            $"{option} must be from {lowest.ToString(null, culture)} to {highest.ToString(null, culture)}, not {text}.");
    }
}
