"""The order in which pairs are learned from: short ones first, news later, each with a share of the other.

A row's length is what it costs, so rows of like length stand together and make a batch; batches are in random order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from benchmarks.training.corpora import (
    NEWS,
    RESERVED_OF,
    SHORT,
    Example,
    Share,
    examples,
    held_back,
    mispaired,
    opening,
    reserved,
    rows,
    with_differences,
)
from benchmarks.training.crossed import crossed
from benchmarks.training.embedded import embedded, is_sentence
from benchmarks.training.exchanged import exchanged
from benchmarks.training.in_domain import in_domain
from benchmarks.training.made import made
from benchmarks.training.outcomes import Outcomes
from benchmarks.training.possible import possible
from benchmarks.training.spliced import nested, spliced
from benchmarks.training.turned import turned
from harness import progress

MADE = 6_000
"""Pairs made of article sentences, at most, where all of each set is taken."""
EXCHANGED = 4_000
"""False versions made by a language model's exchanges, at most, each beside its true statement."""
OUTCOMES = 6_400
"""Statements told in other words and turned into their opposite, at most."""
MISPAIRED = 2_500
EMBEDDED = 4_000
"""Short pairs inside articles, at most."""
SPLICED = 8_000
"""Statements spliced, crossed and told as having happened or turned, and the true ones beside them, at most."""
SPLICED_FROM = ("begin", "attributionbench", "wice", "factcheckgpt", "control", "healthver")
"""Sets beside articles whose premises are spliced: other texts than newspapers'."""
MADE_FROM = ("factcc_synth1k", "defacto", "xsumfaith", "entfa", "factcg")
"""Sets whose articles are written as newspapers write: with capitals."""
EXCHANGED_FROM = (
    "defacto", "xsumfaith", "fib", "rose_partial", "factcg", "factcc_synth1k", "compression", "wice"
)  # fmt: skip  # one line of names
"""Sets whose supported statements are of one sentence or fact, and about longer texts for the most part."""
_EARLY = 0.25
"""The share of news in the first half, and of short pairs in the second."""
_POOL = 40
"""Batches that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """All that is learned from, in order."""

    examples: tuple[Example, ...]

    def counts(self) -> dict[str, int]:
        """Rows by where they come from, the largest first."""
        found: dict[str, int] = {}
        for example in self.examples:
            found[example.source] = found.get(example.source, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))


@dataclass(frozen=True, slots=True)
class Scales:
    """The share that is taken of news, of short pairs, of made pairs of three kinds, of REALSumm and BUMP, of short
    pairs inside articles, and of spliced statements."""

    news: float = 1.0
    short: float = 1.0
    made: float = 1.0
    exchanged: float = 1.0
    outcomes: float = 1.0
    in_domain: float = 0.0
    embedded: float = 0.0
    spliced: float = 0.0

    def __str__(self) -> str:
        return "-".join(str(share) for share in astuple(self))


def mixture(folder: Path, seed: int, scales: Scales) -> Mixture:
    """Pairs of all sets, made ones among them."""
    draw = random.Random(seed)  # noqa: S311  # no secret is drawn
    held = held_back(folder)
    short = _read(folder, SHORT, held, draw, scales.short)
    short += mispaired([example for example in short if example.source == "fever"], int(scales.short * MISPAIRED), draw)
    news = _read(folder, NEWS, held, draw, scales.news) + _made(folder, held, seed, int(scales.made * MADE))
    news += _exchanged(folder, held, draw, int(scales.exchanged * EXCHANGED))
    news += _outcomes(folder, held, seed, int(scales.outcomes * OUTCOMES))
    news += in_domain(folder, scales.in_domain, draw) if scales.in_domain else []  # without them the others stay
    news += _embedded(folder, held, draw, seed, int(scales.embedded * EMBEDDED))
    news += _spliced(folder, held, draw, seed, int(scales.spliced * SPLICED))
    draw.shuffle(short)
    draw.shuffle(news)
    return Mixture(tuple(_halves(short, news, draw)))


def _read(
    folder: Path, shares: Mapping[str, Share], held: frozenset[str], draw: random.Random, scale: float
) -> list[Example]:
    found: list[Example] = []
    with progress.bar("read", len(shares)) as advance:
        for name, share in shares.items():
            scaled = replace(share, rows=int(scale * share.rows))
            found += examples(folder, name, scaled, held, draw)
            advance(1)
    return found


def _articles(folder: Path, held: frozenset[str], seed: int) -> list[tuple[str, str]]:
    """Opening and text of the articles that pairs are made of, in an order of chance."""
    articles: dict[str, str] = {}
    for name in MADE_FROM:
        for row in rows(folder, name):
            if not reserved(RESERVED_OF[0], row["premise"]):  # in one set or in another
                articles.setdefault(opening(row["premise"]), row["premise"])
    chosen = sorted(articles.keys() - held)
    random.Random(seed).shuffle(chosen)  # noqa: S311  # no secret is drawn
    return [(each, articles[each]) for each in chosen]


def _made(folder: Path, held: frozenset[str], seed: int, limit: int) -> list[Example]:
    found: list[Example] = []
    with progress.bar("make", limit) as advance:
        for group, article in _articles(folder, held, seed):
            if len(found) >= limit:
                break
            new = with_differences(list(made(group, article, seed)))
            found += new
            advance(len(new))
    return found[:limit]


def _outcomes(folder: Path, held: frozenset[str], seed: int, limit: int) -> list[Example]:
    outcomes = Outcomes(limit, seed)
    with progress.bar("outcomes", limit) as advance:
        for _, article in _articles(folder, held, seed) if limit else ():
            before = len(outcomes.examples)
            outcomes.add(article)
            advance(len(outcomes.examples) - before)
            if outcomes.is_full:
                break
    return in_pairs(outcomes.examples[:limit])


def in_pairs(found: Sequence[Example]) -> list[Example]:
    """Examples of which each false one follows the true one that it was made of."""
    return [each for at in range(0, len(found), 2) for each in with_differences(found[at : at + 2])]


def _exchanged(folder: Path, held: frozenset[str], draw: random.Random, limit: int) -> list[Example]:
    if not limit:  # nothing is drawn either: the other pairs keep their order
        return []
    shares = {name: share for name, share in {**SHORT, **NEWS}.items() if name in EXCHANGED_FROM}
    return in_pairs(exchanged(_read(folder, shares, held, draw, 1.0), limit, draw.randrange(2**32)))


def _embedded(folder: Path, held: frozenset[str], draw: random.Random, seed: int, limit: int) -> list[Example]:
    if not limit:
        return []
    short = [each for each in _read(folder, SHORT, held, draw, 1.0) if is_sentence(each.premise)]
    articles = [article for _, article in _articles(folder, held, seed)]
    return list(embedded(draw.sample(short, min(limit, len(short))), articles, draw))


def _spliced(folder: Path, held: frozenset[str], draw: random.Random, seed: int, limit: int) -> list[Example]:
    if not limit:
        return []
    others = _read(folder, {name: NEWS.get(name) or SHORT[name] for name in SPLICED_FROM}, held, draw, 1.0)
    texts = [*(article for _, article in _articles(folder, held, seed)), *{each.premise: None for each in others}]
    draw.shuffle(texts)
    found: list[Example] = []
    with progress.bar("splice", limit) as advance:
        for text in texts:
            if len(found) >= limit:
                break
            makers = (draw.choice((spliced, nested)), crossed, possible, turned)
            new = [example for maker in makers for example in maker(text, 1, draw)]
            found += new
            advance(len(new))
    return in_pairs(found[:limit])


def _halves(short: Sequence[Example], news: Sequence[Example], draw: random.Random) -> Iterator[Example]:
    late, early = int(_EARLY * len(short)), int(_EARLY * len(news))
    for half in ([*short[late:], *news[:early]], [*short[:late], *news[early:]]):
        draw.shuffle(half)
        yield from half


def batched(found: Sequence[Example], size: int, seed: int) -> list[list[Example]]:
    """Batches of like length, each pool of them shuffled; the order of the halves stays."""
    draw = random.Random(seed)  # noqa: S311  # no secret is drawn
    batches: list[list[Example]] = []
    for start in range(0, len(found), size * _POOL):
        pool = sorted(found[start : start + size * _POOL], key=lambda each: len(each.premise) + len(each.hypothesis))
        together = [list(pool[at : at + size]) for at in range(0, len(pool), size)]
        draw.shuffle(together)
        batches += together
    return batches
