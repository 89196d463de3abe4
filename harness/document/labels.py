"""How reports name verdicts, facts and the roles of systems.

A verdict has a symbol and a word, because colour alone is not accessible.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from harness.document import format as fmt
from harness.records import PEOPLE, Article, Fact, Label, Role, System, Use, Verdict
from harness.signature import kind_of

UNREVIEWED = "unreviewed"


@dataclass(frozen=True, slots=True)
class LabelMark:
    """How reports show a label; files contain the label itself."""

    symbol: str
    fact: str
    claim: str

    def word(self, use: Use) -> str:
        """Return the word for a fact (coverage) or a claim (grounding), e.g. ``lost`` or ``not in the article``."""
        return self.fact if use == "coverage" else self.claim


MARKS: dict[Label, LabelMark] = {
    "supported": LabelMark("✓", "kept", "supported"),
    "contradicted": LabelMark("✗", "contradicted", "wrong"),
    "absent": LabelMark("·", "lost", "not in the article"),
    "uncertain": LabelMark("?", "undecided", "undecided"),
}

KEYS: dict[Label, str] = {"supported": "s", "contradicted": "c", "absent": "a", "uncertain": "k"}
"""The keys that annotators press."""

LABEL_LEGEND = (
    "Labels, with the words that reports use for a fact / a claim: "
    f"{'; '.join(f'{label} ({mark.fact} / {mark.claim})' for label, mark in MARKS.items())}."
)
"""For tables that count facts, claims and other pairs together."""


def format_kind(fact: Fact) -> str:
    """Name the kind of a fact: ``number``, or ``number, unreviewed``."""
    return f"{fact.kind}, {UNREVIEWED}" if fact.unreviewed else fact.kind


def name_article(article: Article) -> str:
    """Return an article's title or, without one, its id and its first words."""
    return article.title or f"{article.id}: {fmt.cut_end(' '.join(article.text.split()), 60)}"


def fact_name(article: str, fact: str, articles: int, is_unreviewed: bool = False) -> str:
    """Name a fact ``article/fact``, or by its id alone if there is one article."""
    name = fact if articles == 1 else f"{article}/{fact}"
    return f"{name} ({UNREVIEWED})" if is_unreviewed else name


def describe_unreviewed(number: int, facts: int) -> str:
    """Say how many of the facts are unreviewed suggestions, or return '' if there are none."""
    favoured = "Unreviewed suggestions, which may favour systems that copy the article"
    return f"{favoured}: {number:,} of {fmt.plural(facts, 'fact')}." if number else ""


def format_reason(verdict: Verdict, use: Use) -> str:
    """Return a verdict's reason in the reader's words ("the summary" for "the premise"), or '' if it has none."""
    premise, statement = {"coverage": ("summary", "fact"), "grounding": ("article", "claim")}[use]
    worded = re.sub(r"\bthe premise\b", f"the {premise}", verdict.reason or "")
    return re.sub(r"(?<=where |. and )the statement\b", f"the {statement}", worded)


def name_label(verdict: Verdict, use: Use) -> str:
    """``kept``; ``not checked`` if the verifier abstained."""
    return "not checked" if verdict.abstained else MARKS[verdict.label].word(use)


def name_verifier(verdict: Verdict) -> str:
    return kind_of(verdict.verifier)


def name_annotators(verdict: Verdict) -> str:
    """The people who gave a verdict; empty if a verifier gave it."""
    kind, _, names = verdict.verifier.partition("|")
    return names if kind == PEOPLE else ""


def format_counts(labels: Counter[Label], use: Use) -> str:
    """``2 kept, 1 lost``."""
    return ", ".join(f"{labels[label]:,} {mark.word(use)}" for label, mark in MARKS.items() if labels[label])


def format_probability(verdict: Verdict, use: Use) -> str:
    """Format the label's probability, or all three if the label is undecided or its probability is below 0.5."""
    share = 0.0 if verdict.label == "uncertain" else getattr(verdict.probabilities, verdict.label)
    return fmt.share(share) if share >= 0.5 else format_probabilities(verdict, use)


def format_probabilities(verdict: Verdict, use: Use) -> str:
    """``kept 0.40, contradicted 0.35, lost 0.25``."""
    shares = {mark.word(use): getattr(verdict.probabilities, label, None) for label, mark in MARKS.items()}
    return ", ".join(f"{word} {fmt.share(share)}" for word, share in shares.items() if share is not None)


# Roles of systems -----------------------------------------------------------------------------------------------------

ROLES: dict[Role, str] = {"system": "Systems", "floor": "Floor", "ceiling": "Ceiling"}
MADE_OF: dict[Role, str] = {
    "floor": "sentences picked without a model",
    "ceiling": "summaries by people, or sentences picked to match them",
}


def group_by_role(systems: Iterable[System]) -> dict[Role, list[System]]:
    """Group the systems by role, keeping their order; leave out roles that no system has."""
    members: dict[Role, list[System]] = {role: [] for role in ROLES}
    for system in systems:
        members[system.role].append(system)
    return {role: listed for role, listed in members.items() if listed}
