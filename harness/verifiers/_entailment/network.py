"""The network of ``entailment``: it reads premise and hypothesis together and gives three classes (Devlin et al. 2019).

It runs as a graph of 8-bit integers in ONNX Runtime, one pair a thread: activations are quantised by their range, so
that in a batch a pair's answer would depend on the pairs beside it. A folder holds the graph without the matrices of
the backbone, an adapter to them, and ``about.json``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import store
from harness.text import encodable
from harness.verifiers._entailment.weights import ADAPTER, Source, assembled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

GRAPH, ABOUT, CARD = "graph.onnx", "about.json", "card.json"
"""``about.json`` names the backbone, the classes in order, how many tokens a pair may have, and where weights are from.
``card.json`` says what was learned from."""
FILES = (GRAPH, ADAPTER, ABOUT)
"""What a probability depends on."""


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
        sources = {name: Source(**source) for name, source in about["weights"].items()}
        weights = dict(assembled(backbone / "model.safetensors", folder / ADAPTER, sources))
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in weights.values()]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_external_initializers(list(weights), values)
        session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        return cls(session, tokenizer, tuple(about["classes"]))

    def length(self, text: str) -> int:
        """Tokens of a text by itself."""
        return len(self.tokenizer.encode(encodable(text), add_special_tokens=False).ids)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """P(class) of each pair of premise and hypothesis, in order: [pairs, classes]."""
        import numpy as np

        shares = np.empty((len(pairs), len(self.classes)))
        threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))
        with ThreadPoolExecutor(threads) as pool:
            for at, row in enumerate(pool.map(self._probabilities, pairs)):
                shares[at] = row
        return shares

    def _probabilities(self, pair: tuple[str, str]) -> NDArray[np.float64]:
        import numpy as np

        ids = np.array([self.tokenizer.encode(encodable(pair[0]), encodable(pair[1])).ids], dtype=np.int64)
        (logits,) = self.session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        raised: NDArray[np.float64] = np.exp(logits[0].astype(np.float64) - logits[0].max())
        return np.asarray(raised / raised.sum())


def backbone(folder: Path) -> str:
    """The name of the packaged model that the network of a folder is built on."""
    name: str = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["backbone"]
    return name


@lru_cache(maxsize=2)
def load(folder: Path) -> Network:
    """The network of a folder, loaded once in a process; its backbone is fetched where it is not there yet."""
    return Network.load(folder, store.path(backbone(folder)))
