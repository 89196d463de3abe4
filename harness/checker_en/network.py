"""The network of ``entailment``: a cross-encoder with three classes (Devlin et al. 2019).

ONNX Runtime runs it with 8-bit weights, one pair per thread. Pairs are never batched: activations are quantised by
their range, so in a batch a pair's answer would depend on the other pairs. The network's folder has the graph without
the backbone's matrices, an adapter to these matrices, and ``about.json``.

The adapter is a low-rank update of some matrices, W + B·A (LoRA: Hu et al. 2022). Matrices are quantised per column,
symmetrically, to 7 of 8 bits: CPUs without VNNI add two products in 16 bits, and 8-bit weights would overflow.
``about.json`` lists the matrices that stay in float32, because eight bits are too few for their inputs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import cores
from harness.checker_en.calibrator import softmax
from harness.records import Probabilities
from harness.text import replace_surrogates
from harness.weights import store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

GRAPH, ADAPTER, ABOUT, CARD = "graph.onnx", "adapter.safetensors", "about.json", "card.json"
"""``about.json`` names the backbone, the classes in order, the token limit of a pair and the origin of each weight.
``card.json`` lists the training data."""
FILES = (GRAPH, ADAPTER, ABOUT)
"""The files that a probability depends on."""
OUTPUTS = ("logits", "wrong")
"""Outputs of the graph: one logit per class, and per token the log-odds that it makes the hypothesis unsupported."""
WORD = re.compile(r"\w+(?:['’.,-]\w+|(?<=\d)[:/](?=\d)\w+)*")
"""One word of a hypothesis: ``44-year-old``, ``2,500``, ``15:00``."""
LIKELY_WRONG = -1.0
"""Minimum log-odds at which a word is reported as wrong."""
_EDGE_ARTICLES = re.compile(r"^(?:(?:an?|the)(?: |$))+|(?: (?:an?|the))+$", re.IGNORECASE)
"""``a``, ``an`` and ``the`` at either end of a text."""
_LARGEST = 64
"""Largest absolute value of a quantised weight."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A token of a hypothesis, by offsets, with the log-odds that it makes the hypothesis unsupported."""

    start: int
    end: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The network's answer for a pair."""

    probabilities: Probabilities
    doubts: tuple[Doubt, ...]

    def find_doubted(self, hypothesis: str) -> list[str]:
        """List the words of the hypothesis that are likely wrong, without articles at either end.

        Neighbouring words form one text.
        """
        wrong = [doubt for doubt in self.doubts if doubt.log_odds >= LIKELY_WRONG]
        found: list[tuple[int, int]] = []
        for word in WORD.finditer(hypothesis):
            if not any(doubt.start < word.end() and word.start() < doubt.end for doubt in wrong):
                continue
            is_next = found and hypothesis[found[-1][1] : word.start()].isspace()
            start = found.pop()[0] if is_next else word.start()
            found.append((start, word.end()))
        return [text for start, end in found if (text := _EDGE_ARTICLES.sub("", hypothesis[start:end]))]


@dataclass(frozen=True)
class Network:
    session: Any
    """An ``onnxruntime.InferenceSession``."""
    tokenizer: Tokenizer
    classes: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path, backbone: Path) -> Network:
        """Load the network in ``folder``, with the weights in ``backbone``."""
        import onnxruntime
        from tokenizers import Tokenizer

        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(backbone / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(about["tokens"], strategy="only_first")
        origins = {name: WeightOrigin(**origin) for name, origin in about["weights"].items()}
        weights = dict(assemble(backbone / "model.safetensors", folder / ADAPTER, origins))
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in weights.values()]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_external_initializers(list(weights), values)
        session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        return cls(session, tokenizer, tuple(about["classes"]))

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(replace_surrogates(text), add_special_tokens=False).ids)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """Return the answers for (premise, hypothesis) pairs, in order."""
        with ThreadPoolExecutor(cores.count_threads()) as pool:
            return list(pool.map(self._read, pairs))

    def _read(self, pair: tuple[str, str]) -> Reading:
        import numpy as np

        encoding = self.tokenizer.encode(replace_surrogates(pair[0]), replace_surrogates(pair[1]))
        ids = np.array([encoding.ids], dtype=np.int64)
        logits, wrong = self.session.run(list(OUTPUTS), {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        shares = softmax(logits[0].tolist())
        tokens = zip(encoding.sequence_ids, encoding.offsets, wrong[0].tolist(), strict=True)
        return Reading(shares, tuple(Doubt(*offsets, value) for side, offsets, value in tokens if side == 1))


def read_backbone(folder: Path) -> str:
    """Return the name of the packaged model that the network in ``folder`` is built on."""
    name: str = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["backbone"]
    return name


@lru_cache(maxsize=2)
def load(folder: Path) -> Network:
    """Load the network in a folder, once per process; download its backbone if that is missing."""
    return Network.load(folder, store.path(read_backbone(folder)))


@dataclass(frozen=True, slots=True)
class WeightOrigin:
    """How to make a weight of the graph from a tensor of the backbone."""

    tensor: str
    """The tensor's name in the backbone."""
    transposed: bool = False
    quantised: bool = False


def assemble(
    backbone: Path, adapter: Path, origins: Mapping[str, WeightOrigin]
) -> Iterator[tuple[str, NDArray[np.float32] | NDArray[np.int8]]]:
    """Yield the graph's weights by name; only one matrix at a time is in memory twice."""
    import numpy as np
    from safetensors import safe_open

    with safe_open(backbone, framework="numpy") as base, safe_open(adapter, framework="numpy") as learned:
        adapted = frozenset(learned.keys())
        for name, origin in origins.items():
            weight = _merge(origin.tensor, base, learned, adapted)
            weight = weight.T if origin.transposed else weight
            yield name, quantise(weight)[0] if origin.quantised else np.ascontiguousarray(weight)


def _merge(tensor: str, base: Any, learned: Any, adapted: frozenset[str]) -> NDArray[np.float32]:
    import numpy as np

    weight: NDArray[np.float32] = base.get_tensor(tensor)
    if f"{tensor}.A" in adapted:
        down, up = (learned.get_tensor(f"{tensor}.{side}").astype(np.float32) for side in "AB")
        weight = weight + up @ down
    return weight


def quantise(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Quantise a matrix per column: integers [rows, columns] and each column's step [columns]."""
    import numpy as np

    step = np.maximum(weight.max(axis=0), -weight.min(axis=0)) / np.float32(_LARGEST)
    scaled = weight / step
    return np.ascontiguousarray(np.rint(scaled, out=scaled).astype(np.int8)), step
