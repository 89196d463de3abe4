"""A real Llama with two random layers and a tokenizer trained on the project's article, as a folder or a GGUF file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from asking import REAL
from gguf import GGUFWriter
from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer

START, END = "<|im_start|>", "<|im_end|>"
CHAT = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
CONTEXT = 256
LAYERS, HEADS, KEY_HEADS, WIDTH = 2, 4, 2, 32


def save(folder: Path, chat: str | None = CHAT, ends: list[int] | None = None) -> Path:
    """Save the model and its tokenizer. ``ends``: the tokens that end a text."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = byte_level(400, [START, END])
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=WIDTH,
            intermediate_size=64,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            num_key_value_heads=KEY_HEADS,
            max_position_embeddings=CONTEXT,
            initializer_range=0.5,  # so that its choices are clear-cut
            tie_word_embeddings=False,
            bos_token_id=0,
            eos_token_id=1,
        )
    )
    if ends:
        model.generation_config.eos_token_id = ends
    model.save_pretrained(folder)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=START, eos_token=END)
    fast.chat_template = chat
    fast.save_pretrained(folder)
    return folder


def save_gguf(folder: Path, file: Path) -> Path:
    """Write a saved model as llama.cpp's converter would."""
    from safetensors.numpy import load_file

    writer = GGUFWriter(str(file), "llama")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(64)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    _add_tokenizer(writer, json.loads((folder / "tokenizer.json").read_text(encoding="utf-8")))
    for name, weights in load_file(folder / "model.safetensors").items():
        writer.add_tensor(_gguf_name(name), _interleaved(name, weights))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def byte_level(size: int, special: list[str]) -> Tokenizer:
    """A byte-level BPE tokenizer with ``size`` tokens."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator([(REAL / "article.md").read_text(encoding="utf-8")], trainer)
    return tokenizer


def _add_tokenizer(writer: GGUFWriter, saved: dict[str, dict[str, object]]) -> None:
    vocabulary: dict[str, int] = saved["model"]["vocab"]  # type: ignore[assignment]  # as tokenizers writes it
    merges: list[list[str]] = saved["model"]["merges"]  # type: ignore[assignment]  # as above
    tokens = sorted(vocabulary, key=lambda token: vocabulary[token])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in (START, END) else 1 for token in tokens])  # control, normal
    writer.add_token_merges([" ".join(pair) for pair in merges])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT)


_RENAMED = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "model.layers": "blk",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def _gguf_name(name: str) -> str:
    for old, new in _RENAMED.items():
        name = name.replace(old, new)
    return name


def _interleaved(name: str, weights: np.ndarray) -> np.ndarray:
    """llama.cpp rotates neighbouring dimensions of queries and keys, transformers the two halves of a head."""
    if "q_proj" not in name and "k_proj" not in name:
        return weights
    heads = HEADS if "q_proj" in name else KEY_HEADS
    halves = weights.reshape(heads, 2, weights.shape[0] // heads // 2, weights.shape[1])
    return halves.swapaxes(1, 2).reshape(weights.shape)
