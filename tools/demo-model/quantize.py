"""Blocks of 32 weights as GGUF stores them, and the same rounding for training."""

import numpy as np
import torch

BLOCK = 32
# What the Q4_0 file keeps in Q8_0: every token passes through these two.
SENSITIVE = ("token_embd.weight", "output.weight")


def is_matrix(name, tensor):
    """Whether a weight is quantised: all but norms, biases and the router."""
    return tensor.ndim > 1 and not name.endswith("ffn_gate_inp.weight")


def type_of(name, tensor, file_type):
    if not is_matrix(name, tensor):
        return "f32"
    return "q8_0" if file_type == "q4_0" and name in SENSITIVE else file_type


def q8_0_parts(x):
    """Scale (f16) and integers in -127..127 of blocks (..., 32)."""
    scale = x.abs().amax(-1, keepdim=True) / 127
    inverse = torch.where(scale > 0, 1 / scale, 0)
    return scale.half(), torch.round(x * inverse)


def q4_0_parts(x):
    """Scale (f16) and integers in -8..7: the weight of largest size becomes -8."""
    largest = x.gather(-1, x.abs().argmax(-1, keepdim=True))
    scale = largest / -8
    inverse = torch.where(scale != 0, 1 / scale, 0)
    return scale.half(), (torch.floor(x * inverse + 8.5).clamp(0, 15) - 8)


PARTS = {"q8_0": q8_0_parts, "q4_0": q4_0_parts}


def rounded(tensor, kind):
    """The tensor as a file of that type holds it."""
    if kind == "f32":
        return tensor
    if kind == "f16":
        return tensor.half().float()
    scale, values = PARTS[kind](tensor.reshape(-1, BLOCK))
    return (scale.float() * values).reshape(tensor.shape)


def as_in_file(weights, file_type):
    return {n: rounded(t, type_of(n, t, file_type)) for n, t in weights.items()}


def straight_through(tensor, kind):
    """Rounded, with a gradient that passes as if it were not."""
    return tensor + (rounded(tensor, kind) - tensor).detach()


def weights_in_training(weights, file_type):
    """Those that a file of that type holds."""
    return {n: straight_through(t, type_of(n, t, file_type)) for n, t in weights.items()}


def inputs_in_training(x):
    """What llama.cpp gives to a product with quantised weights: blocks of 32 in 8 bits, like Q8_0."""
    return straight_through(x.float(), "q8_0")


def encoded(tensor, kind):
    """The bytes of a tensor in a file."""
    if kind == "f32":
        return tensor.numpy().astype("<f4").tobytes()
    if kind == "f16":
        return tensor.numpy().astype("<f2").tobytes()
    scale, values = PARTS[kind](tensor.reshape(-1, BLOCK))
    scale = scale.numpy().astype("<f2").view(np.uint8)
    if kind == "q8_0":
        body = values.numpy().astype(np.int8).view(np.uint8)
    else:
        nibbles = (values.numpy() + 8).astype(np.uint8)
        body = nibbles[:, :16] | nibbles[:, 16:] << 4
    return np.concatenate([scale, body], 1).tobytes()
