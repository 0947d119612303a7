"""Draws the held-out set; run as a program it writes the file that `diecast eval demo` reads."""

import json
import pathlib
import random

import arithmetic
import questions

FILE = pathlib.Path(__file__).parent / "../src/main/resources/dev/diecast/tools/demo/held-out.json"
SEED = 6


def held_out():
    rng = random.Random(SEED)
    return {
        "two-digit": arithmetic.held_out(rng, 2, 500),
        "three-digit": arithmetic.held_out(rng, 3, 500),
        "question": questions.held_out(rng),
    }


def write():
    items = [
        json.dumps({"kind": kind, "question": question, "answer": answer})
        for kind, pairs in held_out().items()
        for question, answer in pairs
    ]
    FILE.write_text("[\n" + ",\n".join(items) + "\n]\n")


if __name__ == "__main__":
    write()
