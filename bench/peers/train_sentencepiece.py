"""Trains SentencePiece's byte-pair model on a text file with the options of the lecture, and prints how long it took.

    train_sentencepiece.py text.txt --merges 32000 --threads 4

The options are those of Llama 2, as the lecture copies them. The vocabulary also holds 3 special tokens, 256 bytes and the
characters of the text, so that as many merges are learned as are asked for, give or take the rarest characters.
"""
import argparse
import os
import resource
import tempfile
import time

import sentencepiece


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("text")
    parser.add_argument("--merges", type=int, default=32000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    with open(options.text, encoding="utf-8") as file:
        characters = len(set().union(*map(set, file)))
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        sentencepiece.SentencePieceTrainer.train(
            input=options.text, input_format="text", model_prefix=os.path.join(folder, "model"), model_type="bpe",
            vocab_size=options.merges + 3 + 256 + characters, normalization_rule_name="identity",
            remove_extra_whitespaces=False, input_sentence_size=200000000, max_sentence_length=4192,
            seed_sentencepiece_size=1000000, shuffle_input_sentence=True, character_coverage=0.99995, byte_fallback=True,
            split_digits=True, split_by_unicode_script=True, split_by_whitespace=True, split_by_number=True,
            max_sentencepiece_length=16, add_dummy_prefix=True, allow_whitespace_only_pieces=True,
            unk_id=0, bos_id=1, eos_id=2, pad_id=-1, num_threads=options.threads, minloglevel=2)
        seconds = time.perf_counter() - start
        model = sentencepiece.SentencePieceProcessor(model_file=os.path.join(folder, "model.model"))
        merges = sum(len(model.id_to_piece(id)) > 1 for id in range(259, model.get_piece_size()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"SentencePiece {sentencepiece.__version__}, {options.threads} threads: seconds {seconds:.2f} "
          f"for {merges} merges, peak memory {peak} MB")


if __name__ == "__main__":
    main()
