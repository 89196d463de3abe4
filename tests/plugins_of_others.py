"""Plugins of another package, named in a config as ``plugins_of_others:Class``."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import SerializeAsAny

from harness.models.extractive import Extractive
from harness.records import Case, Generation, Item, Metric, Pair, Probabilities, Request, Role, Score, Span, Verdict
from harness.scorers.measure import Measure, SummaryScorer
from harness.seams import FilePath, Model, Scorer, Verifier
from harness.text import words
from harness.verifiers.decide import Prediction, abstain
from harness.verifiers.statements import StatementVerifier


class Slow(Model):
    """Returns the article's first words after a pause, and records each answer in a file."""

    words: int = 8
    """Number of words."""
    seconds: float = 0.003
    """Seconds for each answer."""
    note: str = ""
    """A file that gets a line for each answer."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            time.sleep(self.seconds)
            if self.note:
                with Path(self.note).open("a", encoding="utf-8") as file:
                    file.write(f"{request.item.article.id}\n")
            yield Generation(request.id, " ".join(request.item.article.body.split()[: self.words]) + ".")


class Held(Slow):
    """Waits at one article while a file exists."""

    article: str
    """The article's id."""
    held: str
    """The file."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            while request.item.article.id == self.article and Path(self.held).exists():
                time.sleep(0.005)
            yield from super().generate([request])


class Dying(Slow):
    """Kills its process at one article, once."""

    article: str
    """The article's id."""
    killed: str
    """A file that marks the kill."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            if request.item.article.id == self.article and not Path(self.killed).exists():
                Path(self.killed).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield from super().generate([request])


class Interrupted(Slow):
    """Raises KeyboardInterrupt until a file exists."""

    free: str
    """The file."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        if not Path(self.free).exists():
            raise KeyboardInterrupt
        yield from super().generate(requests)


class Busy(Model):
    """Its server is busy for one article."""

    at: str
    """The article's id."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            if request.item.article.id == self.at:
                yield Generation(request.id, None, "the server answered 503", "none", transient=True)
            else:
                yield Generation(request.id, "A summary.")


class Failing(Model):
    """Raises an exception at some articles."""

    at: tuple[str, ...]
    """Their ids."""
    text: str = "A summary."
    """The summary of the others."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            if request.item.article.id in self.at:
                raise RuntimeError("the model fell over")
            yield Generation(request.id, self.text)


class Torn(Model):
    """Its answer to one article ends in half a surrogate pair, as from a server that counts in UTF-16."""

    at: str
    """The article's id."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            yield Generation(request.id, "A summary\ud83d" if request.item.article.id == self.at else "A summary.")


class Blank(Model):
    """Its answer to one article has only zero-width characters."""

    at: str
    """The article's id."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            yield Generation(request.id, "\u200b\u2060\n" if request.item.article.id == self.at else "A summary.")


class Last(Extractive):
    """The last sentence of the article's body: a floor."""

    role: Role = "floor"

    def choose(self, item: Item, spans: Sequence[Span]) -> Iterable[int]:
        return [len(spans) - 1]


class FailingScorer(SummaryScorer):
    """Fails on summaries that contain a word."""

    word: str = "Second"
    """The word."""

    def metrics(self) -> Sequence[Metric]:
        return (Metric("fragile", "Fragile"),)

    def measure(self, case: Case, text: str) -> Mapping[str, Measure]:
        if self.word in text:
            raise RuntimeError("cannot count this")
        return {"fragile": Measure(1.0)}


class Careless(Scorer):
    """Returns an invalid result for summaries that contain a word."""

    word: str = "Second"
    """The word."""
    gives: str
    """The kind of result: a failing generator, None, an empty list, etc."""

    def metrics(self) -> Sequence[Metric]:
        return (Metric("careless", "Careless"),)

    def score(self, cases: Sequence[Case]) -> Any:
        if not any(self.word in str(case.summary.text) for case in cases):
            return (self._one(case, 1.0) for case in cases)
        if self.gives == "exit":
            sys.exit(0)
        given = [self._one(case, {"nan": math.nan, "nothing": None}.get(self.gives, 1.0)) for case in cases]
        answers = {"none": None, "empty": [], "twice": given * 2, "raising": map(self._raise, cases)}
        return answers.get(self.gives, given)

    def _one(self, case: Case, value: float | None) -> Score:
        place = case.summary.place
        return Score(place.system, place.article_id, place.sample, "careless", value, self.signature())

    def _raise(self, case: Case) -> Score:
        raise RuntimeError(f"cannot count {case.summary.system}")


class Comparing(Scorer):
    """Compares all summaries, and fails if there are several."""

    @property
    def at_once(self) -> bool:
        return True

    def metrics(self) -> Sequence[Metric]:
        return (Metric("comparing", "Comparing"),)

    def score(self, cases: Sequence[Case]) -> list[Score]:
        if len(cases) > 1:
            raise RuntimeError("several")
        place = cases[0].summary.place
        return [Score(place.system, place.article_id, place.sample, "comparing", 1.0, self.signature())]


class Leaving(Model):
    """Ends its process at one article."""

    at: str
    """The article's id."""

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        for request in requests:
            if request.item.article.id == self.at:
                sys.exit(0)
            yield Generation(request.id, "A summary.")


class Breaking(SummaryScorer):
    """Fails in the method that a file names."""

    unsigned = frozenset({"broken"})

    broken: FilePath
    """A file with the name of a method, or empty."""

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


class Majority(Verifier):
    """The majority label of its members, as the first of them gives it."""

    members: tuple[SerializeAsAny[Verifier], ...]
    """Verifiers: kinds, or mappings with a kind and its options."""

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        votes = zip(*(member.verify(pairs) for member in self.members), strict=True)
        return [max(given, key=lambda verdict: sum(each.label == verdict.label for each in given)) for given in votes]


class FailingVerifier(Verifier):
    """Raises an exception."""

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
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
    """Too busy to answer until a file exists; then everything is supported."""

    free: str
    """The file."""

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        third = Probabilities(1 / 3, 1 / 3, 1 / 3)
        busy = Verdict("uncertain", third, None, self.signature(), "the server answered 503", transient=True)
        answer = Verdict("supported", Probabilities(1.0, 0.0, 0.0), None, self.signature())
        return [answer if Path(self.free).exists() else busy for _ in pairs]


class InterruptedVerifier(BusyVerifier):
    """Raises KeyboardInterrupt until a file exists; then everything is supported."""

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        if not Path(self.free).exists():
            raise KeyboardInterrupt
        return super().verify(pairs)
