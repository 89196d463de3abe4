"""A small run that has everything in it: both directions of writing, every label, failures and hostile strings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.records import (
    Article,
    Check,
    Fact,
    Generation,
    Item,
    Label,
    Manifest,
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
TEMPLATE = "{{ 7*7 }}"
ANSI = "\x1b[31mred\x1b[0m"
OVERRIDE = "\u202egnp.exe"

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
        ("ended-early", f"The talks ended early {TEMPLATE}.", "essential", "event", "ended early"),
        ("on-friday", "The talks were on a Friday.", "detail", "date", "on Friday"),
        ("called-failure", f"The Kremlin called it a failure {SCRIPT}.", "essential", "quote", "visit a failure"),
    ],
    "flood": [
        ("three-metres", "ارتفع النهر ثلاثة أمتار.", "essential", "number", "ثلاثة أمتار"),
        ("nobody-hurt", "لم يصب أحد.", "supporting", "event", "لم يصب أحد بأذى"),
    ],
}

SUMMARIES: dict[tuple[str, str], list[str | None]] = {
    ("lead", "minerals"): ["The talks in Washington ended early on Friday."],
    ("lead", "flood"): ["ارتفع منسوب النهر ثلاثة أمتار."],
    ("oracle", "minerals"): ["The minerals agreement was not signed. Starmer promised unwavering support."],
    ("oracle", "flood"): ["لم يصب أحد بأذى."],
    ("human", "minerals"): [
        "The talks ended early and nothing was signed.",
        "Starmer stood by Ukraine; the Kremlin called the visit a failure.",
        "The talks failed.",
    ],
    ("human", "flood"): ["ارتفع النهر.", "لم يصب أحد بأذى.", "ارتفع النهر ثلاثة أمتار ولم يصب أحد."],
    ("smollm2/plain", "minerals"): [
        f"The minerals agreement was signed on Friday. {SCRIPT}\nPutin {IMAGE} agreed to {ANSI} peace {OVERRIDE}."
    ],
    ("smollm2/plain", "flood"): ["ارتفع النهر خمسة أمتار. مات رجلان."],
    ("smollm2/key-facts", "minerals"): ["- The talks ended early.\n- Starmer promised | `support` *now*."],
    ("smollm2/key-facts", "flood"): ["ارتفع منسوب النهر."],
    (f"broken/{SCRIPT}", "minerals"): ["Nothing happened in Washington."],
    (f"broken/{SCRIPT}", "flood"): [None],
}

# (system, article, sample) → fact or sentence number → label; what is not named is absent, sentences supported.
LABELS: dict[tuple[str, str, int], dict[str, Label]] = {
    ("lead", "minerals", 0): {"ended-early": "supported", "on-friday": "supported"},
    ("lead", "flood", 0): {"three-metres": "supported"},
    ("oracle", "minerals", 0): {"deal-unsigned": "supported", "support-promised": "supported"},
    ("oracle", "flood", 0): {"nobody-hurt": "supported"},
    ("human", "minerals", 0): {"ended-early": "supported", "deal-unsigned": "supported"},
    ("human", "minerals", 1): {"called-failure": "supported", "support-promised": "supported"},
    ("human", "minerals", 2): {"ended-early": "uncertain"},
    ("human", "flood", 1): {"nobody-hurt": "supported"},
    ("human", "flood", 2): {"three-metres": "supported", "nobody-hurt": "supported"},
    ("smollm2/plain", "minerals", 0): {
        "deal-unsigned": "contradicted",
        "ended-early": "uncertain",
        "on-friday": "supported",
        "0": "contradicted",
        "1": "absent",
        "2": "uncertain",
    },
    ("smollm2/plain", "flood", 0): {"three-metres": "contradicted", "0": "contradicted", "1": "absent"},
    ("smollm2/key-facts", "minerals", 0): {"ended-early": "supported", "support-promised": "supported"},
    (f"broken/{SCRIPT}", "minerals", 0): {"0": "absent"},
}

METRICS = (
    Metric("rouge1", "ROUGE-1", headline=True),
    Metric("fact_recall", "Fact recall", headline=True),
    Metric("facts_contradicted", "Facts contradicted", better="lower", format="count", headline=True),
    Metric("words", "Words", better="neither", format="count"),
    Metric("seconds", "Seconds", better="lower", format="seconds"),
)

FAILED = f"the model gave nothing but white space {IMAGE}"


def span(text: str, passage: str) -> Span:
    start = text.index(passage)
    return Span(start, start + len(passage), passage)


def items() -> Iterator[Item]:
    """Two articles, one from left to right and one from right to left, with references and facts."""
    for article in (
        Article("minerals", MINERALS, title=f"Talks end {SCRIPT}", source=f"javascript:alert(1) {IMAGE}"),
        Article("flood", FLOOD, title="فيضان", language="ar"),
    ):
        texts = enumerate(SUMMARIES["human", article.id])
        references = tuple(Reference(f"r{number}", text or "", shape=f"shape {number}") for number, text in texts)
        facts = tuple(
            Fact(name, statement, importance, kind, span(article.text, evidence))  # type: ignore[arg-type]  # the table above holds plain strings
            for name, statement, importance, kind, evidence in FACTS[article.id]
        )
        yield Item(article, references, facts)


def systems() -> Iterator[System]:
    """Two prompts of one model, a model that fails on one article, the floor and the ceiling."""
    baselines: dict[str, Role] = {"lead": "floor", "oracle": "ceiling", "human": "ceiling"}
    for name, role in baselines.items():
        yield System(name, name, name, None, None, f"{name}|code:00000000", role)
    for name in ("smollm2/plain", "smollm2/key-facts", f"broken/{SCRIPT}"):
        model, _, prompt = name.partition("/")
        yield System(name, model, "hf_causal", prompt, None, f"hf_causal|path:{name}")


def summaries() -> Iterator[Summary]:
    """The summaries of all systems; those of ``human`` are the references themselves."""
    for (system, article), texts in SUMMARIES.items():
        for sample, text in enumerate(texts):
            key, is_cut = f"{system}-{article}-{sample}", system == "smollm2/plain"
            generation = Generation(
                request_id=key,
                text=text,
                reason=FAILED if text is None else None,
                finish="length" if is_cut else "stop",
                cut="the last 40 words of the article" if is_cut else None,
                new_tokens=41,
                seconds=1.25,
                reference_id=f"r{sample}" if system == "human" else None,
            )
            yield Summary(key, system, article, sample, generation)


def verdict(label: Label, premise: str) -> Verdict:
    """A verdict whose evidence is the first sentence of the premise, or nothing if the label is absent."""
    probabilities = {
        "supported": Probabilities(0.91, 0.02, 0.07),
        "contradicted": Probabilities(0.1, 0.8, 0.1),
        "absent": Probabilities(0.05, 0.05, 0.9),
        "uncertain": Probabilities(0.4, 0.35, 0.25),
    }[label]
    evidence = None if label == "absent" else sentences(premise)[0]
    reason = "supported and contradicted are too close" if label == "uncertain" else None
    return Verdict(label, probabilities, evidence, VERIFIER, reason)


def checks() -> Iterator[Check]:
    """Every fact and every sentence of every summary, with the labels of LABELS."""
    of_article = {item.article.id: item for item in items()}
    for summary in summaries():
        item, text = of_article[summary.article_id], summary.text or ""
        labels = LABELS.get((summary.system, summary.article_id, summary.sample), {})
        place = (summary.key, summary.system, summary.article_id, summary.sample)
        for fact in item.facts if text else ():
            found = verdict(labels.get(fact.id, "absent"), text)
            yield Check(*place, "coverage", fact.id, fact.statement, None, found)
        for number, claim in enumerate(sentences(text)):
            found = verdict(labels.get(str(number), "supported"), item.article.text)
            yield Check(*place, "grounding", str(number), claim.text, claim, found)


def scores() -> Iterator[Score]:
    """Every metric of every summary: counted from the labels, or without a value and with a reason."""
    for summary in summaries():
        place = (summary.system, summary.article_id, summary.sample)
        labels = [label for name, label in LABELS.get(place, {}).items() if not name.isdigit()]
        values = {
            "rouge1": 0.5,
            "fact_recall": labels.count("supported") / len(FACTS[summary.article_id]),
            "facts_contradicted": float(labels.count("contradicted")),
            "words": float(len((summary.text or "").split())),
            "seconds": 1.25,
        }
        for metric, value in values.items():
            reason = "nobody timed it" if summary.system == "human" and metric == "seconds" else None
            reason = FAILED if summary.text is None else reason
            yield Score(*place, metric, None if reason else value, "s", reason=reason)


@pytest.fixture(scope="session")
def results() -> Results:
    """The run; frozen, so that one serves all tests. Variants are made with ``dataclasses.replace``."""
    manifest = Manifest(
        format=1,
        name=f"base {SCRIPT}",
        status="complete",
        started="2025-11-25T10:38:02+00:00",
        finished="2025-11-25T10:39:12+00:00",
        seed=7,
        config={},
        config_file="configs/base.yaml",
        systems=tuple(systems()),
        articles={"minerals": "a" * 16, "flood": "b" * 16},
        references={"minerals": "c" * 16, "flood": "d" * 16},
        facts={"minerals": "e" * 16, "flood": "f" * 16},
        verifier=VERIFIER,
        scorers={"facts": "facts|code:99999999", "rouge": "rouge|stem:yes|code:88888888"},
        models={"smollm2": {"revision": "0.1.2", "sha256": "9" * 64}},
        packages={"torch": "2.13.0", "evil": ANSI},
        git={"commit": "5af7fad", "dirty": "no"},
        machine={"cores": "2", "device": "cpu"},
        stages=(Stage("generate", 11, 4, 0, 1, 71.04), Stage("score", 0, 0, 0, 0, 0.02)),
        problems=(f"broken/{SCRIPT} on flood: {FAILED}",),
    )
    return Results(manifest, tuple(items()), tuple(summaries()), tuple(checks()), tuple(scores()), METRICS)
