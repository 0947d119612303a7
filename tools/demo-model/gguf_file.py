"""Writes the GGUF: metadata, then tensors, each at a multiple of 32 bytes."""

import struct

import chat
from model import Config
from quantize import encoded, type_of

ALIGNMENT = 32
TENSOR_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q8_0": 8}
FILE_TYPES = {"f16": 1, "q4_0": 2, "q8_0": 7}
SIGMOID = 2
NORMAL, CONTROL = 1, 3


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def packed(value):
    """A metadata value with its type before it; integers are uint32 and floats float32."""
    if isinstance(value, bool):
        return struct.pack("<IB", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
    return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)


def metadata(c: Config, tokenizer, file_type):
    architecture = {
        "block_count": c.layers,
        "context_length": c.context,
        "embedding_length": c.width,
        "feed_forward_length": c.dense_width,
        "attention.head_count": c.heads,
        "attention.head_count_kv": 1,
        "attention.layer_norm_rms_epsilon": c.epsilon,
        "rope.freq_base": c.rope_base,
        "rope.dimension_count": c.rope,
        "vocab_size": c.vocabulary,
        "leading_dense_block_count": c.dense_layers,
        "attention.q_lora_rank": c.query_rank,
        "attention.kv_lora_rank": c.key_value_rank,
        "attention.key_length": c.key_value_rank + c.rope,
        "attention.value_length": c.key_value_rank,
        "attention.key_length_mla": c.nope + c.rope,
        "attention.value_length_mla": c.value,
        "expert_count": c.experts,
        "expert_used_count": c.experts_used,
        "expert_shared_count": 1,
        "expert_feed_forward_length": c.expert_width,
        "expert_weights_scale": c.routed_scale,
        "expert_weights_norm": True,
        "expert_group_count": 1,
        "expert_group_used_count": 1,
        "expert_gating_func": SIGMOID,
    }
    ids = tokenizer.ids
    normal = len(tokenizer.tokens) - len(chat.SPECIALS)
    return {
        "general.architecture": "deepseek2",
        "general.type": "model",
        "general.name": "Diecast demo",
        "general.description": "Very short stories, sums and simple questions.",
        "general.license": "apache-2.0",
        "general.file_type": FILE_TYPES[file_type],
        "general.quantization_version": 2,
        **{f"deepseek2.{key}": value for key, value in architecture.items()},
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "glm4",
        "tokenizer.ggml.tokens": tokenizer.tokens,
        "tokenizer.ggml.token_type": [NORMAL] * normal + [CONTROL] * len(chat.SPECIALS),
        "tokenizer.ggml.merges": [f"{a} {b}" for a, b in tokenizer.merges],
        "tokenizer.ggml.eos_token_id": ids[chat.END],
        "tokenizer.ggml.eot_token_id": ids[chat.USER],
        "tokenizer.ggml.padding_token_id": ids[chat.END],
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": chat.TEMPLATE,
    }


def padding(size):
    return b"\0" * (-size % ALIGNMENT)


def write(path, config, tokenizer, weights, file_type):
    """Writes weights (float32, on the CPU, under their GGUF names) as one file."""
    entries = metadata(config, tokenizer, file_type)
    header = struct.pack("<IIQQ", 0x46554747, 3, len(weights), len(entries))
    header += b"".join(text(key) + packed(value) for key, value in entries.items())
    body = b""
    for name, tensor in weights.items():
        kind = type_of(name, tensor, file_type)
        # GGUF counts dimensions from the innermost.
        sizes = tuple(reversed(tensor.shape))
        header += text(name) + struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes)
        header += struct.pack("<IQ", TENSOR_TYPES[kind], len(body))
        data = encoded(tensor.contiguous(), kind)
        body += data + padding(len(data))
    with open(path, "wb") as file:
        file.write(header + padding(len(header)) + body)
