"""Asks the probes about pairs: each premise is read once, a long one in windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.records import Pair
from harness.verifiers._entailment.passages import is_long
from harness.verifiers._probe.head import Heads
from harness.verifiers._probe.states import StateReader, States
from harness.verifiers._windows import index

WINDOW_WORDS = 2000
"""Words of a premise that are read at once."""
WINDOWS = 4
"""Windows that are read of a longer one: those that share the most with the statement."""


DOUBTED = 3
"""Words that are named, at most."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What the probe says of a statement."""

    logit: float
    """Log-odds that the premise bears it out."""
    doubted: tuple[str, ...]
    """Its words that are more likely than not not borne out, the least first."""


@dataclass(frozen=True)
class Prober:
    """A language model and the probes of its states."""

    reader: StateReader
    heads: Heads

    def ask(self, pairs: Sequence[Pair]) -> list[Probed]:
        """What is found of each pair, in the window of its premise that bears it out the most."""
        chosen = [windows(pair) for pair in pairs]
        asked: dict[str, dict[str, None]] = defaultdict(dict)
        for pair, texts in zip(pairs, chosen, strict=True):
            for text in texts:
                asked[text][pair.hypothesis] = None
        found = {
            (window, statement): self._probed(window, statement, states)
            for window, statements in asked.items()
            for statement, states in zip(statements, self.reader.read(window, list(statements)), strict=True)
        }
        return [
            max((found[window, pair.hypothesis] for window in texts), key=lambda each: each.logit)
            for pair, texts in zip(pairs, chosen, strict=True)
        ]

    def _probed(self, window: str, statement: str, states: States) -> Probed:
        head, words = self.heads.of(is_long(window)), self.reader.statement(statement).told
        tokens = head.tokens(states)
        doubted = dict.fromkeys(words[at] for at in np.argsort(-tokens) if tokens[at] > 0 and words[at])
        return Probed(head.logit(tokens), tuple(doubted)[:DOUBTED])


def windows(pair: Pair) -> list[str]:
    """The stretches of the premise that are read: all of it, where it is not very long."""
    if len(pair.premise.split()) <= WINDOW_WORDS:
        return [pair.premise]
    return [window.text for window in index(pair.premise, "chunk", WINDOW_WORDS).best(pair.hypothesis, WINDOWS).windows]
