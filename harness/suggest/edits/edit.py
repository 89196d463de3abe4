"""A passage to edit, a change of its text, and the resulting edit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, get_args

from harness.suggest.english import fix_article, parse
from harness.text import normalise

if TYPE_CHECKING:
    import numpy as np
    from spacy.tokens import Doc

T = TypeVar("T")

Kind = Literal["number", "date", "name", "negation", "swap", "invention"]
ALL: tuple[Kind, ...] = get_args(Kind)
"""Every kind, in the order in which tables list them."""

_SENTENCE_START = re.compile(r"(?:^|[.!?:][\"'”’)]*\s+|\n\s*)[\"'“‘(]*$")


@dataclass(frozen=True, slots=True)
class Edit:
    kind: Kind
    text: str


class Change(NamedTuple):
    """``old[start:end]`` becomes ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Passage:
    """A text to edit, and the article that supplies other names, numbers and dates."""

    text: str
    context: str = ""

    @cached_property
    def doc(self) -> Doc:
        return parse(self.text)


def apply(kind: Kind, old: str, changes: Sequence[Change]) -> Edit | None:
    """Make the changes, and correct capitals and a/an, or return None if only punctuation or case would change."""
    new = old
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        first = old[change.start : change.start + 1]
        starts_sentence = (first.isupper() or first.isdigit()) and _SENTENCE_START.search(old[: change.start])
        text = change.text[:1].upper() + change.text[1:] if starts_sentence else change.text
        new = fix_article(new[: change.start] + text + new[change.end :], change.start)
    stripped = (re.findall(r"[\w$€£%]+|(?<=\w)\.(?=\d)", normalise(each).casefold()) for each in (new, old))
    return None if len({"".join(words) for words in stripped}) == 1 else Edit(kind, new)


def shuffle(rng: np.random.Generator, values: Sequence[T]) -> list[T]:
    return [values[place] for place in rng.permutation(len(values))]
