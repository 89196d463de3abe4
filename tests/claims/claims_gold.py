"""Sentences taken apart by hand, in gold.txt, and how close a splitter comes to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.records import Claim
from harness.text import words

_MARK = "| "


@dataclass(frozen=True)
class Gold:
    """A sentence, the places within it where claims begin, and the claims."""

    sentence: str
    points: frozenset[int]
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """How many of what was found are right, and how many of what is right were found."""

    precision: float
    recall: float

    @classmethod
    def of(cls, pairs: Iterable[tuple[frozenset[object], frozenset[object]]]) -> Agreement:
        """From the found and the right of each sentence."""
        listed = list(pairs)
        both = sum(len(found & right) for found, right in listed)
        return cls(both / sum(len(found) for found, _ in listed), both / sum(len(right) for _, right in listed))


def gold() -> list[Gold]:
    """The sentences of gold.txt."""
    lines = (Path(__file__).parent / "gold.txt").read_text(encoding="utf-8").splitlines()
    return list(_read(line for line in lines if line and not line.startswith("#")))


def points(claims: Iterable[Claim]) -> frozenset[object]:
    """The places where claims begin, the start of the sentence aside."""
    return frozenset(claim.span.start for claim in claims) - {0}


def wording(claims: Iterable[str]) -> frozenset[object]:
    """The claims as their words."""
    return frozenset(tuple(words(claim)) for claim in claims)


def _read(lines: Iterable[str]) -> Iterator[Gold]:
    blocks: list[list[str]] = []
    for line in lines:
        if line.startswith("  "):
            blocks[-1].append(line.strip())
        else:
            blocks.append([line])
    for marked, *claims in blocks:
        sentence = marked.replace(_MARK, "")
        pieces = marked.split(_MARK)
        places = [sum(map(len, pieces[: index + 1])) for index in range(len(pieces) - 1)]
        yield Gold(sentence, frozenset(places), tuple(claims) or (sentence,))
