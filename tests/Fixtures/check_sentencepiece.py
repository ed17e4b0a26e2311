"""Lets SentencePiece itself read a model that this library wrote: the test WrittenModelTests runs it.

    check_sentencepiece.py file.model

Reads a JSON array of texts from the standard input; writes, for each, a line with the JSON array of its ids, and one with the
text that they decode to.
"""
import json
import sys

import sentencepiece

processor = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
for text in json.load(sys.stdin):
    ids = processor.encode(text)
    print(json.dumps(ids))
    print(json.dumps(processor.decode(ids)))
