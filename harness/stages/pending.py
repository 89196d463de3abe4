"""Track the questions for a model or a verifier. Equal questions are asked once; an exception costs only one answer."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from harness.data.runs.record_file import adapter
from harness.engines import Engine, RemoteError, Work
from harness.errors import HarnessError, explain_invalid, strip_ids

Q = TypeVar("Q")
"""A question and its place in the run."""
A = TypeVar("A")
"""A request to the engine; several questions may share it."""


class Pending(Generic[Q, A]):
    """The open questions for one model or verifier, and the reasons why answers are missing.

    A stage adds questions with ``add`` and passes their requests to ``batches``, shard by shard. It reads the answers
    of each batch inside ``catch_failures``, and removes answered questions with ``take``.

    After an exception, the rest of the batch is requested again one by one at the end, because one request may be at
    fault. After a HarnessError, or too many exceptions in a row, no further batch is sent, and ``stop_reason`` says
    why. ``on_lost`` is called with questions that get no answer, and the reason.
    """

    def __init__(self, key: Callable[[A], Hashable], on_lost: Callable[[Sequence[Q], str], None] | None = None) -> None:
        self._key, self._on_lost = key, on_lost
        self.expected = 0
        """Number of answers that the run needs; the stage sets it."""
        self.reasons: Counter[str] = Counter()
        """Reason → number of missing answers that a later run may get; the stage itself counts transient answers."""
        self.stop_reason = ""
        """Why no further batch is sent; empty until then."""
        self._waiting: dict[Hashable, list[Q]] = {}
        self._retries: list[A] = []
        self._failures = 0  # exceptions since the last answer

    def add(self, key: Hashable, question: Q) -> bool:
        """Add a question; return True if it needs a request because it is the first with its key."""
        questions = self._waiting.setdefault(key, [])
        questions.append(question)
        return len(questions) == 1

    def batches(
        self, engine: Engine, work: Work, shards: Iterable[Sequence[A]], size: int = sys.maxsize
    ) -> Iterator[tuple[Sequence[A], Iterator[Any]]]:
        """Yield each batch, of at most ``size`` requests, with its answers: shard by shard, then the retries."""
        yield from engine.map(work, self._split(shards, min(size, engine.batch_size(work))))
        yield from engine.map(work, self._split(([request] for request in self._retries), 1))

    @contextmanager
    def catch_failures(self, batch: Sequence[A]) -> Iterator[None]:
        """Read answers in this context; an exception becomes the reason why the batch's other answers are missing."""
        reason = "the model gave no answer"
        try:
            yield
        except HarnessError as error:
            reason = str(error)
            self.stop_reason = reason
        except (Exception, SystemExit) as error:  # noqa: BLE001  # the run continues, and its records say why
            if len(batch) > 1:
                self._retries += [request for request in batch if self._key(request) in self._waiting]
                return
            words = str(error) if isinstance(error, RemoteError) else f"{type(error).__name__}: {error}"
            reason = words.encode("utf-8", "replace").decode()
            self._failures += 1
            if self._failures >= max(3, self.expected // 20):
                self.stop_reason = (
                    f"{reason}; this happened {self._failures} times in a row, so no more requests are sent"
                )
        self._lose(batch, reason)

    def take(self, key: Hashable) -> list[Q]:
        """Remove and return the questions with this key, now answered; raise ValueError for an unknown key."""
        if (questions := self._waiting.pop(key, None)) is None:
            raise ValueError(f"answered {key!r}, not an open request; give each answer its request's id, once")
        self._failures = 0
        return questions

    def list_problems(self, name: str, what: str) -> list[str]:
        """Say how many of ``what`` are missing, why, and whether the next run asks again; return [] if all arrived."""
        if not self.reasons:
            return []
        kinds = Counter[str]()
        for reason, count in self.reasons.items():
            kinds[strip_ids(reason)] += count
        kind = strip_ids(self.stop_reason) or kinds.most_common(1)[0][0]
        shown = self.stop_reason or next(reason for reason in self.reasons if strip_ids(reason) == kind)
        missing = kinds.total()
        other = sum(count for each, count in kinds.items() if each not in kind)  # the stop reason quotes its cause
        others = f" ({other:,} of them for other reasons)" if other else ""
        again = "" if self.stop_reason else "; the next run asks again"
        return [f"{name}: {missing:,} of {self.expected:,} {what}: {shown}{others}{again}"]

    def _split(self, shards: Iterable[Sequence[A]], size: int) -> Iterator[Sequence[A]]:
        for shard in shards:
            for start in range(0, len(shard), size):
                batch = shard[start : start + size]
                if self.stop_reason:
                    self._lose(batch, self.stop_reason)
                else:
                    yield batch

    def _lose(self, batch: Sequence[A], reason: str) -> None:
        if questions := [question for request in batch for question in self._waiting.pop(self._key(request), ())]:
            self.reasons[reason] += len(questions)
            if self._on_lost:
                self._on_lost(questions, reason)


def explain_unwritable(answer: Any, record: type[Any]) -> str | None:
    """Say why an answer cannot be written (e.g. a verifier gave NaN as a probability); return None if it can."""
    try:
        adapter(record).validate_json(adapter(record).dump_json(answer, warnings=False))
    except ValidationError as error:
        return f"the answer is not a valid {record.__name__} ({explain_invalid(error)})"
    except (PydanticSerializationError, UnicodeEncodeError) as error:
        return f"the answer cannot be written ({type(error).__name__}): it is not valid text"
    return None
