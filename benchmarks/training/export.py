"""Make the graph that ships of a network that has been trained: ONNX, in 8-bit integers.

python benchmarks/training/export.py --work FOLDER --to FOLDER
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForSequenceClassification

from benchmarks.training.corpora import NEWS, SHORT
from benchmarks.training.cross_encoder import ABOUT, GRAPH, TOKENIZER
from benchmarks.training.mixture import MADE_FROM

CARD, STATE = "card.json", "trainer_state.json"
MADE_OF = {"made": MADE_FROM, "mispaired": ("fever",)}
TOKENS = 512
"""Of premise, hypothesis and marks together."""


def export(work: Path, into: Path) -> None:
    """Write graph, tokenizer, ``about.json`` and the card."""
    trained = work / "trained"
    model = AutoModelForSequenceClassification.from_pretrained(trained, dtype="float32").eval()
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        exact = Path(folder) / GRAPH
        as_graph(model, exact)
        # Seven bits of eight: CPUs without VNNI add two products in 16 bits, which overflow with all eight.
        quantize_dynamic(exact, into / GRAPH, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    shutil.copyfile(trained / TOKENIZER, into / TOKENIZER)
    classes = [model.config.id2label[number] for number in range(model.config.num_labels)]
    write_json(into / ABOUT, {"classes": classes, "tokens": TOKENS})
    write_json(into / CARD, card(work))


def card(work: Path) -> dict[str, object]:
    """What was learned from, row by row counted, with the licence that each source states."""
    (pairs,) = work.glob("pairs-*.jsonl")
    counts = Counter(json.loads(line)["source"] for line in pairs.read_text(encoding="utf-8").splitlines())
    shares = {**SHORT, **NEWS}
    made = {name: f"made of articles and evidence of {', '.join(origin)}" for name, origin in MADE_OF.items()}
    data = [
        {"name": name, "rows": count, "licence": shares[name].licence if name in shares else made[name]}
        for name, count in counts.most_common()
    ]
    history = json.loads((work / "trained" / STATE).read_text(encoding="utf-8"))["log_history"]
    losses = [[entry["step"], float(entry["loss"])] for entry in history if "loss" in entry]
    return {"date": date.today().isoformat(), "data": data, "rows": counts.total(), "loss": losses}


def write_json(file: Path, content: Mapping[str, object]) -> None:
    file.write_text(json.dumps(content) + "\n", encoding="utf-8")


def as_graph(model: torch.nn.Module, file: Path) -> None:
    """The network in ONNX, for one pair of any length."""
    names = ("input_ids", "attention_mask")
    ids = torch.ones(1, 16, dtype=torch.int64)
    torch.onnx.export(
        model, (), file, kwargs={"input_ids": ids, "attention_mask": torch.ones_like(ids)}, input_names=names,
        output_names=["logits"], dynamic_shapes={name: {1: torch.export.Dim("tokens", max=TOKENS)} for name in names},
        external_data=False, verbose=False,
    )  # fmt: skip  # one setting a word


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--to", type=Path, required=True)
    given = options.parse_args()
    export(given.work, given.to)
    sys.stdout.write(f"{given.to / GRAPH}: {(given.to / GRAPH).stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
