"""Documents, tokenized and packed into rows of equal length.

A row holds whole documents and then padding. `document` numbers them from 1 (0 is padding), so that
attention stays inside a document, and `learnt` marks the tokens to learn: stories and answers, with
the token that ends them, but not the questions.
"""

import multiprocessing
import random

import numpy as np

import arithmetic
import chat
import instructions
import questions
from grammar import stories

LENGTH = 384
TURNS = [(arithmetic.sample, 4), (questions.sample, 6), (instructions.sample, 3)]


def conversation(rng, tokenizer):
    ids, learnt = tokenizer.encode(chat.START), []
    learnt += [0] * len(ids)
    makers, weights = zip(*TURNS)
    for turn in range(rng.choice([1, 1, 1, 2, 3])):
        question, answer = rng.choices(makers, weights)[0](rng)
        asked = tokenizer.encode(f"{chat.USER}\n{question}{chat.ASSISTANT}\n")
        answered = tokenizer.encode(answer)
        ids += asked + answered
        # The start of a later turn is what ends the answer before it.
        learnt += [int(turn > 0)] + [0] * (len(asked) - 1) + [1] * len(answered)
    return ids + tokenizer.encode(chat.END), learnt + [1]


def story(rng, tokenizer):
    ids = tokenizer.encode(stories().draw(rng) + chat.END)
    return ids, [1] * len(ids)


def rows(tokenizer, count, seed):
    """Arrays (tokens, document, learnt) of shape (count, LENGTH)."""
    rng = random.Random(seed)
    tokens = np.zeros((count, LENGTH), np.int16)
    document = np.zeros((count, LENGTH), np.uint8)
    learnt = np.zeros((count, LENGTH), np.uint8)
    row = at = number = 0
    while row < count:
        ids, learn = (story if rng.random() < 0.2 else conversation)(rng, tokenizer)
        if len(ids) > LENGTH:
            continue
        if at + len(ids) > LENGTH:
            row, at, number = row + 1, 0, 0
            if row == count:
                break
        number += 1
        end = at + len(ids)
        tokens[row, at:end], document[row, at:end], learnt[row, at:end] = ids, number, learn
        # The first token of a document has nothing to be learnt from.
        learnt[row, at] = 0
        at = end
    return tokens, document, learnt


def _shard(job):
    return rows(*job)


def generate(tokenizer, count, seed, processes):
    """Rows made by several processes; the text depends on the count and the seed alone."""
    shards = 64
    jobs = [(tokenizer, count // shards, seed * shards + i) for i in range(shards)]
    with multiprocessing.Pool(processes) as pool:
        parts = pool.map(_shard, jobs)
    return tuple(np.concatenate(arrays) for arrays in zip(*parts))
