"""How far the likeliest token stands out along stories told greedily, by the grammar's own odds.

A trained model comes near these odds. Where two tokens are equally likely, it has no reason for
either, and rounding decides. Prints the least gap, log(p1 / p2), of the story after each beginning:

    python3 ties.py
"""

import collections
import math

import chat
from bpe import Tokenizer
from grammar import Telling, stories

AHEAD = 16  # characters: more than a token has

BEGINNINGS = [
    "Once upon a time", "Once upon a time,", "Once upon a time, there", "Once upon a time, there was a",
    "Once upon a time, there lived", "Once upon a time, a", "Once upon a time, it", "Once upon a time, it was late, but",
]


def beginnings():
    domains = stories().domains
    yield from BEGINNINGS
    for trait, a in domains["trait"].rows:
        yield from (f"Once upon a time, there was {a}", f"Once upon a time, {a}")
        yield from (f"Once upon a time, {a} {kind} named" for kind in ("girl", "boy"))
    for name, kind, *_ in domains["child"].rows:
        yield from (f"Once upon a time, {name}", f"Once upon a time, there was a kind {kind} named {name}")
        yield f"Once upon a time, a curious {kind} named {name}"
    for noun, *_ in domains["animal"].rows:
        yield from (f"Once upon a time, there was a happy {noun}", f"Once upon a time, a brave {noun}")


def requests():
    for domain in ("child", "animal", "toy"):
        for row in stories().domains[domain].rows:
            yield row[0], {domain + "1": row}


def continued(told, odds, text):
    """Ways to go on from a telling that agree with a text and reach AHEAD of it: pairs (text, odds)."""
    if not told.text.startswith(text) and not text.startswith(told.text):
        return
    if told.ended:
        if len(told.text) >= len(text):
            yield told.text + chat.END, odds
    elif len(told.text) >= len(text) + AHEAD:
        yield told.text, odds
    else:
        for share, then in stories().branches(told):
            yield from continued(then, odds * share, text)


class Paths:
    """Greedy stories; what one of them has told is the same for all."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer

    def following(self, start, text):
        """The odds of each token after a text, the likeliest first."""
        given = len(self.tokenizer.encode(text))
        odds = collections.Counter()
        for longer, share in continued(start, 1.0, text):
            odds[self.tokenizer.encode(longer)[given]] += share
        return odds.most_common()

    def least_gap(self, start, text):
        """The least gap from a text to the end of its story, and what was said before it."""
        least, at = math.inf, text
        while True:
            odds = self.following(start, text)
            if not odds:
                raise ValueError(f"no story begins with {text!r}")
            (token, first), *others = odds
            if others and math.log(first / others[0][1]) < least:
                least = math.log(first / others[0][1])
                at = f"{text}[{self.tokenizer.tokens[token]}|{self.tokenizer.tokens[others[0][0]]}]"
            if token == self.tokenizer.ids[chat.END]:
                return least, at
            text += self.tokenizer.decode([token])


def main():
    paths = Paths(Tokenizer.trained())
    for text in beginnings():
        print("{:.2f}  {}".format(*paths.least_gap(Telling(), text)))
    for thing, bound in requests():
        print("{:.2f}  {}: {}".format(*paths.least_gap(Telling(bound=bound), "")[:1], thing, paths.least_gap(Telling(bound=bound), "")[1]))


if __name__ == "__main__":
    main()
