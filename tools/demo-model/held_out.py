"""The rule that keeps the held-out set out of the training text.

It looks at a question's words alone, in any order, so "Which is bigger, a cat or a horse?" and the
same with the horse first are one question, and so are 23 + 45 and 45 + 23. The Java tests hold the
checked-in set to the same rule.
"""

import re

WORD = re.compile(r"[a-z0-9]+|[+-]")
SHARE = 10  # one question in ten is held out


def fnv1a(data: bytes) -> int:
    """The 32-bit FNV-1a hash."""
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def is_held_out(question: str) -> bool:
    words = sorted(WORD.findall(question.lower()))
    return fnv1a(" ".join(words).encode()) % SHARE == 0
