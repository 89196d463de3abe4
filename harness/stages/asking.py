"""Asking a model or a verifier: what has one answer is asked once, and an exception costs only its own answer."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from pydantic_core import PydanticSerializationError

from harness.data.runs.record_file import to_json
from harness.engines import Engine, RemoteError, Work
from harness.errors import HarnessError
from harness.records import Generation, Verdict

Q = TypeVar("Q")
"""A question, which has a place in the run."""
A = TypeVar("A")
"""What an engine is asked for it; several questions may share it."""

_FEWEST = 3
_SHARE = 20
"""The asking ends where a twentieth of all questions fail in a row, and no fewer than _FEWEST."""


class Asking(Generic[Q, A]):
    """The questions that wait for one model or verifier, and why some of them come to nothing.

    A stage lets its questions ``wait``, and hands what is to be asked to ``batches``, shard by shard. It reads the
    answers of each batch inside ``failures``, and takes the questions that an answer is for with ``answered``.

    After an exception, what is left of a batch is asked again one by one at the end, as it may be the fault of one of
    them; asked alone, the exception is that one's reason. A HarnessError, or too many exceptions in a row, end the
    asking: ``stops`` says why, and of the batches that follow none is asked. ``lose`` takes the questions that have
    no answer, and the reason.
    """

    def __init__(
        self, key: Callable[[A], Hashable], lose: Callable[[Sequence[Q], str], None], expected: int = 0
    ) -> None:
        self._key, self._lose = key, lose
        self.expected = expected
        """How many questions there are in all."""
        self.reasons: Counter[str] = Counter()
        """Why answers are missing that asking again may give: the stage counts them."""
        self.stops: list[str] = []
        """Why nothing more is asked; empty while it goes on."""
        self._waiting: dict[Hashable, list[Q]] = {}
        self._again: list[A] = []
        self._failures = 0
        """Exceptions since the last answer."""

    def wait(self, key: Hashable, question: Q) -> bool:
        """Let a question wait for an answer; whether it is the first to, and so is to be asked."""
        questions = self._waiting.setdefault(key, [])
        questions.append(question)
        return len(questions) == 1

    def batches(
        self, engine: Engine, work: Work, shards: Iterable[Sequence[A]], size: int = sys.maxsize
    ) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Each batch with its answers: shard by shard, so many at a time, and at the end those that are asked again."""
        yield from engine.map(work, self._cut(shards, size))
        yield from engine.map(work, self._cut(([asked] for asked in self._again), 1))

    @contextmanager
    def failures(self, batch: Sequence[A]) -> Iterator[None]:
        """Around the reading of a batch's answers: what is raised inside is the reason of what has no answer then."""
        reason = "the model gave no answer"
        try:
            yield
        except HarnessError as error:
            reason = str(error)
            self._stop(reason)
        except Exception as error:  # noqa: BLE001  # whatever a plugin does, the run goes on and its records say why
            if len(batch) > 1:
                self._again += [asked for asked in batch if self._key(asked) in self._waiting]
                return
            words = str(error) if isinstance(error, RemoteError) else f"{type(error).__name__}: {error}"
            reason = words.encode("utf-8", "replace").decode()
            self._failures += 1
            if self._failures >= max(_FEWEST, self.expected // _SHARE):
                self._stop(f"{reason}; that was so {self._failures} times in a row, and the rest is not asked")
        self._give_up(batch, reason)

    def answered(self, key: Hashable) -> list[Q]:
        """The questions that an answer is for, which wait no longer; KeyError where nobody asked."""
        questions = self._waiting.pop(key)
        self._failures = 0
        return questions

    def problem(self, what: str) -> str:
        """How many of ``what`` are missing, the reason that is given most often, and how many have others."""
        (commonest, most), *_ = self.reasons.most_common()
        missing = self.reasons.total()
        others = f" ({missing - most:,} of them for other reasons)" if missing > most else ""
        return f"{missing:,} of {self.expected:,} {what}: {commonest}{others}"

    def _cut(self, shards: Iterable[Sequence[A]], size: int) -> Iterator[Sequence[A]]:
        for shard in shards:
            for start in range(0, len(shard), size):
                batch = shard[start : start + size]
                if self.stops:
                    self._give_up(batch, self.stops[-1])
                else:
                    yield batch

    def _stop(self, why: str) -> None:
        if why not in self.stops:
            self.stops.append(why)

    def _give_up(self, batch: Sequence[A], reason: str) -> None:
        if questions := [question for asked in batch for question in self._waiting.pop(self._key(asked), ())]:
            self._lose(questions, reason)


def unwritable(answer: Generation | Verdict) -> str | None:
    """Why an answer cannot stand in a file; None where it can. A server may send half of a surrogate pair."""
    try:
        to_json(answer)
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        return f"the answer cannot be written down ({type(error).__name__}): it holds what is no text"
    return None
