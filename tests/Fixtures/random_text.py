"""Random texts of everything that is hard to tokenize, and hashes of ids: the same here and in the C# tests.

A kind of text is [name, least, most, items]: of `least` to `most` items, each a text or a range of code points.
"""
import hashlib
import struct


class RandomText:
    """Makes a text from a seed other than 0, by Marsaglia's xorshift of 32 bits."""

    def __init__(self, kinds):
        self.kinds = kinds

    def of(self, seed):
        state = (seed * 0x9E3779B9) & 0xFFFFFFFF

        def below(bound):
            nonlocal state
            state ^= (state << 13) & 0xFFFFFFFF
            state ^= state >> 17
            state ^= (state << 5) & 0xFFFFFFFF
            return state % bound

        text = []
        for _ in range(below(16) + 1):
            _, least, most, items = self.kinds[below(len(self.kinds))]
            for _ in range(least + below(most - least + 1)):
                item = items[below(len(items))]
                text.append(item if isinstance(item, str) else chr(item[0] + below(item[1] - item[0] + 1)))
        return "".join(text)


def hash_of(lists):
    """16 digits of the SHA-256 of: for each list its length, then its numbers, as int32, little-endian."""
    digest = hashlib.sha256()
    for ids in lists:
        digest.update(struct.pack(f"<i{len(ids)}i", len(ids), *ids))
    return digest.hexdigest()[:16]
