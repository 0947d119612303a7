"""How well the model in training form does on the held-out set and at telling stories."""

import torch

import chat
from grammar import stories
from held_out_set import SEED, held_out
from model import forward


def is_right(kind, said, answer):
    """An answer to a question is the whole text; of a sum it is what the last line ends with."""
    if kind == "question":
        return said == answer
    return said.splitlines()[-1:] != [] and said.splitlines()[-1].split(" = ")[-1] == answer


@torch.no_grad()
def continued(config, weights, tokenizer, prompts, limit, temperature=0.0, generator=None):
    """The texts after prompts, up to a token that ends them."""
    device = weights["output.weight"].device
    ends = torch.tensor([tokenizer.ids[chat.END], tokenizer.ids[chat.USER]], device=device)
    encoded = [tokenizer.encode(p) for p in prompts]
    lengths = torch.tensor([len(e) for e in encoded], device=device)
    tokens = torch.zeros(len(prompts), max(map(len, encoded)) + limit, dtype=torch.long, device=device)
    for row, ids in zip(tokens, encoded):
        row[: len(ids)] = torch.tensor(ids, device=device)
    at, done = lengths.clone(), torch.zeros(len(prompts), dtype=torch.bool, device=device)
    rows = torch.arange(len(prompts), device=device)
    for _ in range(limit):
        seen = tokens[:, : int(at.max())]
        logits, _ = forward(config, weights, seen, torch.ones_like(seen))
        logits = logits[rows, at - 1].float()
        if temperature > 0:
            odds = torch.softmax(logits / temperature, -1)
            chosen = torch.multinomial(odds, 1, generator=generator)[:, 0]
        else:
            chosen = logits.argmax(-1)
        done = done | torch.isin(chosen, ends)
        tokens[rows[~done], at[~done]] = chosen[~done]
        at = at + (~done).long()
        if done.all():
            break
    return [tokenizer.decode(t[a:b].tolist()) for t, a, b in zip(tokens, lengths, at)]


def accuracy(config, weights, tokenizer):
    """Share of right answers by kind, and wrong ones to look at."""
    shares, wrong = {}, []
    for kind, pairs in held_out().items():
        asked = [chat.prompt(question) for question, _ in pairs]
        said = continued(config, weights, tokenizer, asked, 80)
        misses = [(q, s, a) for (q, a), s in zip(pairs, said) if not is_right(kind, s, a)]
        shares[kind] = 1 - len(misses) / len(pairs)
        wrong += misses[:3]
    return shares, wrong


def grammatical(config, weights, tokenizer, count=200):
    """Share of stories at temperature 0.8 that the grammar accepts, and some that it does not."""
    generator = torch.Generator(weights["output.weight"].device).manual_seed(SEED)
    start = "Once upon a time"
    told = continued(config, weights, tokenizer, [start] * count, 220, 0.8, generator)
    bad = [start + text for text in told if not stories().accepts(start + text)]
    return 1 - len(bad) / count, bad[:2]
