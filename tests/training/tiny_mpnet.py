"""A backbone of random weights that reads letters."""

from __future__ import annotations

import json
from pathlib import Path


def tiny_backbone(folder: Path) -> Path:
    """An MPNet of random weights with a tokenizer of letters."""
    import torch
    from transformers import AutoTokenizer, MPNetConfig, MPNetModel

    folder.mkdir()
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.,£"]
    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "[UNK]"]
    (folder / "vocab.txt").write_text("\n".join([*marks, *letters, *(f"##{letter}" for letter in letters)]))
    (folder / "config.json").write_text(json.dumps({"model_type": "mpnet"}), encoding="utf-8")
    AutoTokenizer.from_pretrained(folder).save_pretrained(folder)
    torch.manual_seed(0)
    MPNetModel(
        MPNetConfig(vocab_size=84, hidden_size=16, num_hidden_layers=5, num_attention_heads=2, intermediate_size=16)
    ).save_pretrained(folder)
    return folder
