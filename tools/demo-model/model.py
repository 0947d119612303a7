"""The architecture of GLM-4.7-Flash (`deepseek2` in GGUF) in miniature, for training.

Weights are a dictionary under their GGUF names, in GGUF's layout: a matrix is (rows, columns) and
is multiplied as x @ W.T. The forward pass is a function of such a dictionary, so the same code runs
on trained weights and on quantised ones.
"""

import dataclasses
import math

import torch
import torch.nn.functional as F


@dataclasses.dataclass(frozen=True)
class Config:
    vocabulary: int = 1024
    layers: int = 5
    dense_layers: int = 1
    width: int = 192
    heads: int = 6
    nope: int = 32  # the part of a head's query and key without position
    rope: int = 32  # the part with one; the key's is shared by all heads
    value: int = 32
    query_rank: int = 96
    key_value_rank: int = 128
    dense_width: int = 384
    experts: int = 8
    experts_used: int = 2
    expert_width: int = 64
    routed_scale: float = 1.8
    epsilon: float = 1e-5
    rope_base: float = 10000.0
    context: int = 512


def initial_weights(c: Config, seed: int):
    """Random weights; norms and router in float32 like the rest, biases of the router at zero."""
    generator = torch.Generator().manual_seed(seed)
    w = {}

    def matrix(name, *shape, scale=1.0):
        w[name] = torch.randn(shape, generator=generator) * (scale / math.sqrt(shape[-1]))

    def norm(name, size):
        w[name] = torch.ones(size)

    out = 1 / math.sqrt(2 * c.layers)  # keeps the residual stream's size over the layers
    matrix("token_embd.weight", c.vocabulary, c.width)
    for i in range(c.layers):
        p = f"blk.{i}."
        norm(p + "attn_norm.weight", c.width)
        matrix(p + "attn_q_a.weight", c.query_rank, c.width)
        norm(p + "attn_q_a_norm.weight", c.query_rank)
        matrix(p + "attn_q_b.weight", c.heads * (c.nope + c.rope), c.query_rank)
        matrix(p + "attn_kv_a_mqa.weight", c.key_value_rank + c.rope, c.width)
        norm(p + "attn_kv_a_norm.weight", c.key_value_rank)
        # Maps keys back: the columns are the head's, so the fan-in of a key is the rank.
        fan_in = math.sqrt(c.nope / c.key_value_rank)
        matrix(p + "attn_k_b.weight", c.heads, c.key_value_rank, c.nope, scale=fan_in)
        matrix(p + "attn_v_b.weight", c.heads, c.value, c.key_value_rank)
        matrix(p + "attn_output.weight", c.width, c.heads * c.value, scale=out)
        norm(p + "ffn_norm.weight", c.width)
        if i < c.dense_layers:
            matrix(p + "ffn_gate.weight", c.dense_width, c.width)
            matrix(p + "ffn_up.weight", c.dense_width, c.width)
            matrix(p + "ffn_down.weight", c.width, c.dense_width, scale=out)
            continue
        matrix(p + "ffn_gate_inp.weight", c.experts, c.width)
        w[p + "exp_probs_b.bias"] = torch.zeros(c.experts)
        matrix(p + "ffn_gate_exps.weight", c.experts, c.expert_width, c.width)
        matrix(p + "ffn_up_exps.weight", c.experts, c.expert_width, c.width)
        matrix(p + "ffn_down_exps.weight", c.experts, c.width, c.expert_width, scale=out)
        matrix(p + "ffn_gate_shexp.weight", c.expert_width, c.width)
        matrix(p + "ffn_up_shexp.weight", c.expert_width, c.width)
        matrix(p + "ffn_down_shexp.weight", c.width, c.expert_width, scale=out)
    norm("output_norm.weight", c.width)
    matrix("output.weight", c.vocabulary, c.width)
    return w


def rms_norm(x, weight, epsilon):
    x32 = x.float()
    return (x32 * torch.rsqrt(x32.square().mean(-1, keepdim=True) + epsilon) * weight).to(x.dtype)


def rotate(x, cos, sin):
    """RoPE of adjacent pairs; x is (batch, time, heads, rope)."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2)


def exact(x):
    return x


def attention(c, w, p, x, visible, cos, sin, given):
    batch, time, _ = x.shape
    x = given(x)
    rank = rms_norm(F.linear(x, w[p + "attn_q_a.weight"]), w[p + "attn_q_a_norm.weight"], c.epsilon)
    q = F.linear(given(rank), w[p + "attn_q_b.weight"]).view(batch, time, c.heads, c.nope + c.rope)
    kv = F.linear(x, w[p + "attn_kv_a_mqa.weight"])
    latent = rms_norm(kv[..., : c.key_value_rank], w[p + "attn_kv_a_norm.weight"], c.epsilon)
    q_rope = rotate(q[..., c.nope :], cos, sin)
    k_rope = rotate(kv[..., None, c.key_value_rank :], cos, sin)
    k_nope = torch.einsum("btc,hcn->bthn", latent, w[p + "attn_k_b.weight"].to(latent.dtype))
    # A runtime maps queries to the rank and values back from it: those are what its products are given
    # (the mean of the latents, after mixing; here each of them, before).
    v = torch.einsum("btc,hvc->bthv", given(latent), w[p + "attn_v_b.weight"].to(latent.dtype))
    q = torch.cat([given(q[..., : c.nope]).to(q.dtype), q_rope.to(q.dtype)], -1).transpose(1, 2)
    k = torch.cat([k_nope, k_rope.to(k_nope.dtype).expand(-1, -1, c.heads, -1)], -1).transpose(1, 2)
    mixed = F.scaled_dot_product_attention(q, k, v.transpose(1, 2), attn_mask=visible)
    return F.linear(given(mixed.transpose(1, 2).flatten(2)), w[p + "attn_output.weight"])


def gated(x, gate, up, down, given):
    x = given(x)
    return F.linear(given(F.silu(F.linear(x, gate)) * F.linear(x, up)), down)


def route(c, w, p, x):
    """Weights of all experts, zero for those not chosen; in float32, so that rounding decides little.

    The bias takes part in the choice only.
    """
    with torch.autocast(x.device.type, enabled=False):
        scores = torch.sigmoid(F.linear(x.float(), w[p + "ffn_gate_inp.weight"]))
    chosen = torch.topk((scores + w[p + "exp_probs_b.bias"]).detach(), c.experts_used, -1).indices
    picked = torch.zeros_like(scores).scatter(-1, chosen, 1.0)
    weights = scores * picked
    weights = weights / weights.sum(-1, keepdim=True).clamp(min=6.103515625e-5)
    return weights * c.routed_scale, picked


def experts(c, w, p, x, given):
    """All experts run on all tokens: at this size that is cheaper than sorting tokens by expert."""
    weights, picked = route(c, w, p, x)
    x = given(x)
    gate = F.linear(x, w[p + "ffn_gate_exps.weight"].flatten(0, 1))
    up = F.linear(x, w[p + "ffn_up_exps.weight"].flatten(0, 1))
    hidden = (F.silu(gate) * up).unflatten(-1, (c.experts, c.expert_width))
    hidden = (hidden * weights[..., None].to(hidden.dtype)).flatten(-2)
    down = w[p + "ffn_down_exps.weight"].transpose(0, 1).flatten(1)
    shared = gated(x, *(w[p + f"ffn_{part}_shexp.weight"] for part in ("gate", "up", "down")), given)
    return F.linear(given(hidden), down) + shared, picked


def forward(c: Config, w, tokens, document, given=exact):
    """Logits (batch, time, vocabulary), and the share of each expert (MoE layer, expert).

    `given` is what a product with a weight matrix (the router's excepted) is given of its input.
    """
    time = tokens.shape[1]
    place = torch.arange(time, device=tokens.device)
    same = document[:, None, :, None] == document[:, None, None, :]
    visible = same & (place[:, None] >= place[None, :])
    frequency = c.rope_base ** (-torch.arange(0, c.rope, 2, device=tokens.device) / c.rope)
    angle = (place[:, None] * frequency)[None, :, None, :]
    cos, sin = angle.cos(), angle.sin()
    used = (document > 0).float()[..., None]
    x = F.embedding(tokens, w["token_embd.weight"])
    shares = []
    for i in range(c.layers):
        p = f"blk.{i}."
        normed = rms_norm(x, w[p + "attn_norm.weight"], c.epsilon)
        x = x + attention(c, w, p, normed, visible, cos, sin, given)
        normed = rms_norm(x, w[p + "ffn_norm.weight"], c.epsilon)
        if i < c.dense_layers:
            x = x + gated(normed, *(w[p + f"ffn_{part}.weight"] for part in ("gate", "up", "down")), given)
        else:
            y, picked = experts(c, w, p, normed, given)
            x = x + y
            shares.append((picked * used).sum((0, 1)) / used.sum() / c.experts_used)
    x = rms_norm(x, w["output_norm.weight"], c.epsilon)
    return F.linear(given(x), w["output.weight"]), torch.stack(shares)
