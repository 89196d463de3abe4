"""A sentence with all that is read off it: quantities, dates, names, quotations and clauses, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol

from harness.checker_en import dates, names, numbers, quotes, roles
from harness.checker_en.names import Name
from harness.checker_en.numbers import Quantity
from harness.checker_en.sentence import Sentence, read_one


class Placed(Protocol):
    """A value and the words that say it."""

    @property
    def slot(self) -> range: ...


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a sentence says, slot by slot; worked out when first asked for."""

    sentence: Sentence
    today: date | None = None
    """The date of the article, where it is known."""

    @cached_property
    def dates(self) -> tuple[dates.Date, ...]:
        return tuple(dates.dates(self.sentence, self.today))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that are no part of a date."""
        return tuple(each for each in numbers.quantities(self.sentence) if each.slot and self._undated(each))

    @cached_property
    def names(self) -> tuple[names.Name, ...]:
        return tuple(each for each in names.names(self.sentence) if self._undated(each))

    def _undated(self, value: Placed) -> bool:
        return all(set(date.slot).isdisjoint(value.slot) for date in self.dates)

    @cached_property
    def name_roles(self) -> tuple[tuple[Name, roles.Role], ...]:
        """Pairs of a name and one of its grammatical roles."""
        return tuple(
            (name, role) for name in self.names for role in sorted(roles.roles(self.sentence, self.clauses, name.slot))
        )

    @cached_property
    def list_lengths(self) -> frozenset[int]:
        """The lengths of its lists: it may name five countries without saying five."""
        return roles.list_lengths(self.sentence)

    @cached_property
    def values(self) -> frozenset[int]:
        """The words that are in a number, a date or a name."""
        values: tuple[Placed, ...] = (*self.quantities, *self.dates, *self.names)
        return frozenset(index for value in values for index in value.slot)

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        """All words as names hold them: for text where names have no capitals."""
        return tuple(names.keys(self.sentence.words))

    @cached_property
    def clauses(self) -> tuple[roles.Clause, ...]:
        return roles.clauses(self.sentence)

    @cached_property
    def quotes(self) -> tuple[quotes.Quote, ...]:
        return tuple(quotes.quotes(self.sentence.plain.text))


@lru_cache(maxsize=256)
def analysed(text: str) -> Analysis:
    """A text of any length as one sentence; for what is looked at again and again, such as an article."""
    return Analysis(read_one(text))
