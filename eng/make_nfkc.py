"""Makes src/Nabla.Tokenizers/SentencePiece/Training/nfkc.txt: how Unicode 13 normalises single characters, from the tables
that Python 3.11 brings (Unicode 14). SentencePiece's rules nmt_nfkc are made of these. Run it as

    python3 eng/make_nfkc.py > src/Nabla.Tokenizers/SentencePiece/Training/nfkc.txt
"""
import unicodedata

# Characters that Unicode 14 added, and that it normalises.
YOUNGER = {*range(0xA7F2, 0xA7F5), *range(0x10780, 0x107BB)}
HANGUL = range(0xAC00, 0xD7A4)


def codes(text):
    return " ".join(f"{ord(c):04X}" for c in text)


print("# A character and its NFKC, where that is another; or, after =, its full decomposition, where that is longer.")
print("# Hangul syllables are computed. Made by eng/make_nfkc.py from the Unicode Character Database.")
for code in range(1, 0x110000):
    if 0xD800 <= code < 0xE000 or code in HANGUL or code in YOUNGER:
        continue
    nfkc, nfkd = (unicodedata.normalize(form, chr(code)) for form in ("NFKC", "NFKD"))
    if nfkc != chr(code):
        print(f"{code:04X} {codes(nfkc)}")
    elif nfkd != chr(code):
        print(f"{code:04X} = {codes(nfkd)}")
