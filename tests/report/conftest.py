"""A small run that has everything in it: both directions of writing, every label, failures and hostile strings."""

from __future__ import annotations

from collections.abc import Iterator

import builders
import pytest

from harness.records import (
    Article,
    Check,
    Fact,
    Generation,
    Item,
    Label,
    Metric,
    Probabilities,
    Reference,
    Results,
    Role,
    Score,
    Span,
    Stage,
    Summary,
    System,
    Verdict,
)
from harness.text import sentences

VERIFIER = "lexical|threshold:0.5|code:1a2b3c4d"

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
ANSI = "\x1b[31mred\x1b[0m"
FAILED = f"the model gave nothing but white space {IMAGE}"

MINERALS = (
    "Talks end without a deal\n"
    "The talks in Washington ended early on Friday. The minerals agreement was not signed.\n"
    "\n"
    "Starmer promised unwavering support. The Kremlin called the visit a failure."
)
FLOOD = "ارتفع منسوب النهر ثلاثة أمتار. لم يصب أحد بأذى."

FACTS: dict[str, list[tuple[str, str, str, str, str]]] = {
    "minerals": [
        ("support-promised", "Starmer promised support.", "supporting", "event", "Starmer promised unwavering support"),
        ("deal-unsigned", "The minerals agreement was not signed.", "essential", "event", "was not signed"),
        ("ended-early", "The talks ended early {{ 7*7 }}.", "essential", "event", "ended early"),
        ("on-friday", "The talks were on a Friday.", "detail", "date", "on Friday"),
        ("called-failure", f"The Kremlin called it a failure {SCRIPT}.", "essential", "quote", "visit a failure"),
    ],
    "flood": [
        ("three-metres", "ارتفع النهر ثلاثة أمتار.", "essential", "number", "ثلاثة أمتار"),
        ("nobody-hurt", "لم يصب أحد.", "supporting", "event", "لم يصب أحد بأذى"),
    ],
}

# System and article → samples: the text, the labels of the facts, and the labels of the sentences by first letter.
SUMMARIES: dict[tuple[str, str], list[tuple[str | None, str, str]]] = {
    ("lead", "minerals"): [("The talks in Washington ended early on Friday.", "aassa", "s")],
    ("lead", "flood"): [("ارتفع منسوب النهر ثلاثة أمتار.", "sa", "s")],
    ("oracle", "minerals"): [
        ("The minerals agreement was not signed. Starmer promised unwavering support.", "ssaaa", "ss")
    ],
    ("oracle", "flood"): [("لم يصب أحد بأذى.", "as", "s")],
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
    ("smollm2/plain", "minerals"): [
        (
            f"The minerals agreement was signed on Friday. {SCRIPT}\nPutin {IMAGE} agreed to {ANSI} peace \u202e.",
            "acusa",
            "cau",
        )
    ],
    ("smollm2/plain", "flood"): [("ارتفع النهر خمسة أمتار. مات رجلان.", "ca", "ca")],
    ("smollm2/key-facts", "minerals"): [
        ("- The talks ended early.\n- Starmer promised | `support` *now*.", "sasaa", "ss")
    ],
    ("smollm2/key-facts", "flood"): [("ارتفع منسوب النهر.", "aa", "s")],
    (f"broken/{SCRIPT}", "minerals"): [("Nothing happened in Washington.", "aaaaa", "a")],
    (f"broken/{SCRIPT}", "flood"): [(None, "", "")],
}

LABELS: dict[str, tuple[Label, Probabilities]] = {
    "s": ("supported", Probabilities(0.91, 0.02, 0.07)),
    "c": ("contradicted", Probabilities(0.1, 0.8, 0.1)),
    "a": ("absent", Probabilities(0.05, 0.05, 0.9)),
    "u": ("uncertain", Probabilities(0.4, 0.35, 0.25)),
}

METRICS = (
    Metric("rouge1", "ROUGE-1", headline=True),
    Metric("fact_recall", "Fact recall", headline=True),
    Metric("facts_contradicted", "Facts contradicted", better="lower", format="count", headline=True),
    Metric("seconds", "Seconds", better="lower", format="seconds"),
)


def items() -> Iterator[Item]:
    """Two articles, one from left to right and one from right to left, with references and facts."""
    for article in (
        Article("minerals", MINERALS, title=f"Talks end {SCRIPT}", source=f"javascript:alert(1) {IMAGE}"),
        Article("flood", FLOOD, title="فيضان", language="ar"),
    ):
        texts = enumerate(text or "" for text, _, _ in SUMMARIES["human", article.id])
        references = tuple(Reference(f"r{number}", text, shape=f"shape {number}") for number, text in texts)
        facts = []
        for name, statement, importance, kind, evidence in FACTS[article.id]:
            start = article.text.index(evidence)
            span = Span(start, start + len(evidence), evidence)
            facts.append(Fact(name, statement, importance, kind, span))  # type: ignore[arg-type]  # plain strings
        yield Item(article, references, tuple(facts))


def systems() -> Iterator[System]:
    """The floor, two ceilings, two prompts of one model, and a model that fails on one article."""
    baselines: dict[str, Role] = {"lead": "floor", "oracle": "ceiling", "human": "ceiling"}
    for name, role in baselines.items():
        yield System(name, name, name, None, None, f"{name}|code:00000000", role)
    for name in ("smollm2/plain", "smollm2/key-facts", f"broken/{SCRIPT}"):
        model, _, prompt = name.partition("/")
        yield System(name, model, "hf_causal", prompt, None, f"hf_causal|path:{name}")


def verify(letter: str, premise: str) -> Verdict:
    """A verdict whose evidence is the first sentence of the premise, or nothing if the label is absent."""
    label, probabilities = LABELS[letter]
    evidence = None if label == "absent" else sentences(premise)[0]
    reason = "supported and contradicted are too close" if label == "uncertain" else None
    return Verdict(label, probabilities, evidence, VERIFIER, reason)


def records() -> tuple[list[Summary], list[Check], list[Score]]:
    """The summaries of all systems, with their verdicts and scores; those of ``human`` are the references."""
    summaries, checks, scores = list[Summary](), list[Check](), list[Score]()
    of_article = {item.article.id: item for item in items()}
    for (system, article), samples in SUMMARIES.items():
        for sample, (text, facts, claims) in enumerate(samples):
            item, key, is_cut = of_article[article], f"{system}-{article}-{sample}", system == "smollm2/plain"
            generation = Generation(
                request_id=key,
                text=text,
                reason=FAILED if text is None else None,
                finish="length" if is_cut else "stop",
                cut="the last 40 words of the article" if is_cut else None,
                reference_id=f"r{sample}" if system == "human" else None,
            )
            summaries.append(Summary(key, system, article, sample, generation))
            place = (key, system, article, sample)
            for fact, letter in zip(item.facts if text else (), facts, strict=True):
                found = verify(letter, text or "")
                checks.append(Check(*place, "coverage", fact.id, fact.statement, None, found))
            for number, (claim, letter) in enumerate(zip(sentences(text or ""), claims, strict=True)):
                found = verify(letter, item.article.text)
                checks.append(Check(*place, "grounding", str(number), claim.text, claim, found))
            values = (0.5, facts.count("s") / len(item.facts), float(facts.count("c")), 1.25)
            for metric, value in zip(METRICS, values, strict=True):
                reason = "nobody timed it" if system == "human" and metric.name == "seconds" else None
                reason = generation.reason or reason
                scores.append(Score(*place[1:], metric.name, None if reason else value, "s", reason=reason))
    return summaries, checks, scores


@pytest.fixture(scope="session")
def results() -> Results:
    """The run; frozen, so that one serves all tests. Variants are made with ``dataclasses.replace``."""
    manifest = builders.manifest(
        name=f"base {SCRIPT}",
        systems=tuple(systems()),
        articles={"minerals": "a" * 16, "flood": "b" * 16},
        verifier=VERIFIER,
        scorers={"facts": "facts|code:99999999", "rouge": "rouge|stem:yes|code:88888888"},
        models={"smollm2": {"revision": "0.1.2", "sha256": "9" * 64}},
        packages={"torch": "2.13.0", "evil": ANSI},
        git={"commit": "5af7fad", "dirty": "no"},
        machine={"cores": "2", "device": "cpu"},
        stages=(Stage("generate", 11, 4, 0, 1, 71.04), Stage("score", 0, 0, 0, 0, 0.02)),
        problems=(f"broken/{SCRIPT} on flood: {FAILED}",),
    )
    summaries, checks, scores = records()
    return Results(manifest, tuple(items()), tuple(summaries), tuple(checks), tuple(scores), METRICS)
