"""Check each fact of the project's own article against texts with a known label.

    python benchmarks/own_facts.py [--verifier KIND] [--set OPTION=VALUE]…

Prints the tables of ``own_facts.md``. Each fact should be supported by its ``accepted`` wordings, contradicted by its
``contradictions`` and absent from a summary of other facts. The verifier checks each fact twice: with its accepted
wordings and false versions, as in a run, and without them. Then it checks each wording and false version against the
article as a claim: alone, and together with the facts that a run would add.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from benchmarks.common import ROOT, add_verifier
from harness import config
from harness.claims import find_nearest_facts
from harness.data import articles
from harness.records import Fact, Label, Pair
from harness.text import paragraphs

WORDING, FALSE = "an accepted wording", "a false version"
OTHER_FACTS = 4
"""Number of facts in a summary of other facts."""


class Check(NamedTuple):
    premise_kind: str
    pair: Pair
    expected: Label


def list_checks(text: str, facts: Sequence[Fact]) -> Iterator[Check]:
    for number, fact in enumerate(facts):
        hypothesis = (fact.statement, fact.accepted, fact.contradictions)
        for wording in fact.accepted:
            yield Check(WORDING, Pair(wording, *hypothesis), "supported")
        for false in fact.contradictions:
            yield Check(FALSE, Pair(false, *hypothesis), "contradicted")
        yield Check("a summary of other facts", Pair(summarise_others(text, facts, number), *hypothesis), "absent")


def summarise_others(text: str, facts: Sequence[Fact], number: int) -> str:
    """Make a summary of the next facts in the file that are not from the fact's paragraph or a neighbouring one."""

    def find_paragraph(fact: Fact) -> int:
        start = fact.evidence.start if fact.evidence else 0
        return next(at for at, paragraph in enumerate(paragraphs(text)) if start < paragraph.end)

    rest = [*facts[number + 1 :], *facts[:number]]
    others = [fact for fact in rest if abs(find_paragraph(fact) - find_paragraph(facts[number])) > 1]
    return " ".join(fact.statement for fact in others[:OTHER_FACTS])


def main() -> None:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_verifier(command)
    given = command.parse_args()
    (item,) = articles.load(ROOT / "references")
    checks = list(list_checks(item.article.text, item.facts))
    verifier = config.load_verifier(given.verifier, given.options)
    write = sys.stdout.write
    write(f"`{verifier.kind()}`, {date.today().isoformat()}, {len(item.facts)} facts\n\n")
    write("| premise | checks | right, as in a run | right, statement alone | wrong answers |\n")
    write("|---|---|---|---|---|\n")
    pairs = [each.pair for each in checks]
    statement_pairs = [replace(pair, accepted=(), contrasts=()) for pair in pairs]
    full, statement_only = ([verdict.label for verdict in verifier.verify(each)] for each in (pairs, statement_pairs))
    for kind in [*dict.fromkeys(each.premise_kind for each in checks), "all"]:
        rows = [at for at, each in enumerate(checks) if kind in (each.premise_kind, "all")]
        right = [sum(labels[at] == checks[at].expected for at in rows) / len(rows) for labels in (full, statement_only)]
        wrong = Counter(full[at] for at in rows if full[at] != checks[at].expected)
        shown = ", ".join(f"{count} {label}" for label, count in wrong.most_common())
        write(f"| {kind} | {len(rows)} | {right[0]:.3f} | {right[1]:.3f} | {shown} |\n")
    write(
        "\n| as a claim | claims | by the article: supported, contradicted | by article and facts |\n"
        "|---|---|---|---|\n"
    )
    claims = {
        WORDING: [text for fact in item.facts for text in fact.accepted],
        FALSE: [text for fact in item.facts for text in fact.contradictions],
    }
    for title, texts in claims.items():
        alone = [Pair.of_claim(item.article, text) for text in texts]
        with_facts = [replace(pair, facts=find_nearest_facts(pair.hypothesis, item.facts)) for pair in alone]
        counts = (Counter(verdict.label for verdict in verifier.verify(each)) for each in (alone, with_facts))
        shown = " | ".join(f"{count['supported']}, {count['contradicted']}" for count in counts)
        write(f"| {title} | {len(texts)} | {shown} |\n")


if __name__ == "__main__":
    main()
