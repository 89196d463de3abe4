"""The numbers, dates, names and lists of one sentence, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from harness.checker_en import dates, names, numbers
from harness.checker_en.numbers import Quantity
from harness.checker_en.sentence import Sentence


class Placed(Protocol):
    """A value and the words that say it."""

    @property
    def slot(self) -> range: ...


@dataclass(frozen=True, eq=False)
class Analysis:
    """A sentence with its values."""

    sentence: Sentence
    today: date | None = None
    """The article's date, if known."""

    @cached_property
    def dates(self) -> tuple[dates.Date, ...]:
        return tuple(dates.find_dates(self.sentence, self.today))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that are not part of a date."""
        return tuple(each for each in numbers.find_quantities(self.sentence) if each.slot and self._is_undated(each))

    @cached_property
    def names(self) -> tuple[names.Name, ...]:
        return tuple(each for each in names.find_names(self.sentence) if self._is_undated(each))

    def _is_undated(self, value: Placed) -> bool:
        return all(set(date.slot).isdisjoint(value.slot) for date in self.dates)

    @cached_property
    def values(self) -> frozenset[int]:
        """The words of all numbers, dates and names."""
        values: tuple[Placed, ...] = (*self.quantities, *self.dates, *self.names)
        return frozenset(index for value in values for index in value.slot)

    @cached_property
    def list_lengths(self) -> frozenset[int]:
        """The lengths of its lists of three or more nouns: a sentence may name five countries without saying "five"."""
        words = self.sentence.words
        heads = [at for at, word in enumerate(words) if word.pos in ("NOUN", "PROPN") and word.dep != "conj"]
        return frozenset(length for head in heads if (length := self._conjuncts(head)) > 2)

    def _conjuncts(self, index: int) -> int:
        """1 for a word alone, and 1 more for each word joined to it by a comma or ``and``."""
        return 1 + sum(map(self._conjuncts, self.sentence.dependents(index, "conj")))

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        """All words as names are compared, for text without capitals."""
        return tuple(names.keys(self.sentence.words))
