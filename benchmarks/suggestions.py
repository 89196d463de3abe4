"""How much of what people look for do suggested facts cover? REALSumm's content units, without references.

    python benchmarks/suggestions.py [--data DIR]

Writes ``suggestions.md``. For REALSumm's first 50 articles: the share of the human content units (facts of the
reference summary, written by people) that N suggestions cover, against the article's first N sentences. A unit is
covered if the default verifier supports it (P ≥ 0.5) and at least half of its content words occur.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from benchmarks.data_option import parser
from harness import config
from harness.data.facts.wording import LIGHT
from harness.files import write_text
from harness.records import Article, Item, Pair
from harness.suggest import suggest_facts
from harness.text import sentences, words

TABLE = Path(__file__).with_name("suggestions.md")
SIZES = (5, 10)
ARTICLES = 50
"""The first of REALSumm's 100, so that two cores need a few minutes."""
HEAD = """# Suggested facts against people's content units

Made by `python benchmarks/suggestions.py` on {date}, from {articles} articles and {units} content units of REALSumm. No
reference is given to the suggestions. A unit is covered if `entailment` supports it (P ≥ 0.5) and half of its content
words occur. Sentences are cut to as many words as the suggestions have in the third column.

| N | suggestions (words) | first sentences, as many words | first N sentences (words) |
| ---: | ---: | ---: | ---: |
"""


def load(folder: Path) -> Iterator[tuple[Article, list[str]]]:
    """Each article with its content units."""
    rows = [json.loads(line) for line in (folder / "realsumm_coverage.jsonl").read_text("utf-8").splitlines()]
    units = {row["group"]: row["hypotheses"] for row in rows}
    for line in (folder / "realsumm_articles.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["id"] in units:
            yield Article(row["id"], row["text"]), units[row["id"]]


def cut(text: str, length: int) -> str:
    return " ".join(text.split()[:length])


def overlap(premise: str, unit: str) -> float:
    known = {word[:5] for word in words(premise)}
    stems = {word[:5] for word in words(unit) if word not in LIGHT}
    return len(stems & known) / max(1, len(stems))


def main() -> int:
    arguments = parser(__doc__).parse_args()
    lexical, checker = config.load_verifier("lexical"), config.load_verifier("entailment")
    loaded = list(load(Path(arguments.data)))[:ARTICLES]
    rows = []
    suggested = [
        [each.statement for each in suggest_facts(Item(article), lexical.verify, SIZES[-1])] for article, _ in loaded
    ]
    for size in SIZES:
        texts: list[Sequence[str]] = []
        for (article, _), statements in zip(loaded, suggested, strict=True):
            chosen = "\n".join(statements[:size])
            spans = sentences(article.text)
            texts.append(
                (chosen, cut(article.text, len(chosen.split())), "\n".join(span.text for span in spans[:size]))
            )
        cells = []
        for column in range(3):
            pairs = [
                Pair(premises[column], unit)
                for premises, (_, units) in zip(texts, loaded, strict=True)
                for unit in units
            ]
            verdicts = checker.verify(pairs)
            covered = [
                verdict.probabilities.supported >= 0.5 and overlap(pair.premise, pair.hypothesis) >= 0.5
                for pair, verdict in zip(pairs, verdicts, strict=True)
            ]
            length = sum(len(premises[column].split()) for premises in texts) / len(texts)
            cells.append(f"{sum(covered) / len(covered):.0%}" + (f" ({length:.0f})" if column != 1 else ""))
        rows.append(f"| {size} | {' | '.join(cells)} |")
    head = HEAD.format(
        date=date.today().isoformat(), articles=len(loaded), units=sum(len(units) for _, units in loaded)
    )
    write_text(TABLE, head + "\n".join(rows) + "\n")
    sys.stdout.write(head + "\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
