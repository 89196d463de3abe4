"""Asks a language model how likely statements are, after a premise and without one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from harness.text import normalise
from harness.verifiers._likelihood.features import Asked
from harness.verifiers._likelihood.probe import PROBE, probe
from harness.verifiers._likelihood.reader import Reader, Reading, context
from harness.verifiers._likelihood.statement import Statement, Tokens
from harness.weights.checkpoint import Checkpoint
from harness.weights.memory import enough_memory

FRAME = "\n\nIn short:"
"""What stands between premise and statement: of five framings the one that ranks statements best."""

_REMEMBERED = 20_000
"""Readings without a premise that are kept: the same facts are asked of many summaries."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a model made of statements after one premise."""

    premise: frozenset[int]
    """Its tokens."""
    asked: dict[str, Asked]
    """Statement → readings."""
    unread: dict[str, str]
    """Statement → why it could not be read beside the premise."""


class Asker:
    """A model, its tokenizer, and the statements that it has read without a premise."""

    def __init__(self, name: str, checkpoint: Checkpoint, batch_tokens: int) -> None:
        self.name = name
        self.context = context(checkpoint.model)
        self._tokens = Tokens(checkpoint.tokenizer)
        self._reader = Reader(checkpoint.model, batch_tokens)
        probe(name, self._reader, self._tokens.prefix(PROBE))
        self._memory = f"lower batch_tokens (now {batch_tokens}) or window_words"
        self._bare = self._tokens.prefix(FRAME)
        self._alone: dict[str, Reading] = {}

    def ask(self, premise: str, texts: Collection[str]) -> Answers:
        """The readings of the statements; the premise is read once for all of them."""
        prefix = self._tokens.prefix(normalise(premise).strip() + FRAME)
        statements = {text: self._tokens.statement(text) for text in dict.fromkeys(texts)}
        unread = {text: why for text, each in statements.items() if (why := self._too_long(prefix, each))}
        fitting = {text: each for text, each in statements.items() if text not in unread}
        given = self._read(prefix, list(fitting.values()))
        alone = self._without(fitting)
        asked = {text: Asked(fitting[text], one, alone[text]) for text, one in zip(fitting, given, strict=True)}
        return Answers(frozenset(prefix), asked, unread)

    def _too_long(self, prefix: Sequence[int], statement: Statement) -> str | None:
        length = len(prefix) + len(statement.ids)
        if self.context is None or length <= self.context:
            return None
        return f"premise and statement have {length:,} tokens and the model reads {self.context:,}; lower window_words"

    def _without(self, statements: dict[str, Statement]) -> dict[str, Reading]:
        """Text → its reading without a premise."""
        unread = {text: each for text, each in statements.items() if text not in self._alone}
        read = dict(zip(unread, self._read(self._bare, list(unread.values())), strict=True))
        found = {text: read[text] if text in read else self._alone[text] for text in statements}
        if len(self._alone) + len(read) > _REMEMBERED:
            self._alone.clear()
        self._alone |= read
        return found

    def _read(self, prefix: Sequence[int], statements: Sequence[Statement]) -> list[Reading]:
        with enough_memory(f"{self.name} with {len(prefix):,} tokens of a premise", self._memory):
            return self._reader.read(prefix, [statement.ids for statement in statements])
