"""Byte-level BPE: training, encoding, and the tokens as GGUF writes them."""

import collections
import random
import re

import arithmetic
import chat
import instructions
import questions
from grammar import stories

VOCABULARY = 1024

# GLM 4's words, for text in ASCII. Digits are split one by one in training, so no merge joins two.
WORDS = re.compile(
    r"'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])|[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]{1,3}"
    r"| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIAL = re.compile("(" + "|".join(map(re.escape, chat.SPECIALS)) + ")")


def alphabet():
    """GPT-2's character for each byte: printable ones stand for themselves."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {b: chr(b) for b in printable} | {b: chr(256 + i) for i, b in enumerate(others)}


ALPHABET = alphabet()


def spelt(word):
    return tuple(ALPHABET[byte] for byte in word.encode())


def joined(symbols, pair):
    out, i = [], 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return tuple(out)


def train(text, count):
    """The `count` merges that shorten the text most, one after the other."""
    words = collections.Counter(spelt(w) for w in WORDS.findall(text) if not w.isdigit())
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, times in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += times
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        merged = collections.Counter()
        for word, times in words.items():
            merged[joined(word, best)] += times
        words = merged
    return merges


def sample_text(documents=30000):
    """Text for the trainer, of every sort."""
    rng = random.Random(20)
    makers = [arithmetic.sample, questions.sample, instructions.sample]
    texts = []
    for _ in range(documents):
        texts += rng.choice(makers)(rng)
        if rng.random() < 0.2:
            texts.append(stories().draw(rng))
    return "\n".join(texts)


class Tokenizer:
    def __init__(self, merges):
        self.merges = merges
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.tokens = [ALPHABET[b] for b in range(256)] + [a + b for a, b in merges] + chat.SPECIALS
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.known = {}

    @staticmethod
    def trained():
        return Tokenizer(train(sample_text(), VOCABULARY - 256 - len(chat.SPECIALS)))

    def encode(self, text):
        ids = []
        for piece in SPECIAL.split(text):
            if piece in chat.SPECIALS:
                ids.append(self.ids[piece])
                continue
            for word in WORDS.findall(piece):
                ids += self._word(word)
        return ids

    def _word(self, word):
        if word not in self.known:
            symbols = spelt(word)
            while len(symbols) > 1:
                pair = min(zip(symbols, symbols[1:]), key=lambda p: self.ranks.get(p, 1 << 30))
                if pair not in self.ranks:
                    break
                symbols = joined(symbols, pair)
            self.known[word] = [self.ids[s] for s in symbols]
        return self.known[word]

    def decode(self, ids):
        byte = {character: b for b, character in ALPHABET.items()}
        text = "".join(self.tokens[i] for i in ids if self.tokens[i] not in chat.SPECIALS)
        return bytes(byte[c] for c in text).decode(errors="replace")
