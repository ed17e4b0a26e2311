#:project ../../src/Nabla.Language/Nabla.Language.csproj
#:property PublishAot=false

// SentencePiece: byte-pair encoding on code points, with bytes only for the rare ones. The tokenizer of Llama and Mistral.

using Nabla.Language.Data;
using Nabla.Tokenizers;

// The lecture's toy text is the description of SentencePiece by its authors (github.com/google/sentencepiece).
const string toy = "SentencePiece is an unsupervised text tokenizer and detokenizer mainly for Neural Network-based text "
    + "generation systems where the vocabulary size is predetermined prior to the neural model training. SentencePiece "
    + "implements subword units (e.g., byte-pair-encoding (BPE) [Sennrich et al.]) and unigram language model [Kudo.]) with "
    + "the extension of direct training from raw sentences. SentencePiece allows us to make a purely end-to-end system that "
    + "does not depend on language-specific pre/postprocessing.";

// The settings of Llama 2, and a vocabulary of 400.
SentencePieceTrainingOptions options = new()
{
    VocabularySize = 400,
    Normalization = SentencePieceNormalization.Identity,
    CharacterCoverage = 0.99995f,
    ByteFallback = true,
    SplitDigits = true,
    AllowWhitespaceOnlyPieces = true,
    InputSentenceSize = 200_000_000,
};
const string greeting = "hello 안녕하세요";

SentencePieceTokenizer tokenizer = new(SentencePieceTrainer.Train([toy], options));
Console.WriteLine($"{tokenizer.VocabularySize} pieces");
Console.WriteLine($"  special:     {Pieces(tokenizer, 0, 3)}");
Console.WriteLine($"  bytes:       {Pieces(tokenizer, 3, 6)} ... {Pieces(tokenizer, 258, 259)}");
Console.WriteLine($"  merges:      {Pieces(tokenizer, 259, 269)} ... {Pieces(tokenizer, 358, 361)}");
Console.WriteLine($"  code points: {Pieces(tokenizer, 361, 400)}");
Console.WriteLine();
Show("with byte fallback", tokenizer);

// Without the 256 bytes there is room for more merges, and the Korean half is unknown: one 0 for all of it.
SentencePieceTokenizer unknown = new(SentencePieceTrainer.Train([toy], options with { ByteFallback = false }));
Show("without byte fallback", unknown);
Console.WriteLine($"  decoded: \"{unknown.Decode(unknown.Encode(greeting))}\"");

SentencePieceNormalization noPrefix = SentencePieceNormalization.Identity with { AddDummyPrefix = false };
Show("without the dummy prefix", new(SentencePieceTrainer.Train([toy], options with { Normalization = noPrefix })));
Console.WriteLine();

// Rare characters fall away first when the coverage sinks.
SentencePieceTokenizer covered = new(SentencePieceTrainer.Train([toy], options with { CharacterCoverage = 0.98f }));
Console.WriteLine($"coverage 0.98: \"K\" is {string.Join(' ', covered.Encode("K").Select(covered.PieceOf))}");
Console.WriteLine();

// What Meta told SentencePiece is in the model that they published.
SentencePieceTokenizer llama = (SentencePieceTokenizer)await DatasetStore.FromEnvironment().LoadTokenizerAsync("llama2");
SentencePieceTrainingOptions told = llama.Model.Training;
Console.WriteLine($"Llama 2: {told.ModelType}, {llama.VocabularySize} pieces, coverage {told.CharacterCoverage}, "
    + $"byte fallback {told.ByteFallback}, split digits {told.SplitDigits},");
Console.WriteLine($"  lines of at most {told.MaxSentenceLength} bytes, pieces of at most {told.MaxSentencePieceLength} characters, "
    + $"normalisation {told.Normalization.Name}, dummy prefix {told.Normalization.AddDummyPrefix}");
Show("Llama 2", llama);
foreach (string text in (string[])["hello world", "world", "12345"])
{
    Console.WriteLine($"  {text}: {string.Join(' ', llama.Encode(text))}  {string.Join(' ', llama.Encode(text).Select(llama.PieceOf))}");
}

string Pieces(SentencePieceTokenizer of, int first, int end) => string.Join(' ', Enumerable.Range(first, end - first).Select(of.PieceOf));

void Show(string name, SentencePieceTokenizer of)
{
    int[] ids = of.Encode(greeting);
    Console.WriteLine($"{name}: {string.Join(' ', ids)}");
    Console.WriteLine($"  {string.Join(' ', ids.Select(of.PieceOf))}");
}
