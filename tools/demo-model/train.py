"""Trains the demo model and writes it as GGUF in F16, Q8_0 and Q4_0. See README.md."""

import argparse
import json
import pathlib
import time

import torch
import torch.nn.functional as F

import corpus
import evaluate
import gguf_file
from bpe import Tokenizer
from model import Config, exact, forward, initial_weights
from quantize import as_in_file, inputs_in_training, weights_in_training

PEAK_RATE = 3e-3
WARM_UP = 300
DECAY_FROM = 0.55  # the rate falls to zero over the rest of the steps
ROUND_FROM = 0.5  # from here on steps round in turn:
ROUNDING = [None, "q4_0", "q8_0", "q4_0"]
BIAS_STEP = 1e-3


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--steps", type=int, default=14000)
    parser.add_argument("--batch", type=int, default=96, help="rows of 384 tokens")
    parser.add_argument("--rows", type=int, default=384000, help="rows of training text")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--no-report", action="store_true", help="leaves out accuracy and stories")
    return parser.parse_args()


def rate(step, steps):
    """Warm-up, a plateau, a linear fall to zero."""
    fall = (steps - step) / (steps * (1 - DECAY_FROM))
    return PEAK_RATE * min(1, (step + 1) / WARM_UP, fall)


def loss_of(config, weights, tokens, document, learnt, rounding):
    given = exact
    if rounding:
        weights, given = weights_in_training(weights, rounding), inputs_in_training
    logits, shares = forward(config, weights, tokens, document, given)
    targets = torch.where(learnt[:, 1:] > 0, tokens[:, 1:], -100)
    return F.cross_entropy(logits[:, :-1].flatten(0, 1).float(), targets.flatten(), ignore_index=-100), shares


def optimizer(weights):
    """AdamW; the router's bias is not learnt by gradient but by the load of its expert."""
    learnt = {n: t.requires_grad_() for n, t in weights.items() if not n.endswith(".bias")}
    groups = [
        {"params": [t for t in learnt.values() if t.ndim > 1], "weight_decay": 0.1},
        {"params": [t for t in learnt.values() if t.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.95), fused=True)


@torch.no_grad()
def balance(config, weights, shares, step):
    """Experts that got more than their share become less eligible, and the other way round."""
    biases = [weights[f"blk.{i}.exp_probs_b.bias"] for i in range(config.dense_layers, config.layers)]
    for bias, share in zip(biases, shares):
        bias += step * torch.sign(1 / config.experts - share)


class Batches:
    """The rows in a new order for every pass over them."""

    def __init__(self, arrays, size, seed, device):
        self.arrays = [torch.from_numpy(a).to(device) for a in arrays]
        self.size = size
        self.generator = torch.Generator().manual_seed(seed)
        self.order = torch.empty(0, dtype=torch.long)

    def next(self):
        if len(self.order) < self.size:
            self.order = torch.randperm(len(self.arrays[0]), generator=self.generator)
        rows, self.order = self.order[: self.size], self.order[self.size :]
        tokens, document, learnt = (a[rows.to(a.device)] for a in self.arrays)
        return tokens.long(), document, learnt


def train(config, weights, batches, steps, device, compiled):
    adam = optimizer(weights)
    step_loss = torch.compile(loss_of) if compiled else loss_of
    start, recent = time.time(), []
    for step in range(steps):
        for group in adam.param_groups:
            group["lr"] = rate(step, steps)
        rounding = ROUNDING[step % len(ROUNDING)] if step >= ROUND_FROM * steps else None
        with torch.autocast(device.type, torch.bfloat16):
            loss, shares = step_loss(config, weights, *batches.next(), rounding)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in adam.param_groups for p in g["params"]], 1.0)
        adam.step()
        adam.zero_grad(set_to_none=True)
        balance(config, weights, shares.detach(), BIAS_STEP * rate(step, steps) / PEAK_RATE)
        recent.append(loss.detach())
        if (step + 1) % 250 == 0 or step + 1 == steps:
            mean = torch.stack(recent).mean().item()
            spread = shares.amax().item() * config.experts
            print(f"step {step + 1} loss {mean:.4f} busiest expert {spread:.2f} x its share, "
                  f"{time.time() - start:.0f} s", flush=True)
            recent = []
    return mean, time.time() - start


def report(config, weights, tokenizer):
    for file_type in ("f16", "q8_0", "q4_0"):
        rounded = as_in_file(weights, file_type)
        shares, wrong = evaluate.accuracy(config, rounded, tokenizer)
        fluent, bad = evaluate.grammatical(config, rounded, tokenizer)
        print(json.dumps({"type": file_type, **shares, "stories": fluent}), flush=True)
        for miss in wrong[:4] + bad:
            print("  missed:", miss, flush=True)


def main():
    args = options()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    config, tokenizer = Config(), Tokenizer.trained()
    assert len(tokenizer.tokens) == config.vocabulary
    start = time.time()
    arrays = corpus.generate(tokenizer, args.rows, args.seed, args.processes)
    print(f"{(arrays[1] > 0).sum()} tokens of text in {time.time() - start:.0f} s", flush=True)
    weights = {n: t.to(device) for n, t in initial_weights(config, args.seed).items()}
    print(f"{sum(t.numel() for t in weights.values())} weights", flush=True)
    batches = Batches(arrays, args.batch, args.seed, device)
    loss, seconds = train(config, weights, batches, args.steps, device, not args.no_compile)
    print(f"final loss {loss:.4f} after {args.steps} steps in {seconds:.0f} s", flush=True)
    weights = {n: t.detach() for n, t in weights.items()}
    on_cpu = {n: t.float().cpu() for n, t in weights.items()}
    for file_type in ("f16", "q8_0", "q4_0"):
        gguf_file.write(args.out / f"demo.{file_type}.gguf", config, tokenizer, on_cpu, file_type)
    if not args.no_report:
        report(config, weights, tokenizer)


if __name__ == "__main__":
    main()
