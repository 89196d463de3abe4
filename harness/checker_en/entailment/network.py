"""The network of ``entailment``: it reads premise and hypothesis together and gives three classes (Devlin et al. 2019).

It runs as a graph of 8-bit integers in ONNX Runtime, one pair a thread: activations are quantised by their range, so
that in a batch a pair's answer would depend on the pairs beside it. A folder holds the graph without the matrices of
the backbone, an adapter to them, and ``about.json``.

The adapter is a low-rank update of some matrices (LoRA: Hu et al. 2022): W + B·A. A matrix is quantised column by
column, symmetrically, to 7 of its 8 bits: CPUs without VNNI add two products in 16 bits, which overflow with all eight.
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
from harness.checker_en.probabilities import softmax
from harness.records import Probabilities
from harness.text import replace_surrogates
from harness.weights import store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

GRAPH, ADAPTER, ABOUT, CARD = "graph.onnx", "adapter.safetensors", "about.json", "card.json"
"""``about.json`` names the backbone, the classes in order, how many tokens a pair may have, and where weights are from.
``card.json`` says what was learned from."""
FILES = (GRAPH, ADAPTER, ABOUT)
"""The files that a probability depends on."""
OUTPUTS = ("logits", "wrong")
"""Of the graph: of each class, and of each token's being what makes the hypothesis false."""
WORD = re.compile(r"\w+(?:['’.,-]\w+|(?<=\d)[:/](?=\d)\w+)*")
"""What is told, and learned, of a hypothesis as one word: ``44-year-old``, ``2,500``, ``15:00``."""
_LIKELY = -1.0
"""The log-odds from which on a word is said to be wrong. Of BUMP's errors on articles of calibration, where the network
does not support the sentence, something is said of .79; .83 of these times it is what was changed."""
_ARTICLES = re.compile(r"^(?:(?:an?|the)(?: |$))+|(?: (?:an?|the))+$", re.IGNORECASE)
"""At either end of what is wrong they are no part of it."""
_LARGEST = 64
"""The largest absolute value of a quantised weight."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A token of a hypothesis: where it stands, and the log-odds that it is what makes the hypothesis false."""

    start: int
    end: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of a hypothesis beside a text."""

    probabilities: Probabilities
    doubts: tuple[Doubt, ...]

    def doubted(self, hypothesis: str) -> list[str]:
        """The words of the hypothesis that are likely wrong, those that stand side by side as one."""
        wrong = [each for each in self.doubts if each.log_odds >= _LIKELY]
        found: list[tuple[int, int]] = []
        for word in WORD.finditer(hypothesis):
            if not any(each.start < word.end() and word.start() < each.end for each in wrong):
                continue
            is_next = found and hypothesis[found[-1][1] : word.start()].isspace()
            start = found.pop()[0] if is_next else word.start()
            found.append((start, word.end()))
        return [text for start, end in found if (text := _ARTICLES.sub("", hypothesis[start:end]))]


@dataclass(frozen=True)
class Network:
    """A network that has been loaded."""

    session: Any
    """An ``onnxruntime.InferenceSession``."""
    tokenizer: Tokenizer
    classes: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path, backbone: Path) -> Network:
        """The network of a folder, over the backbone that lies in another."""
        import onnxruntime
        from tokenizers import Tokenizer

        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(backbone / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(about["tokens"], strategy="only_first")
        origins = {name: WeightOrigin(**origin) for name, origin in about["weights"].items()}
        weights = dict(assembled(backbone / "model.safetensors", folder / ADAPTER, origins))
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in weights.values()]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_external_initializers(list(weights), values)
        session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        return cls(session, tokenizer, tuple(about["classes"]))

    def length(self, text: str) -> int:
        """Tokens of a text by itself."""
        return len(self.tokenizer.encode(replace_surrogates(text), add_special_tokens=False).ids)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """What it says of each pair of premise and hypothesis, in order."""
        with ThreadPoolExecutor(cores.threads()) as pool:
            return list(pool.map(self._read, pairs))

    def _read(self, pair: tuple[str, str]) -> Reading:
        import numpy as np

        encoding = self.tokenizer.encode(replace_surrogates(pair[0]), replace_surrogates(pair[1]))
        ids = np.array([encoding.ids], dtype=np.int64)
        logits, wrong = self.session.run(list(OUTPUTS), {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        shares = softmax(logits[0].tolist())
        tokens = zip(encoding.sequence_ids, encoding.offsets, wrong[0].tolist(), strict=True)
        return Reading(shares, tuple(Doubt(*offsets, value) for side, offsets, value in tokens if side == 1))


def backbone(folder: Path) -> str:
    """The name of the packaged model that the network of a folder is built on."""
    name: str = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["backbone"]
    return name


@lru_cache(maxsize=2)
def load(folder: Path) -> Network:
    """The network of a folder, loaded once in a process; its backbone is fetched where it is not there yet."""
    return Network.load(folder, store.path(backbone(folder)))


@dataclass(frozen=True, slots=True)
class WeightOrigin:
    """The tensor of the backbone that a weight of the graph is made from."""

    tensor: str
    """The weight's name in the backbone."""
    transposed: bool = False
    quantised: bool = False


def assembled(
    backbone: Path, adapter: Path, origins: Mapping[str, WeightOrigin]
) -> Iterator[tuple[str, NDArray[np.float32] | NDArray[np.int8]]]:
    """Each weight of the graph by its name there; one matrix at a time is in memory twice."""
    from safetensors import safe_open

    with safe_open(backbone, framework="numpy") as base, safe_open(adapter, framework="numpy") as learned:
        adapted = frozenset(learned.keys())
        for name, origin in origins.items():
            weight = _merged(origin.tensor, base, learned, adapted)
            weight = weight.T if origin.transposed else weight
            yield name, quantised(weight)[0] if origin.quantised else weight


def _merged(tensor: str, base: Any, learned: Any, adapted: frozenset[str]) -> NDArray[np.float32]:
    import numpy as np

    weight: NDArray[np.float32] = base.get_tensor(tensor)
    if f"{tensor}.A" in adapted:
        down, up = (learned.get_tensor(f"{tensor}.{side}").astype(np.float32) for side in "AB")
        weight = weight + up @ down
    return weight


def quantised(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as integers, and the step of each column: [rows, columns], [columns]."""
    import numpy as np

    step = np.maximum(weight.max(axis=0), -weight.min(axis=0)) / np.float32(_LARGEST)
    scaled = weight / step
    return np.ascontiguousarray(np.rint(scaled, out=scaled).astype(np.int8)), step
