"""A premise too long for one prompt: it is read in windows, and the window that decides gives the opinion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import Field

from harness.records import Pair, Probabilities, Span
from harness.text import words
from harness.verifiers._no_answer import undecided
from harness.verifiers._opinion import Opinion, OpinionVerifier, most_likely
from harness.verifiers._windows import index


class WindowedVerifier(OpinionVerifier):
    """A verifier that is asked about premises of limited length; ``judged`` is its one method."""

    window_words: int = Field(2000, ge=50)
    """Words of a premise that are read at once; a longer one is read in windows of whole sentences."""
    windows: int = Field(4, ge=1)
    """Windows of a long premise that are read, those that share the most with the hypothesis; reasons say how many."""

    def judged(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order; each premise and hypothesis has words, and no premise is over the limit."""
        raise NotImplementedError

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        readings = [_reading(pair, self.window_words, self.windows) for pair in pairs]
        asked = [
            replace(pair, premise=window.text)
            for pair, read in zip(pairs, readings, strict=True)
            for window in read.windows
        ]
        answers = iter(self.judged(asked) if asked else ())
        return [_opinion(pair, read, answers) for pair, read in zip(pairs, readings, strict=True)]


@dataclass(frozen=True, slots=True)
class _Reading:
    """The windows of a pair's premise that are read."""

    windows: tuple[Span, ...]
    """The whole premise where it fits; none where premise or hypothesis has no words."""
    left_out: int = 0


def _reading(pair: Pair, limit: int, most: int) -> _Reading:
    found = index(pair.premise, "chunk", limit)
    if not words(pair.hypothesis) or not any(words(window.text) for window in found.windows):
        return _Reading(())
    if len(found.windows) <= 1:
        return _Reading((Span(0, len(pair.premise), pair.premise),))
    retrieved = found.best(" ".join((pair.hypothesis, *pair.accepted)), most)
    return _Reading(retrieved.windows, retrieved.left_out)


def _opinion(pair: Pair, read: _Reading, answers: Iterator[Opinion]) -> Opinion:
    opinions = [_moved(next(answers), window.start) for window in read.windows]
    if not opinions and not words(pair.hypothesis):
        return undecided("the statement has no words")
    if not opinions:
        return Opinion(Probabilities(0.0, 0.0, 1.0), reason="the premise has no words")
    opinion = _decisive(opinions)
    if len(opinions) == 1 and not read.left_out:
        return opinion
    note = f"the premise was read in windows, {len(opinions)} of {len(opinions) + read.left_out}"
    return replace(opinion, reason=f"{opinion.reason}; {note}" if opinion.reason else note)


def _decisive(opinions: Sequence[Opinion]) -> Opinion:
    """The opinion of the window that speaks clearest for or against the hypothesis.

    A window without an answer may hold what the others lack: then nothing is absent, it is undecided.
    """
    answered = [opinion for opinion in opinions if not opinion.undecidable]
    clearest = max(answered, key=_clearness, default=opinions[0])
    silent = next((opinion for opinion in opinions if opinion.undecidable), None)
    return silent if silent and most_likely(clearest.probabilities) == "absent" else clearest


def _clearness(opinion: Opinion) -> float:
    return max(opinion.probabilities.supported, opinion.probabilities.contradicted)


def _moved(opinion: Opinion, by: int) -> Opinion:
    span = opinion.evidence
    return opinion if span is None else replace(opinion, evidence=Span(span.start + by, span.end + by, span.text))
