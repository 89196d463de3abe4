"""Plugins of another package, named in a config as ``plugins_of_others:Class``."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from harness.errors import ModelError
from harness.models.baselines import Extractive
from harness.records import Case, Generation, Item, Metric, Pair, Probabilities, Request, Role, Score, Span, Verdict
from harness.scorers.measure import Measure, SummaryScorer
from harness.seams import FilePath, Model, Verifier
from harness.text import words
from harness.verifiers.decide import Prediction, abstain
from harness.verifiers.statements import StatementVerifier


class Slow(Model):
    """Returns the article's first eight words after a pause, and adds a line to the file ``note`` for each answer."""

    seconds: float = 0.003
    note: str = ""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            time.sleep(self.seconds)
            if self.note:
                with Path(self.note).open("a", encoding="utf-8") as file:
                    file.write(f"{request.item.article.id}\n")
            yield Generation(request.id, " ".join(request.item.article.body.split()[:8]) + ".")


class Held(Slow):
    """Waits at one article while the file ``held`` exists."""

    article: str
    held: str

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            while request.item.article.id == self.article and Path(self.held).exists():
                time.sleep(0.005)
            yield from super().generate([request])


class Dying(Slow):
    """Makes the file ``killed`` and kills its process at one article, unless that file exists already."""

    article: str
    killed: str

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            if request.item.article.id == self.article and not Path(self.killed).exists():
                Path(self.killed).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield from super().generate([request])


class Interrupted(Slow):
    """Raises KeyboardInterrupt until the file ``free`` exists."""

    free: str

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        if not Path(self.free).exists():
            raise KeyboardInterrupt
        yield from super().generate(requests)


class Failing(Model):
    """Fails at the articles in ``at``, in the way that ``how`` names."""

    at: tuple[str, ...]
    how: Literal["raise", "gone", "exit", "busy", "stray", "torn", "blank", "silent", "refuse"] = "raise"

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            how = self.how if request.item.article.id in self.at else None
            if how == "raise":
                raise RuntimeError("the model fell over")
            if how == "gone":
                raise ModelError("the server is gone")
            if how == "exit":
                sys.exit(0)
            if how == "busy":
                yield Generation(request.id, None, "the server answered 503", "none", transient=True)
            elif how == "stray":
                yield Generation("stray", "A summary.")
            else:
                # torn: half a surrogate pair, as from a server that counts in UTF-16
                texts = {"torn": "A summary\ud83d", "blank": "\u200b\u2060\n", "refuse": "I can’t\nhelp with that."}
                yield Generation(request.id, None if how == "silent" else texts.get(how or "", "A summary."))


class Last(Extractive):
    """A floor: the last sentence of the article's body."""

    role: Role = "floor"

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        return [len(spans) - 1]


class Careless(SummaryScorer):
    """Returns an invalid result for summaries that contain ``word``."""

    word: str = "Second"
    gives: str = "raising"
    """The kind of result: a failing generator, None, an empty list, etc."""

    def metrics(self) -> Sequence[Metric]:
        return (Metric("careless", "Careless"),)

    def score(self, cases: Sequence[Case]) -> Any:
        if not any(self.word in str(case.summary.text) for case in cases):
            return (self._one(case, 1.0) for case in cases)
        if self.gives == "exit":
            sys.exit(0)
        given = [self._one(case, {"nan": math.nan, "nothing": None}.get(self.gives, 1.0)) for case in cases]
        less = super().score(cases)
        answers = {"none": None, "empty": [], "less": less, "twice": given * 2, "raising": (1 / 0 for _ in cases)}
        return answers.get(self.gives, given)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        return {}

    def _one(self, case: Case, value: float | None) -> Score:
        return Score(*case.summary.place, "careless", value, self.signature())


class Breaking(SummaryScorer):
    """Fails in the method that the file ``broken`` names."""

    unsigned = frozenset({"broken"})

    broken: FilePath

    def _break(self, name: str) -> None:
        if self.broken.read_text("utf-8") == name:
            raise KeyError(f"{name} is broken")

    def check(self) -> Iterable[str]:
        self._break("check")
        return ()

    def depends(self) -> Mapping[str, str]:
        self._break("depends")
        return {}

    def signature(self) -> str:
        self._break("signature")
        return super().signature()

    def metrics(self) -> Sequence[Metric]:
        self._break("metrics")
        return (Metric("unbroken", "Unbroken"),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        return {"unbroken": Measure(1.0)}


class FailingVerifier(Verifier):
    """Raises an exception, or returns ``gives`` for each pair; ``less``: no verdict on protests and openings."""

    gives: Literal["exception", "none", "nan", "less"] = "exception"

    def verify(self, pairs: Sequence[Pair]) -> list[Any]:
        if self.gives == "none":
            return [None for _ in pairs]
        if self.gives == "nan":
            return [Verdict("absent", Probabilities(math.nan, 0, 1), None, self.signature()) for _ in pairs]
        if self.gives == "less":
            absent = Verdict("absent", Probabilities(0.0, 0.0, 1.0), None, self.signature())
            return [absent for pair in pairs if not {"protested", "opens"}.intersection(words(pair.hypothesis))]
        raise RuntimeError(f"no verdict on {len(pairs)} pairs")


class SharedWords(StatementVerifier):
    """P(supported) is the share of the hypothesis's words in the premise; it can be calibrated."""

    sharpness: float = 1.0
    """Exponent of the share."""

    def predict_statements(self, pairs: Sequence[Pair]) -> list[Prediction]:
        return [self._prediction(set(words(pair.premise)), words(pair.hypothesis)) for pair in pairs]

    def _prediction(self, known: set[str], asked: list[str]) -> Prediction:
        if not asked:
            return abstain("the hypothesis has no words")
        share = (sum(word in known for word in asked) / len(asked)) ** self.sharpness
        return Prediction(Probabilities(share, 0.0, 1 - share))


class BusyVerifier(Verifier):
    """Too busy to answer until the file ``free`` exists; then everything is supported."""

    free: str

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        third = Probabilities(1 / 3, 1 / 3, 1 / 3)
        busy = Verdict("uncertain", third, None, self.signature(), "the server answered 503", transient=True)
        answer = Verdict("supported", Probabilities(1.0, 0.0, 0.0), None, self.signature())
        return [answer if Path(self.free).exists() else busy for _ in pairs]


class InterruptedVerifier(BusyVerifier):
    """Raises KeyboardInterrupt until the file ``free`` exists; then everything is supported."""

    is_killed: bool = False  # raise an exception that nothing handles, which leaves a folder like kill -9

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        if not Path(self.free).exists():
            raise BaseException("killed") if self.is_killed else KeyboardInterrupt
        return super().verify(pairs)
