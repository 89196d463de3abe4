"""A small run on an English and an Arabic article, with every role, every label, samples and failures."""

from __future__ import annotations

from collections.abc import Iterator

import builders
import pytest

from harness.records import (
    Article,
    Check,
    Fact,
    Generation,
    Importance,
    Item,
    Label,
    Metric,
    Probabilities,
    Reference,
    Results,
    Role,
    Score,
    Span,
    Summary,
    System,
    Use,
    Verdict,
)
from harness.text import sentences

VERIFIER = "lexical|threshold:0.5|code:1a2b3c4d"
FAILED = "the model gave nothing but white space"

ARTICLES = {
    "minerals": (
        "Talks end without a deal\n"
        "The talks in Washington ended early on Friday. The minerals agreement was not signed.\n"
        "\n"
        "Starmer promised unwavering support. The Kremlin called the visit a failure."
    ),
    "flood": "ارتفع منسوب النهر ثلاثة أمتار. لم يصب أحد بأذى.",
}
FACTS: dict[str, list[tuple[str, str, Importance, str]]] = {
    "minerals": [
        ("support-promised", "Starmer promised support.", "supporting", "Starmer promised unwavering support"),
        ("deal-unsigned", "The minerals agreement was not signed.", "essential", "was not signed"),
        ("ended-early", "The talks ended early.", "essential", "ended early"),
        ("on-friday", "The talks were on a Friday.", "detail", "on Friday"),
        ("called-failure", "The Kremlin called it a failure.", "essential", "visit a failure"),
    ],
    "flood": [
        ("three-metres", "ارتفع النهر ثلاثة أمتار.", "essential", "ثلاثة أمتار"),
        ("nobody-hurt", "لم يصب أحد.", "supporting", "لم يصب أحد بأذى"),
    ],
}

# System and article → samples: the text, the labels of the facts, and the labels of the sentences by first letter.
SUMMARIES: dict[tuple[str, str], list[tuple[str | None, str, str]]] = {
    ("lead", "minerals"): [("The talks in Washington ended early on Friday.", "aassa", "s")],
    ("lead", "flood"): [("ارتفع منسوب النهر ثلاثة أمتار.", "sa", "s")],
    ("human", "minerals"): [
        ("The talks ended early and nothing was signed.", "assaa", "s"),
        ("Starmer stood by Ukraine; the Kremlin called the visit a failure.", "saaas", "s"),
        ("The talks failed.", "aauaa", "s"),
    ],
    ("human", "flood"): [
        ("ارتفع النهر.", "aa", "s"),
        ("لم يصب أحد بأذى.", "as", "s"),
        ("ارتفع النهر ثلاثة أمتار ولم يصب أحد.", "ss", "s"),
    ],
    ("smollm2/plain", "minerals"): [("The agreement was signed on Friday. He left.\nPutin agreed.", "acusa", "cau")],
    ("smollm2/plain", "flood"): [("ارتفع النهر خمسة أمتار. مات رجلان.", "ca", "ca")],
    ("smollm2/key-facts", "minerals"): [("- The talks ended early.\n- Starmer promised support.", "sasaa", "ss")],
    ("smollm2/key-facts", "flood"): [("ارتفع منسوب النهر.", "aa", "s")],
    ("broken/plain", "minerals"): [("Nothing happened in Washington.", "aaaaa", "a")],
    ("broken/plain", "flood"): [(None, "", "")],
}
ROLES: dict[str, Role] = {"lead": "floor", "human": "ceiling"}
LABELS: dict[str, tuple[Label, Probabilities]] = {
    "s": ("supported", Probabilities(0.91, 0.02, 0.07)),
    "c": ("contradicted", Probabilities(0.1, 0.8, 0.1)),
    "a": ("absent", Probabilities(0.05, 0.05, 0.9)),
    "u": ("uncertain", Probabilities(0.4, 0.35, 0.25)),
}
METRICS = (
    Metric("rouge1", "ROUGE-1", headline=True),
    Metric("fact_recall", "Fact recall", headline=True),
    Metric("seconds", "Seconds", better="lower", format="seconds"),
)


def make_item(name: str) -> Item:
    """An article with its facts; its references are the summaries by ``human``."""
    text, facts = ARTICLES[name], []
    for key, statement, importance, evidence in FACTS[name]:
        start = text.index(evidence)
        facts.append(Fact(key, statement, importance, evidence=Span(start, start + len(evidence), evidence)))
    references = tuple(Reference(f"r{at}", said or "") for at, (said, *_) in enumerate(SUMMARIES["human", name]))
    return Item(Article(name, text, language="ar" if name == "flood" else "en"), references, tuple(facts))


def verify(letter: str, premise: str) -> Verdict:
    """A verdict whose evidence is the first sentence of the premise, or nothing if the label is absent."""
    label, probabilities = LABELS[letter]
    return Verdict(label, probabilities, None if label == "absent" else sentences(premise)[0], VERIFIER)


def make_summaries() -> Iterator[Summary]:
    for (system, article), samples in SUMMARIES.items():
        for at, (text, *_) in enumerate(samples):
            reference = f"r{at}" if system == "human" else None
            generation = Generation("r", text, None if text else FAILED, reference_id=reference)
            yield Summary(f"{system}-{article}-{at}", system, article, at, generation)


def make_checks(summary: Summary, item: Item) -> Iterator[Check]:
    def check(use: Use, target: str, hypothesis: str, claim: Span | None, verdict: Verdict) -> Check:
        return Check("k", *summary.place, use, target, hypothesis, claim, verdict)

    text, facts, claims = SUMMARIES[summary.system, summary.article_id][summary.sample]
    for fact, letter in zip(item.facts, facts, strict=False):
        yield check("coverage", fact.id, fact.statement, None, verify(letter, text or ""))
    for at, (claim, letter) in enumerate(zip(sentences(text or ""), claims, strict=True)):
        yield check("grounding", str(at), claim.text, claim, verify(letter, item.article.text))


def make_scores(summary: Summary, item: Item) -> Iterator[Score]:
    _, facts, _ = SUMMARIES[summary.system, summary.article_id][summary.sample]
    for metric, value in zip(METRICS, (0.5, facts.count("s") / len(item.facts), 1.25), strict=True):
        is_missing = summary.text is None
        yield Score(*summary.place, metric.name, None if is_missing else value, "s", summary.reason)


@pytest.fixture(scope="session")
def results() -> Results:
    """The run; frozen, so that one serves all tests. Variants are made with ``dataclasses.replace``."""
    items = {name: make_item(name) for name in ARTICLES}
    summaries = list(make_summaries())
    names = dict.fromkeys(summary.system for summary in summaries)
    manifest = builders.manifest(
        systems=tuple(System(name, name, "kind", None, None, name, ROLES.get(name, "system")) for name in names),
        articles=dict.fromkeys(items, "hash"),
        verifier=VERIFIER,
        scorers={"facts": "facts|code:99999999"},
        problems=(f"broken/plain on flood: {FAILED}",),
    )
    checks = [check for each in summaries for check in make_checks(each, items[each.article_id])]
    scores = [score for each in summaries for score in make_scores(each, items[each.article_id])]
    return Results(manifest, tuple(items.values()), tuple(summaries), tuple(checks), tuple(scores), METRICS)
