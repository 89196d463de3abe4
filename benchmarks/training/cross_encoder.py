"""The network of ``entailment``: it reads premise and hypothesis together and gives three classes (Devlin et al. 2019).

It runs as a graph of 8-bit integers in ONNX Runtime, one pair at a time: activations are quantised by their range, so
that in a batch a pair's answer would depend on the pairs beside it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

GRAPH, TOKENIZER, ABOUT = "model.onnx", "tokenizer.json", "about.json"
"""The files of a folder that holds a network; ``about.json`` names its classes in order, and how long a pair may be."""


@dataclass(frozen=True)
class CrossEncoder:
    """A network that has been loaded."""

    session: Any
    """An ``onnxruntime.InferenceSession``."""
    tokenizer: Tokenizer
    classes: tuple[str, ...]
    tokens: int
    """Of premise, hypothesis and marks together; the premise of a longer pair is cut at its end."""

    @classmethod
    def load(cls, folder: Path) -> CrossEncoder:
        """The network of a folder."""
        import onnxruntime
        from tokenizers import Tokenizer

        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(about["tokens"], strategy="only_first")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))
        session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        return cls(session, tokenizer, tuple(about["classes"]), about["tokens"])

    def length(self, text: str) -> int:
        """Tokens of a text by itself."""
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """P(class) of each pair of premise and hypothesis, in order: [pairs, classes]."""
        import numpy as np

        found = np.empty((len(pairs), len(self.classes)))
        with progress.bar("read", len(pairs)) as advance:
            for at, pair in enumerate(pairs):
                ids = np.array([self.tokenizer.encode(*pair).ids], dtype=np.int64)
                (logits,) = self.session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
                shares = np.exp(logits[0].astype(np.float64) - logits[0].max())
                found[at] = shares / shares.sum()
                advance(1)
        return found


@lru_cache(maxsize=2)
def load(folder: Path) -> CrossEncoder:
    """The network of a folder, loaded once in a process."""
    return CrossEncoder.load(folder)
