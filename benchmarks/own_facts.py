"""Check each fact of the project's own article against texts whose answer is known.

    python benchmarks/own_facts.py [--verifier KIND] [--set OPTION=VALUE]…

Each fact should be supported by its ``accepted`` wordings, contradicted by its ``contradictions`` and absent from a
summary made of other facts. Each is checked twice: with its accepted wordings and false versions, as in a run, and
without them. Then each wording and false version is checked against the article as a claim, alone and together with
the facts that a run would check it against. Prints the tables of ``benchmarks/own_facts.md``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from harness import config
from harness.claims import nearest_facts
from harness.data import articles
from harness.records import Fact, Label, Pair
from harness.text import paragraphs

ROOT = Path(__file__).resolve().parent.parent
OTHERS = 4
"""Facts that a summary without the fact is made of."""


@dataclass(frozen=True)
class Question:
    asked: str
    pair: Pair
    right: Label


def questions(text: str, facts: Sequence[Fact]) -> Iterator[Question]:
    for number, fact in enumerate(facts):
        given = (fact.statement, fact.accepted, fact.contradictions)
        for wording in fact.accepted:
            yield Question("an accepted wording", Pair(wording, *given), "supported")
        for false in fact.contradictions:
            yield Question("a false version", Pair(false, *given), "contradicted")
        yield Question("a summary without it", Pair(without(text, facts, number), *given), "absent")


def claims(facts: Sequence[Fact]) -> dict[str, list[str]]:
    """Other wordings and false versions of the facts."""
    return {
        "an accepted wording": [text for fact in facts for text in fact.accepted],
        "a false version": [text for fact in facts for text in fact.contradictions],
    }


def without(text: str, facts: Sequence[Fact], number: int) -> str:
    """Facts of other paragraphs than the fact's, the next ones in the file, as a summary."""

    def place(fact: Fact) -> int:
        start = fact.evidence.start if fact.evidence else 0
        return next(at for at, paragraph in enumerate(paragraphs(text)) if start < paragraph.end)

    rest = [*facts[number + 1 :], *facts[:number]]
    others = [fact for fact in rest if abs(place(fact) - place(facts[number])) > 1]
    return " ".join(fact.statement for fact in others[:OTHERS])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verifier", default="entailment")
    parser.add_argument("--set", action="append", default=[], dest="options", metavar="OPTION=VALUE")
    given = parser.parse_args()
    (item,) = articles.load(ROOT / "references")
    asked = list(questions(item.article.text, item.facts))
    verifier = config.load_verifier(given.verifier, given.options)
    write = sys.stdout.write
    write(f"`{verifier.kind()}`, {date.today().isoformat()}, {len(item.facts)} facts\n\n")
    write("| the premise is | questions | right, as a run asks | right, the bare statement | wrong answers |\n")
    write("|---|---|---|---|---|\n")
    full = [verdict.label for verdict in verifier.verify([each.pair for each in asked])]
    bare = [
        verdict.label for verdict in verifier.verify([replace(each.pair, accepted=(), contrasts=()) for each in asked])
    ]
    for kind in [*dict.fromkeys(each.asked for each in asked), "all"]:
        rows = [at for at, each in enumerate(asked) if kind in (each.asked, "all")]
        right = [sum(labels[at] == asked[at].right for at in rows) / len(rows) for labels in (full, bare)]
        wrong = Counter(full[at] for at in rows if full[at] != asked[at].right)
        shown = ", ".join(f"{count} {label}" for label, count in wrong.most_common())
        write(f"| {kind} | {len(rows)} | {right[0]:.3f} | {right[1]:.3f} | {shown} |\n")
    write(
        "\n| as a claim | claims | by the article: supported, contradicted | by article and facts |\n"
        "|---|---|---|---|\n"
    )
    for title, texts in claims(item.facts).items():
        alone = [Pair.of_claim(item.article, text) for text in texts]
        held = [replace(pair, facts=nearest_facts(pair.hypothesis, item.facts)) for pair in alone]
        counts = (Counter(verdict.label for verdict in verifier.verify(pairs)) for pairs in (alone, held))
        shown = " | ".join(f"{count['supported']}, {count['contradicted']}" for count in counts)
        write(f"| {title} | {len(texts)} | {shown} |\n")


if __name__ == "__main__":
    main()
