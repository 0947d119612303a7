"""Sums written out, column by column from the right, as children learn them.

Every line of an answer is one column. A 1 carried into it or borrowed from it stands at its end; a
column that borrows has its ten in its first number already. The last line is the answer:

    What is 347 + 285?        What is 342 - 158?
    7+5=12                    12-8=4
    4+8+1=13                  14-5-1=8
    3+2+1=6                   3-1-1=1
    347 + 285 = 632           342 - 158 = 184
"""

import random

from held_out import is_held_out


def digits(number, count):
    """Decimal digits, the last one first."""
    return [number // 10**i % 10 for i in range(count)]


def columns(a, op, b):
    count = len(str(max(a, b)))
    lines, carry = [], 0
    for x, y in zip(digits(a, count), digits(b, count)):
        pending = f"{op}1" if carry else ""
        if op == "+":
            result = x + y + carry
            carry = int(result > 9)
        else:
            x += 10 * int(x < y + carry)
            result = x - y - carry
            carry = int(x > 9)
        lines.append(f"{x}{op}{y}{pending}={result}")
    return lines


def answer(a, op, b):
    result = a + b if op == "+" else a - b
    return "\n".join(columns(a, op, b) + [f"{a} {op} {b} = {result}"])


def number(rng, length):
    return rng.randrange(10 ** (length - 1) if length > 1 else 0, 10**length)


def draw(rng: random.Random, length=None):
    """An expression of two numbers of `length` digits, or of mixed lengths up to three."""
    first, second = (length, length) if length else (rng.randint(1, 3), rng.randint(1, 3))
    a, b, op = number(rng, first), number(rng, second), rng.choice("+-")
    if op == "-" and a < b:
        a, b = b, a
    return a, op, b


PHRASES = ["What is {}?", "What is {}?", "What is {}?", "{}", "{} =", "How much is {}?"]


def question(a, op, b):
    return f"What is {a} {op} {b}?"


def sample(rng):
    """A question for training and its answer."""
    while True:
        a, op, b = draw(rng, rng.choices([2, 3, None], [0.3, 0.5, 0.2])[0])
        if not is_held_out(question(a, op, b)):
            return rng.choice(PHRASES).format(f"{a} {op} {b}"), answer(a, op, b)


def held_out(rng, length, count):
    """Different held-out questions with their results."""
    found = {}
    while len(found) < count:
        a, op, b = draw(rng, length)
        if is_held_out(question(a, op, b)):
            found[question(a, op, b)] = str(a + b if op == "+" else a - b)
    return list(found.items())


if __name__ == "__main__":
    rng = random.Random(1)
    for _ in range(5):
        print("\n".join(sample(rng)))
