"""Measure how many of the facts that people look for are covered by suggestions, and by the article's beginning.

    python -m benchmarks.suggestions [--data DIR] [--articles N]

Writes ``suggestions.md``: the share of REALSumm's content units (facts that people took from a reference summary) and
of the project's own facts that N suggestions cover. The suggestions are made without the references. A unit is covered
if the default verifier supports it (P ≥ 0.5) and at least half of its content words occur. An annotator labelled
100 units by hand (``suggestions_by_hand.jsonl``); the page says how often this rule agrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import ROOT, make_parser, publish
from benchmarks.quality.questions import find_use, read_lines
from harness import config
from harness.data import articles
from harness.data.facts.wording import LIGHT
from harness.files import write_text
from harness.records import Article, Item, Pair
from harness.seams import AskVerifier
from harness.signature import digest
from harness.suggest import suggest_facts
from harness.text import sentences, words

TABLE = Path(__file__).with_name("suggestions.md")
BY_HAND = Path(__file__).with_name("suggestions_by_hand.jsonl")
SIZES = (5, 10)
COLUMNS = ("suggestions", "beginning", "first sentences")
HEAD = """# Suggested facts against the facts that people look for

Made by `python -m benchmarks.suggestions` on {date}. The parser makes the suggestions, without a model and without
references. A content unit is a fact that people took from a reference summary. It is covered if `entailment` supports
it (P ≥ 0.5) and half of its content words occur. In parentheses: the mean number of words. The middle column is the
beginning of the article, with as many words as the suggestions.
"""
ROW_HEAD = "| N | N suggestions | the beginning, as many words | first N sentences |\n| ---: | ---: | ---: | ---: |\n"


class Target(NamedTuple):
    """An article, and the statements that its suggestions should cover."""

    article: Article
    units: Sequence[str]


class CheckedUnit(NamedTuple):
    """A unit, a text that may cover it, and the rule's answer."""

    size: int
    column: str
    article: str
    premise: str
    unit: str
    covered: bool


def load_realsumm(folder: Path) -> Iterator[Target]:
    """Yield the articles of REALSumm that the verifier was not trained on."""
    units = {row["group"]: row["hypotheses"] for row in read_lines(folder / "realsumm_coverage.jsonl")}
    for row in read_lines(folder / "realsumm_articles.jsonl"):
        if row["id"] in units and find_use(row["id"]) != "training":
            yield Target(Article(row["id"], row["text"]), units[row["id"]])


def check_units(targets: Sequence[Target], lexical: AskVerifier, entailment: AskVerifier) -> list[CheckedUnit]:
    """Check every unit against the suggestions and the first sentences of its article, for each size."""
    asked: list[tuple[int, str, str, Pair]] = []
    for article, units in targets:
        suggested = [each.statement for each in suggest_facts(Item(article), lexical, max(SIZES))]
        spans = [span.text for span in sentences(article.text)]
        for size in SIZES:
            chosen = "\n".join(suggested[:size])
            beginning = " ".join(article.text.split()[: len(chosen.split())])
            for column, premise in zip(COLUMNS, (chosen, beginning, "\n".join(spans[:size])), strict=True):
                asked += [(size, column, article.id, Pair(premise, unit)) for unit in units]
    pairs = list(dict.fromkeys(pair for *_, pair in asked if compute_overlap(pair.premise, pair.hypothesis) >= 0.5))
    covers = {
        pair: verdict.probabilities.supported >= 0.5 for pair, verdict in zip(pairs, entailment(pairs), strict=True)
    }
    return [CheckedUnit(*row[:3], row[3].premise, row[3].hypothesis, covers.get(row[3], False)) for row in asked]


def compute_overlap(premise: str, unit: str) -> float:
    """Return the share of the unit's content words that occur in the premise, compared by their first five letters."""
    known = {word[:5] for word in words(premise)}
    stems = {word[:5] for word in words(unit) if word not in LIGHT}
    return len(stems & known) / max(1, len(stems))


def format_rows(checked: Sequence[CheckedUnit]) -> str:
    lines = []
    for size in SIZES:
        cells = []
        for column in COLUMNS:
            rows = [row for row in checked if (row.size, row.column) == (size, column)]
            lengths = {row.article: len(row.premise.split()) for row in rows}
            share = sum(row.covered for row in rows) / len(rows)
            cells.append(f"{share:.0%} ({sum(lengths.values()) / len(lengths):.0f})")
        lines.append(f"| {size} | {' | '.join(cells)} |\n")
    return ROW_HEAD + "".join(lines)


def format_agreement(checked: Sequence[CheckedUnit]) -> str:
    """Say how often the rule agrees with the annotator, on the units whose texts are still the same."""
    known = {make_key(row): row.covered for row in checked}
    rows = [(row["text"], row["covered"], known[row["key"]]) for row in read_lines(BY_HAND) if row["key"] in known]
    judged = [(read, rule) for _, read, rule in rows]
    head = f"""\
One annotator compared {len(rows)} of these units with their text, without seeing the rule's answer. The rule agrees on
{sum(read == rule for read, rule in judged)}: it misses {judged.count((True, False))} covered units, and counts \
{judged.count((False, True))} that are not covered.

| text | units read | covered, by the annotator | covered, by the rule |
| --- | ---: | ---: | ---: |"""
    lines = [head]
    for text in sorted({text for text, *_ in rows}):
        here = [(read, rule) for other, read, rule in rows if other == text]
        lines.append(f"| {text} | {len(here)} | {sum(read for read, _ in here)} | {sum(rule for _, rule in here)} |")
    return "\n".join(lines) + "\n"


def make_key(row: CheckedUnit) -> str:
    return digest(row.premise, row.unit)


def main() -> None:
    command = make_parser(__doc__)
    command.add_argument("--articles", type=int, default=40, help="articles of REALSumm")
    command.add_argument("--rows", type=Path, help="also write every unit, text and answer to this JSONL file")
    given = command.parse_args()
    lexical, entailment = config.load_verifier("lexical").verify, config.load_verifier("entailment").verify
    targets = list(islice(load_realsumm(given.data), given.articles))
    (own,) = articles.load(ROOT / "references")
    essential = [fact.statement for fact in own.facts if fact.importance == "essential"]
    checked = check_units(targets, lexical, entailment)
    own_facts = Target(own.article, [fact.statement for fact in own.facts])
    own_checked = check_units([own_facts], lexical, entailment)
    parts = [
        HEAD.format(date=date.today().isoformat()),
        f"## REALSumm: {len(targets)} articles, {sum(len(each.units) for each in targets)} content units\n",
        format_rows(checked),
        format_agreement(checked),
        f"## The project's own article: {len(own.facts)} facts\n",
        format_rows(own_checked),
        f"{len(essential)} essential facts:\n",
        format_rows([row for row in own_checked if row.unit in essential]),
    ]
    if given.rows:
        write_text(given.rows, "".join(json.dumps({"key": make_key(row), **row._asdict()}) + "\n" for row in checked))
    publish("\n".join(parts), TABLE)


if __name__ == "__main__":
    main()
