"""A small run that has everything in it: both directions of writing, every label, failures and hostile strings."""

from __future__ import annotations

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
SURROGATE = "\ud800"
HOSTILE = (SCRIPT, IMAGE, TEMPLATE, ANSI, OVERRIDE)

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
    """The first place of a passage."""
    start = text.index(passage)
    return Span(start, start + len(passage), passage)


def items() -> tuple[Item, ...]:
    """Two articles, one from left to right and one from right to left, with references and facts."""
    articles = (
        Article("minerals", MINERALS, title=f"Talks end {SCRIPT}", source=f"javascript:alert(1) {IMAGE}"),
        Article("flood", FLOOD, title="فيضان", language="ar"),
    )
    return tuple(
        Item(
            article,
            references=tuple(
                Reference(f"r{number}", text or "", shape=f"shape {number}")
                for number, text in enumerate(SUMMARIES["human", article.id])
            ),
            facts=tuple(
                Fact(name, statement, importance, kind, span(article.text, evidence))  # type: ignore[arg-type]  # the table above holds plain strings
                for name, statement, importance, kind, evidence in FACTS[article.id]
            ),
        )
        for article in articles
    )


def systems() -> tuple[System, ...]:
    """Two prompts of one model, a model that fails on one article, the floor and the ceiling."""
    baselines: dict[str, Role] = {"lead": "floor", "oracle": "ceiling", "human": "ceiling"}
    made = [System(name, name, name, None, None, f"{name}|code:00000000", role) for name, role in baselines.items()]
    made += [
        System(name, name.partition("/")[0], "hf_causal", name.partition("/")[2], None, f"hf_causal|path:{name}")
        for name in ("smollm2/plain", "smollm2/key-facts", f"broken/{SCRIPT}")
    ]
    return tuple(made)


def summaries() -> tuple[Summary, ...]:
    """What the systems wrote; ``human`` is the references themselves."""
    made = []
    for (system, article), texts in SUMMARIES.items():
        for sample, text in enumerate(texts):
            generation = Generation(
                request_id=f"{system}-{article}-{sample}",
                text=text,
                reason=FAILED if text is None else None,
                finish="length" if system == "smollm2/plain" else "stop",
                cut="the last 40 words of the article" if system == "smollm2/plain" else None,
                new_tokens=41,
                seconds=1.25,
                reference_id=f"r{sample}" if system == "human" else None,
            )
            made.append(Summary(f"{system}-{article}-{sample}", system, article, sample, generation))
    return tuple(made)


def verdict(label: Label, premise: str) -> Verdict:
    """A verdict whose evidence is the first sentence of the premise, or nothing where the label is absent."""
    probabilities = {
        "supported": Probabilities(0.91, 0.02, 0.07),
        "contradicted": Probabilities(0.1, 0.8, 0.1),
        "absent": Probabilities(0.05, 0.05, 0.9),
        "uncertain": Probabilities(0.4, 0.35, 0.25),
    }[label]
    evidence = None if label == "absent" else sentences(premise)[0]
    reason = "supported and contradicted are too close" if label == "uncertain" else None
    return Verdict(label, probabilities, evidence, VERIFIER, reason)


def checks() -> tuple[Check, ...]:
    """Every fact and every sentence of every summary, judged as LABELS says."""
    made = []
    for item in items():
        for summary in summaries():
            if summary.text is None or summary.article_id != item.article.id:
                continue
            labels = LABELS.get((summary.system, summary.article_id, summary.sample), {})
            place = (summary.key, summary.system, summary.article_id, summary.sample)
            for fact in item.facts:
                found = verdict(labels.get(fact.id, "absent"), summary.text)
                made.append(Check(*place, "coverage", fact.id, fact.statement, None, found))
            for number, claim in enumerate(sentences(summary.text)):
                found = verdict(labels.get(str(number), "supported"), item.article.text)
                made.append(Check(*place, "grounding", str(number), claim.text, claim, found))
    return tuple(made)


def scores() -> tuple[Score, ...]:
    """Every metric of every summary: counted from the labels, or without a value and with a reason."""
    made = []
    for summary in summaries():
        place = (summary.system, summary.article_id, summary.sample)
        labels = [label for name, label in LABELS.get(place, {}).items() if not name.isdigit()]
        facts = len(FACTS[summary.article_id])
        values = {
            "rouge1": 0.5,
            "fact_recall": labels.count("supported") / facts,
            "facts_contradicted": float(labels.count("contradicted")),
            "words": float(len((summary.text or "").split())),
            "seconds": 1.25,
        }
        for metric, value in values.items():
            if summary.text is None:
                made.append(Score(*place, metric, None, "s", reason=FAILED))
            elif summary.system == "human" and metric == "seconds":
                made.append(Score(*place, metric, None, "s", reason="nobody timed it"))
            else:
                made.append(Score(*place, metric, value, "s"))
    return tuple(made)


def manifest() -> Manifest:
    """The manifest of the run."""
    return Manifest(
        format=1,
        name=f"base {SCRIPT}",
        status="complete",
        started="2025-11-25T10:38:02+00:00",
        finished="2025-11-25T10:39:12+00:00",
        seed=7,
        config={},
        config_file="configs/base.yaml",
        systems=systems(),
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


@pytest.fixture(scope="session")
def results() -> Results:
    """The run; frozen, so that one serves all tests. Variants are made with ``dataclasses.replace``."""
    return Results(manifest(), items(), summaries(), checks(), scores(), METRICS)
