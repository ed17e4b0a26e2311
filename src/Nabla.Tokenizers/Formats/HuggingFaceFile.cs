using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Nabla.Tokenizers;

/// <summary>
/// The <c>tokenizer.json</c> of Hugging Face's <c>tokenizers</c>, for byte-level byte-pair encoding: all of a tokenizer in one
/// file. Other models (WordPiece, unigram, byte-pair on characters) and steps that change the text before it is split are
/// refused, by name.
/// </summary>
/// <remarks>
/// Added tokens become special tokens, whether the file calls them special or not: both are found in a text before anything
/// is merged. <c>truncation</c>, <c>padding</c> and <c>post_processor</c> are about batches and prompts, and are not read.
/// </remarks>
public static class HuggingFaceFile
{
    /// <summary>Reads a tokenizer.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, is not of this format, or needs what is not supported.</exception>
    public static RegexTokenizer Load(string path) => WholeFile.Read(path, content => Parse(content));

    /// <summary>
    /// Writes a tokenizer; <see cref="Load"/> makes the same of it, and so does Hugging Face's library, unless the text of a
    /// special token is also how an ordinary one is written.
    /// </summary>
    /// <exception cref="TokenizerException">The file cannot be written.</exception>
    public static void Save(string path, RegexTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        WholeFile.Write(path, stream => HuggingFaceWriter.Write(stream, tokenizer));
    }

    internal static RegexTokenizer Parse(ReadOnlyMemory<byte> content) => JsonContent.Read(content, Read);

    private static RegexTokenizer Read(JsonElement root)
    {
        JsonElement model = JsonContent.Member(root, "model", JsonValueKind.Object, "");
        CheckModel(model);
        RefuseNormalizer(root);
        TextSplitter splitter = HuggingFaceSplit.Read(JsonContent.Optional(root, "pre_tokenizer", JsonValueKind.Object, ""));

        JsonElement entries = JsonContent.Member(model, "vocab", JsonValueKind.Object, "model");
        var vocabulary = AlphabetVocabulary.Read(entries, "model.vocab");
        ReadMerges(JsonContent.Member(model, "merges", JsonValueKind.Array, "model"), vocabulary);
        Dictionary<int, string> added = ReadAddedTokens(root);
        foreach ((int id, string text) in vocabulary.Foreign)
        {
            if (added.GetValueOrDefault(id) != text)
            {
                throw new TokenizerException($"model.vocab has {Quoted.Text(text)}, which is not written in the byte "
                    + "alphabet and is no added token: this is no byte-level tokenizer.");
            }
        }

        // Added tokens stand in the vocabulary, too, but no merge makes them.
        (TokenStore tokens, var merges) = vocabulary.Without(added
            .Where(token => token.Key < vocabulary.Tokens.Size && !vocabulary.IsMade(token.Key)
                && ByteAlphabet.Encode(vocabulary.Tokens[token.Key]) == token.Value)
            .Select(token => token.Key));
        BytePairVocabulary pairs = JsonContent.Flag(model, "ignore_merges", missing: false, "model")
            ? WithoutMerges(tokens, merges)
            : BytePairVocabulary.Create(tokens, merges);
        if (JsonContent.OptionalText(model, "unk_token", "model") is { } unknown && pairs.ByteIds.Contains(-1))
        {
            throw new TokenizerException($"model.unk_token is {Quoted.Text(unknown)} and not every byte is a token: "
                + "unknown tokens are not supported.");
        }

        return new RegexTokenizer(pairs, splitter, new SpecialTokens(added.Select(token => KeyValuePair.Create(token.Value, token.Key))));
    }

    private static void CheckModel(JsonElement model)
    {
        var type = JsonContent.OptionalText(model, "type", "model");
        if (type is not (null or "BPE"))
        {
            throw new TokenizerException($"model.type is {Quoted.Text(type)}: only \"BPE\" is supported.");
        }

        foreach (var affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (JsonContent.OptionalText(model, affix, "model") is { Length: > 0 })
            {
                throw new TokenizerException($"model.{affix} is set: only byte-level tokenizers are supported, which have none.");
            }
        }

        if (JsonContent.Flag(model, "byte_fallback", missing: false, "model"))
        {
            throw new TokenizerException("model.byte_fallback is set, so this tokenizer is on characters and not on bytes: read its "
                + "SentencePiece .model file.");
        }

        if (JsonContent.Optional(model, "dropout", JsonValueKind.Number, "model") is { } dropout
            && !(dropout.TryGetDouble(out var rate) && rate == 0))
        {
            throw new TokenizerException("model.dropout is set: merging at random is not supported; set it to null.");
        }
    }

    private static void RefuseNormalizer(JsonElement root)
    {
        if (JsonContent.Optional(root, "normalizer", JsonValueKind.Object, "") is { } normalizer)
        {
            var type = JsonContent.OptionalText(normalizer, "type", "normalizer");
            if (type != "Sequence" || JsonContent.Member(normalizer, "normalizers", JsonValueKind.Array, "normalizer").GetArrayLength() > 0)
            {
                throw new TokenizerException($"normalizer {Quoted.Text(type)} changes the text before it is split: that is "
                    + "not supported.");
            }
        }
    }

    // The form of the merges has changed over the years: first "a b", now ["a", "b"].
    private static void ReadMerges(JsonElement merges, AlphabetVocabulary vocabulary)
    {
        var index = 0;
        foreach (JsonElement merge in merges.EnumerateArray())
        {
            string? wrong;
            if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2)
            {
                wrong = vocabulary.AddMerge(JsonContent.Text(merge[0], Place(index)), JsonContent.Text(merge[1], Place(index)));
            }
            else
            {
                var text = JsonContent.Text(merge, Place(index));
                var space = text.IndexOf(' ', StringComparison.Ordinal);
                wrong = space <= 0 || space == text.Length - 1
                    ? "it must be two tokens with a space between."
                    : vocabulary.AddMerge(text.AsSpan(0, space), text.AsSpan(space + 1));
            }

            if (wrong is not null)
            {
                throw new TokenizerException($"{Place(index)}: {wrong}");
            }

            index++;
        }

        static string Place(int index) => string.Create(CultureInfo.InvariantCulture, $"model.merges[{index}]");
    }

    private static Dictionary<int, string> ReadAddedTokens(JsonElement root)
    {
        var added = new Dictionary<int, string>();
        if (JsonContent.Optional(root, "added_tokens", JsonValueKind.Array, "") is { } list)
        {
            foreach (JsonElement token in list.EnumerateArray())
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"added_tokens[{added.Count}]");
                var text = JsonContent.Text(JsonContent.Member(token, "content", JsonValueKind.String, place), $"{place}.content");
                var id = JsonContent.Id(JsonContent.Member(token, "id", JsonValueKind.Number, place), VocabularyLimits.MaxId, $"{place}.id");
                foreach (var flag in (ReadOnlySpan<string>)["single_word", "lstrip", "rstrip"])
                {
                    if (JsonContent.Flag(token, flag, missing: false, place))
                    {
                        throw new TokenizerException($"{place} ({Quoted.Text(text)}) has {flag}: an added token that looks "
                            + "at the text around it is not supported.");
                    }
                }

                if (!added.TryAdd(id, text))
                {
                    throw new TokenizerException(string.Create(CultureInfo.InvariantCulture, $"{place}.id: {id} is given twice."));
                }
            }
        }

        return added;
    }

    // Where the merges are those that the ids say, which is so for all that were ranks once, the file is such a list of ranks.
    private static BytePairVocabulary WithoutMerges(TokenStore tokens, ImmutableArray<BytePair> merges)
    {
        var listed = BytePairVocabulary.Create(tokens, merges, matchesWholeChunks: true);
        return !listed.ByteIds.Contains(-1) && MergeRecovery.FollowFromIds(listed) ? BytePairVocabulary.FromRanks(tokens) : listed;
    }
}
