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
    "Once upon a time, there lived", "Once upon a time, a", "Once upon a time, it",
    "Once upon a time, it was late, but",
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


def following(tokenizer, start, text):
    """The odds of each token after a text, the likeliest first."""
    given = len(tokenizer.encode(text))
    odds = collections.Counter()
    for longer, share in continued(start, 1.0, text):
        odds[tokenizer.tokens[tokenizer.encode(longer)[given]]] += share
    return odds.most_common()


def least_gap(tokenizer, start, text):
    """The least gap from a text to the end of its story, and what was said before it."""
    least, at, token = math.inf, text, ""
    while token != chat.END:
        (token, first), *others = following(tokenizer, start, text)
        if others and math.log(first / others[0][1]) < least:
            least = math.log(first / others[0][1])
            at = f"{text}[{token}|{others[0][0]}]"
        text += tokenizer.decode([tokenizer.ids[token]])
    return least, at


def main():
    tokenizer = Tokenizer.trained()
    for text in dict.fromkeys(beginnings()):
        gap, at = least_gap(tokenizer, Telling(), text)
        print(f"{gap:.2f}  {at}")
    for thing, bound in requests():
        gap, at = least_gap(tokenizer, Telling(bound=bound), "")
        print(f"{gap:.2f}  {thing}: {at}")


if __name__ == "__main__":
    main()
