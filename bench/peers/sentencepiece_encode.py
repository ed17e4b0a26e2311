"""Encodes texts with a SentencePiece model, or trains one, and prints JSON lines for bench/Nabla.Benchmarks to compare with.

    sentencepiece_encode.py encode llama2_tokenizer.model prose.txt code.txt
    sentencepiece_encode.py train text.txt 8000 model

Encoding is timed on one thread, twice: the whole text at once, and line by line, which is faster here, since one step for each
character of a text takes longer in a longer text. Training has the options that the lecture copies from Llama 2.
"""
import json
import os
import sys
import time

import sentencepiece


def median(action):
    action()
    seconds = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < 1 or len(seconds) < 3:
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[len(seconds) // 2]


def encode(model, *paths):
    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        lines = text.split("\n")
        megabytes = len(text.encode()) / 1e6
        print(json.dumps({
            "text": os.path.splitext(os.path.basename(path))[0],
            "ids": len(processor.encode(text)),
            "whole": megabytes / median(lambda: processor.encode(text)),
            "lines": megabytes / median(lambda: processor.encode(lines, num_threads=1)),
        }), flush=True)


def train(path, vocabulary, prefix):
    start = time.perf_counter()
    sentencepiece.SentencePieceTrainer.train(
        input=path, model_prefix=prefix, model_type="bpe", vocab_size=int(vocabulary), normalization_rule_name="identity",
        remove_extra_whitespaces=False, input_sentence_size=200000000, character_coverage=0.99995, byte_fallback=True,
        split_digits=True, allow_whitespace_only_pieces=True, num_threads=os.cpu_count(), minloglevel=2)
    print(json.dumps({"seconds": time.perf_counter() - start}))


{"encode": encode, "train": train}[sys.argv[1]](*sys.argv[2:])
