"""The network of ``entailment``: a cross-encoder with three classes (Devlin et al. 2019).

ONNX Runtime runs it with 8-bit weights, one pair per thread. Pairs are never batched: activations are quantised by
their range, so in a batch a pair's answer would depend on the other pairs. The network's folder has a graph (without
the backbone's matrices), an adapter for these matrices, and ``about.json``.

The adapter is a low-rank update of some matrices, W + B·A (LoRA: Hu et al. 2022). Matrices are quantised per column,
symmetrically. Weights use only 7 of their 8 bits: CPUs without VNNI instructions add two products in 16 bits, and with
8-bit weights that sum could overflow. Matrices whose inputs need more than 8 bits stay in float32 (``about.json``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
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
"""The files that the network's probabilities depend on."""
OUTPUTS = ("logits", "wrong")
"""Outputs of the graph: a logit for each class, and for each token the log-odds that it makes the hypothesis
unsupported."""
WORD = re.compile(r"\w+(?:['’.,-]\w+|(?<=\d)[:/](?=\d)\w+)*")
"""One word of a hypothesis: ``44-year-old``, ``2,500``, ``15:00``."""
DOUBTFUL = -1.0
"""A word is doubtful if one of its tokens has at least these log-odds."""
_DETERMINERS = re.compile(r"^(?:(?:an?|the)(?: |$))+|(?: (?:an?|the))+$", re.IGNORECASE)
"""``a``, ``an`` and ``the`` at the start or end of a phrase."""
_LARGEST = 64
"""Largest absolute value of a quantised weight."""


@dataclass(frozen=True, slots=True)
class TokenScore:
    """A token, ``hypothesis[start:end]``, and the log-odds that it makes the hypothesis unsupported."""

    start: int
    end: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The network's answer for a pair."""

    probabilities: Probabilities
    token_scores: tuple[TokenScore, ...]

    def find_doubtful_phrases(self, hypothesis: str) -> list[str]:
        """List the doubtful words of the hypothesis; adjacent words form one phrase. "The mayor" becomes "mayor"."""
        doubtful = [token for token in self.token_scores if token.log_odds >= DOUBTFUL]
        phrases: list[tuple[int, int]] = []
        for word in WORD.finditer(hypothesis):
            if not any(token.start < word.end() and word.start() < token.end for token in doubtful):
                continue
            is_adjacent = phrases and hypothesis[phrases[-1][1] : word.start()].isspace()
            start = phrases.pop()[0] if is_adjacent else word.start()
            phrases.append((start, word.end()))
        texts = (_DETERMINERS.sub("", hypothesis[start:end]) for start, end in phrases)
        return [text for text in texts if text]


@dataclass(frozen=True)
class Network:
    session: Any
    """An ``onnxruntime.InferenceSession``."""
    tokenizer: Tokenizer

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
        return cls(session, tokenizer)

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(replace_surrogates(text), add_special_tokens=False).ids)

    def read(self, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Reading]:
        """Return the answer for each distinct (premise, hypothesis) pair."""
        distinct = list(dict.fromkeys(pairs))
        with ThreadPoolExecutor(cores.count_threads()) as pool:
            return dict(zip(distinct, pool.map(self._read, distinct), strict=True))

    def _read(self, pair: tuple[str, str]) -> Reading:
        import numpy as np

        premise, hypothesis = map(replace_surrogates, pair)
        encoding = self.tokenizer.encode(premise, hypothesis)
        ids = np.array([encoding.ids], dtype=np.int64)
        logits, wrong = self.session.run(list(OUTPUTS), {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        tokens = zip(encoding.sequence_ids, encoding.offsets, wrong[0].tolist(), strict=True)
        of_hypothesis = (TokenScore(*offsets, log_odds) for text, offsets, log_odds in tokens if text == 1)
        return Reading(softmax(logits[0].tolist()), tuple(of_hypothesis))


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
    """Yield the graph's weights by name, one at a time, to save memory."""
    import numpy as np
    from safetensors import safe_open

    with safe_open(backbone, framework="numpy") as base, safe_open(adapter, framework="numpy") as updates:
        factors = frozenset(updates.keys())
        for name, origin in origins.items():
            weight: NDArray[np.float32] = base.get_tensor(origin.tensor)
            if f"{origin.tensor}.A" in factors:
                down, up = (updates.get_tensor(f"{origin.tensor}.{factor}").astype(np.float32) for factor in "AB")
                weight = weight + up @ down
            if origin.transposed:
                weight = weight.T
            yield name, quantise(weight)[0] if origin.quantised else np.ascontiguousarray(weight)


def quantise(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Quantise a matrix per column: integers [rows, columns] and each column's step [columns]."""
    import numpy as np

    step = np.maximum(weight.max(axis=0), -weight.min(axis=0)) / np.float32(_LARGEST)
    scaled = weight / step
    return np.ascontiguousarray(np.rint(scaled, out=scaled).astype(np.int8)), step
