"""Makes sentencepiece.json and the sentencepiece-*.model files: what SentencePiece itself gives. Run it as

    /usr/bin/python3 make_sentencepiece.py FOLDER_OF_DATA

with Debian's python3-sentencepiece (0.1.97). See README.md for what the file holds. A second run writes the same bytes.
"""
import hashlib
import json
import os
import sys
import tempfile

import sentencepiece

from random_text import RandomText, hash_of

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.abspath(sys.argv[1])
BLOCKS, PER_BLOCK, FULL = 1000, 100, 1000

KINDS = [
    ["lower", 1, 8, [[0x61, 0x7A]]],
    ["upper", 1, 4, [[0x41, 0x5A]]],
    ["words", 1, 4, [" the", " and", "ing", " of", "hello", " world", "The", " language", "tion", " \u043d\u0430", "\u306e", "\u4e2d\u56fd", "\uc548\ub155"]],
    ["space", 1, 1, [" "]],
    ["spaces", 1, 20, [" ", " ", " ", "\u2581"]],
    ["lines", 1, 3, ["\n", "\r\n", "\r", " \n", "\n ", "\n\n", "\t\n"]],
    ["white space", 1, 3, [[0x09, 0x0D], "\u0085", "\u00a0", "\u1680", [0x2000, 0x200A], "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"]],
    ["no space", 1, 2, [[0x1C, 0x1F], "\u180e", [0x200B, 0x200F], "\u2060", "\ufeff", "\u00ad"]],
    ["pieces", 1, 2, ["<unk>", "<s>", "</s>", "<pad>", "<0x0A>", "<0x00>", "\u2581", "\u2585", " \u2047 ", "<sep>", "[MASK]", "\u2581\u2581"]],
    ["contraction", 1, 1, ["'s", "'t", "'re", "\u2019s", "\u02bct", "''"]],
    ["digits", 1, 7, [[0x30, 0x39]]],
    ["numbers", 1, 4, [[0x0660, 0x0669], [0x0966, 0x096F], [0xFF10, 0xFF19], [0x2160, 0x2188], [0x2460, 0x249B], [0x00B2, 0x00B3],
                       [0x00BC, 0x00BE], [0x1D7CE, 0x1D7FF], [0x1F100, 0x1F10C]]],
    ["punctuation", 1, 4, [[0x21, 0x2F], [0x3A, 0x40], [0x5B, 0x60], [0x7B, 0x7E]]],
    ["row", 1, 30, ["a", "a", "a"]],
    ["symbols", 1, 3, [[0x00A1, 0x00BF], [0x2010, 0x2027], [0x20A0, 0x20BF], [0x2190, 0x21FF], [0x2580, 0x259F], [0x3001, 0x3020],
                       [0xFF01, 0xFF5E]]],
    ["latin", 1, 5, [[0x00C0, 0x024F], [0x1E00, 0x1EFF]]],
    ["greek", 1, 5, [[0x0386, 0x03FF], [0x1F00, 0x1FFE]]],
    ["cyrillic", 1, 6, [[0x0400, 0x052F]]],
    ["scripts", 1, 4, [[0x0531, 0x058F], [0x05D0, 0x05EA], [0x0620, 0x064A], [0x0904, 0x0939], [0x0E01, 0x0E4E], [0x10A0, 0x10FF],
                       [0x1100, 0x11FF], [0x13A0, 0x13F5]]],
    ["east asia", 1, 4, [[0x3041, 0x30FF], [0x4E00, 0x9FFF], [0xAC00, 0xD7A3], [0x20000, 0x2A6DF], [0xFF66, 0xFF9F]]],
    ["joined", 1, 2, [[0xFB00, 0xFB06], [0xFB1D, 0xFB4F], [0xFDFA, 0xFDFB], [0x3300, 0x33FF], [0x2100, 0x214F], [0xF900, 0xFAFF],
                      [0x1F200, 0x1F251], [0x2F800, 0x2FA1D]]],
    ["beyond", 1, 3, [[0x10400, 0x1044F], [0x1D400, 0x1D7CB], [0x1E900, 0x1E943]]],
    ["marks", 1, 2, [[0x0300, 0x036F], [0x064B, 0x065F], [0x093C, 0x094D], [0x20D0, 0x20F0], [0x3099, 0x309A], [0xFE00, 0xFE0F]]],
    ["emoji", 1, 2, [[0x1F300, 0x1F64F], [0x1F680, 0x1F6FF], [0x1F900, 0x1F9FF], "\u2764\ufe0f", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
                     "\U0001f1f3\U0001f1f4"]],
    ["controls", 1, 2, [[0x00, 0x1F], [0x7F, 0x9F]]],
    ["edges", 1, 2, ["\ud7ff", "\ue000", "\uf8ff", "\ufdd0", "\ufffd", "\ufffe", "\uffff", "\U00010000", "\U0001ffff", "\U000e0001",
                     "\U0010fffe", "\U0010ffff"]],
    ["any", 1, 1, [[0x00, 0xD7FF], [0xE000, 0xFFFF], [0x10000, 0x3FFFF], [0x40000, 0x10FFFF]]],
]
TEXT_FILES = ["cl100k_base.tiktoken", "encoder.json", "gpt2_tokenizer.json", "hellaswag_val_subset1000.jsonl",
              "names.txt", "o200k_base.tiktoken", "taylorswift.txt", "tinyshakespeare.txt", "vocab.bpe"]
random_text = RandomText(KINDS)


def read(name):
    with open(os.path.join(DATA, name), encoding="utf-8", newline="") as f:
        return f.read()


def encodings(processor, full, blocks):
    """Ids of random texts: the first in full, then a hash for each block."""
    return {
        "random": [processor.encode(random_text.of(seed)) for seed in range(1, full + 1)],
        "hashes": [hash_of(processor.encode(random_text.of(1 + block * PER_BLOCK + index)) for index in range(PER_BLOCK))
                   for block in range(blocks)],
    }


def of_files(processor):
    counts = {}
    for name in TEXT_FILES:
        ids = processor.encode(read(name))
        counts[name] = {"count": len(ids), "hash": hash_of([ids])}
    return counts


def lines(value):
    """JSON with one entry a line, so that a change can be seen."""
    text = lambda entry: json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {text(entry)}" for key, entry in value.items()) + "\n}"
    return "[\n" + ",\n".join(map(text, value)) + "\n]"


TOY = (
    "SentencePiece is an unsupervised text tokenizer and detokenizer mainly for Neural Network-based text generation systems "
    "where the vocabulary size is predetermined prior to the neural model training. SentencePiece implements subword units "
    "(e.g., byte-pair-encoding (BPE) [Sennrich et al.]) and unigram language model [Kudo.]) with the extension of direct "
    "training from raw sentences. SentencePiece allows us to make a purely end-to-end system that does not depend on "
    "language-specific pre/postprocessing.")
IDENTITY = {"normalization_rule_name": "identity", "remove_extra_whitespaces": False}
# The options of section 6 of the lecture's page, Llama 2's.
LECTURE = IDENTITY | {
    "input_sentence_size": 200000000, "character_coverage": 0.99995, "byte_fallback": True, "split_digits": True,
    "allow_whitespace_only_pieces": True}
SYMBOLS = {"user_defined_symbols": ["<sep>", "[MASK]", "aaa", "</s>", "\u2581\u2581"], "control_symbols": ["<x>", "the"]}
RARE = {"character_coverage": 0.98}
# Name: the text, and options as SentencePiece has them. "mixed" is the random texts of the seeds 1 to 5000, a line each.
TRAININGS = {
    "toy": ("toy", LECTURE | {"vocab_size": 400}),
    "toy without bytes": ("toy", LECTURE | {"vocab_size": 400, "byte_fallback": False}),
    "toy, as large as it goes": ("toy", IDENTITY | {"vocab_size": 4000, "hard_vocab_limit": False}),
    "Shakespeare, the lecture's options": ("tinyshakespeare.txt", LECTURE | {"vocab_size": 3000}),
    "Shakespeare, the defaults": ("tinyshakespeare.txt", {"vocab_size": 2000}),
    "Swift": ("taylorswift.txt", IDENTITY | {"vocab_size": 2000}),
    "names": ("names.txt", IDENTITY | {"vocab_size": 1000}),
    "long lines": ("hellaswag_val_subset1000.jsonl", IDENTITY | {"vocab_size": 4000, "max_sentence_length": 100000}),
    "long lines skipped": ("hellaswag_val_subset1000.jsonl", IDENTITY | {"vocab_size": 1000, "max_sentence_length": 600}),
    "spaces at the end": ("tinyshakespeare.txt", IDENTITY | {"vocab_size": 1500, "treat_whitespace_as_suffix": True}),
    "words not split": ("taylorswift.txt", IDENTITY | {"vocab_size": 800, "split_by_whitespace": False}),
    "words not split, spaces at the end": (
        "taylorswift.txt", IDENTITY | {"vocab_size": 800, "split_by_whitespace": False, "treat_whitespace_as_suffix": True}),
    "short pieces": ("tinyshakespeare.txt", IDENTITY | {"vocab_size": 1500, "max_sentencepiece_length": 4}),
    "other ids": ("tinyshakespeare.txt", IDENTITY | {"vocab_size": 500, "unk_id": 3, "bos_id": -1, "eos_id": 0, "pad_id": 1}),
    "required characters": (
        "tinyshakespeare.txt", IDENTITY | {"vocab_size": 500, "character_coverage": 0.99, "required_chars": "zqXZ"}),
    "no space in front": ("tinyshakespeare.txt", IDENTITY | {"vocab_size": 500, "add_dummy_prefix": False}),
    "a sample": ("tinyshakespeare.txt", IDENTITY | {"vocab_size": 500, "input_sentence_size": 3000}),
    "the first lines": (
        "tinyshakespeare.txt", IDENTITY | {"vocab_size": 500, "input_sentence_size": 3000, "shuffle_input_sentence": False}),
    "mixed": ("mixed", IDENTITY | RARE | {"vocab_size": 9000}),
    "mixed, bytes": ("mixed", IDENTITY | RARE | {"vocab_size": 9000, "byte_fallback": True, "allow_whitespace_only_pieces": True}),
    "mixed, scripts and digits not split": (
        "mixed", IDENTITY | RARE | {"vocab_size": 9000, "split_by_unicode_script": False, "split_by_number": False}),
    "mixed, symbols": ("mixed", IDENTITY | RARE | SYMBOLS | {"vocab_size": 9000}),
    "mixed, spaces at the end": (
        "mixed", IDENTITY | RARE | {"vocab_size": 9000, "treat_whitespace_as_suffix": True, "allow_whitespace_only_pieces": True}),
    "mixed, normalised": ("mixed", RARE | {"vocab_size": 7000}),
    "mixed, normalised, symbols, bytes": ("mixed", RARE | SYMBOLS | {"vocab_size": 9000, "byte_fallback": True}),
}


def train(folder, text, options, **more):
    """Trains on one of the texts; returns the processor and the two files."""
    # In the folder itself, since a model keeps the paths that it was trained with.
    os.chdir(folder)
    with open(text, "w", encoding="utf-8", newline="") as f:
        f.write({"toy": lambda: TOY, "mixed": lambda: "\n".join(map(random_text.of, range(1, 5001)))}.get(text, lambda: read(text))())
    sentencepiece.SentencePieceTrainer.train(
        input=text, model_prefix="model", minloglevel=2,
        **{key: ",".join(value) if isinstance(value, list) else value for key, value in (options | more).items()})
    with open("model.vocab", "rb") as f:
        vocabulary = f.read()
    return sentencepiece.SentencePieceProcessor(model_file="model.model"), "model.model", vocabulary


def trainings(folder):
    """For each training the hash of its .vocab file, and the ids of random texts."""
    results = {}
    for name, (text, options) in TRAININGS.items():
        processor, _, vocabulary = train(folder, text, options, model_type="bpe")
        results[name] = {"text": text, "options": options, "vocabulary": hashlib.sha256(vocabulary).hexdigest()[:16],
                         "decoded": hashlib.sha256("\n".join(
                             processor.decode(processor.encode(random_text.of(seed))) for seed in range(1, 301)).encode()
                         ).hexdigest()[:16]} | encodings(processor, 3, 10)
    return results


def unigram(folder):
    """A small unigram model, kept beside this file, and one with symbols of the user's."""
    results = {}
    for name, options in {"sentencepiece-unigram": {"vocab_size": 800, "byte_fallback": True} | IDENTITY,
                          "sentencepiece-unigram-symbols": {"vocab_size": 500} | IDENTITY | SYMBOLS}.items():
        processor, path, _ = train(folder, "taylorswift.txt", options, model_type="unigram", num_threads=1)
        with open(path, "rb") as source, open(os.path.join(HERE, name + ".model"), "wb") as target:
            target.write(source.read())
        results[name] = encodings(processor, 100, 100) | {"files": of_files(processor)}
    return results


def unused(folder):
    """Two models of which every third piece of several characters is unused, as after SetVocabulary."""
    results = {}
    for name, model_type in {"bpe": "bpe", "unigram": "unigram"}.items():
        processor, _, _ = train(folder, "taylorswift.txt", IDENTITY | SYMBOLS | {"vocab_size": 500}, model_type=model_type, num_threads=1)
        processor.set_vocabulary([processor.id_to_piece(id) for id in range(len(processor)) if id % 3 != 0])
        results[name] = encodings(processor, 100, 20) | {"files": of_files(processor)}
    return results


def ranges(processor):
    """For the seeds 1 to 300 the begin and end of each piece, in code points of the text."""
    return [[edge for piece in processor.encode_as_immutable_proto(random_text.of(seed)).pieces for edge in (piece.begin, piece.end)]
            for seed in range(1, 301)]


if __name__ == "__main__":
    llama2 = sentencepiece.SentencePieceProcessor(model_file=os.path.join(DATA, "llama2_tokenizer.model"))
    with tempfile.TemporaryDirectory() as folder:
        parts = {
            "kinds": KINDS,
            "toy": [TOY],
            "llama2": encodings(llama2, FULL, BLOCKS) | {"files": of_files(llama2)},
            "trainings": trainings(folder),
            "unigram": unigram(folder),
            "unused": unused(folder),
            "ranges": {"llama2": ranges(llama2), "mixed, normalised": ranges(train(
                folder, *TRAININGS["mixed, normalised"], model_type="bpe")[0])},
        }
    path = os.path.join(HERE, "sentencepiece.json")
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write("{\n" + ",\n".join(f'"{name}": {lines(part)}' for name, part in parts.items()) + "\n}\n")
    print(f"{os.path.getsize(path):,} bytes")
