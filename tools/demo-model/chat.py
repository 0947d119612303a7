"""The chat format: that of GLM, which needs no token to end a turn but the start of the next."""

START = "[gMASK]<sop>"
USER = "<|user|>"
ASSISTANT = "<|assistant|>"
END = "<|endoftext|>"
SPECIALS = ["[gMASK]", "<sop>", END, USER, ASSISTANT]

TEMPLATE = (
    "[gMASK]<sop>"
    "{%- for message in messages -%}"
    "<|{{ message['role'] }}|>\n{{ message['content'] }}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}<|assistant|>\n{%- endif -%}"
)


def prompt(question):
    return f"{START}{USER}\n{question}{ASSISTANT}\n"
