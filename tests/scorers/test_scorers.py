"""Properties of every scorer, including those added later."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from builders import case, coverage, fact, grounding, item, reasons, run_scorer
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness import plugins
from harness.records import Case
from harness.seams import Scorer
from harness.servers.plugin import AsksServer

TESTS = Path(__file__).parents[1]
KINDS = plugins.list_kinds(Scorer)
OPTIONS: dict[str, dict[str, object]] = {
    "cost": {"prices": {"s": {"prompt": 1.0, "new": 2.0}}},
    "evaluate": {"metric": "./metric", "keys": ["fact_recall"]},
    "length": {"target_words": 60},
    "preference": {"model": "wise-1"},
    "rubric": {"model": "wise-1", "criteria": ["coherence", "fluency"]},
}
"""Options that a scorer needs, or that add metrics."""
QUICK = [kind for kind in KINDS if kind not in ("bertscore", "evaluate")]
"""Scorers that load no model and no large library; the own tests of the others cover the same."""
UNBOUNDED = {
    "extractive_density", "compression", "words", "sentences", "characters", "length_ratio", "tokens_per_second",
    "price_per_1000",
}  # fmt: skip  # a list


def scorer_of(kind: str) -> Scorer:
    return plugins.find(Scorer, kind).model_validate(OPTIONS.get(kind, {}))


each_scorer = pytest.mark.parametrize("scorer", [scorer_of(kind) for kind in QUICK], ids=QUICK)


def make_complete_case(text: str | None) -> Case:
    """Make a complete case, so that only the summary can be at fault."""
    facts = [fact("signed", "essential"), fact("minister", "detail", "name")]
    data = item("The deal was signed by the minister on Monday.", {"short": "A minister signed the deal."}, facts)
    checks = [*coverage({"signed": "supported", "minister": "absent"}), *grounding("supported", "absent")]
    return case(text, data, checks)


@each_scorer
def test_missing_summary_is_the_reason_in_every_metric(scorer: Scorer) -> None:
    assert reasons(scorer, make_complete_case(None)) == {"the model refused"}


def test_names_and_titles_of_metrics_are_distinct() -> None:
    metrics = [metric for kind in KINDS for metric in scorer_of(kind).metrics()]
    assert len({metric.name for metric in metrics}) == len({metric.title for metric in metrics}) == len(metrics)


@each_scorer
def test_score_has_place_and_signature(scorer: Scorer) -> None:
    assert scorer.score([]) == []
    for score in scorer.score([make_complete_case("The deal was signed.")]):
        assert (score.system, score.article_id, score.sample) == ("s", "a", 0)
        assert score.signature == scorer.signature()


@each_scorer
@settings(max_examples=60)
@example("各方签署了协议。", "x")
@example("🎉🎉", "وقع الوزير الاتفاق")
@given(
    text=st.text() | st.lists(st.sampled_from(["the", "deal", "was", "signed", ".", "\n", "minister"])).map(" ".join),
    article=st.text() | st.just("The deal was signed by the minister on Monday."),
)
def test_values_are_finite_and_shares_lie_between_0_and_1(scorer: Scorer, text: str, article: str) -> None:
    data = item(article, {"short": article, "other": "The minister signed."})
    for score in run_scorer(scorer, case(text, data, grounding("supported"))).values():
        assert (score.value is None) == bool(score.reason)
        if score.value is not None:
            assert isinstance(score.value, float)
            assert math.isfinite(score.value)
            assert 0 <= score.value <= (math.inf if score.metric in UNBOUNDED else 1 + 1e-12)


@pytest.mark.slow
def test_scoring_imports_no_model_library() -> None:
    """Rescoring must start at once; torch and transformers take seconds to import."""
    program = (
        "case = builders.case('It was signed.', builders.item('It was signed.', {'r': 'It was signed.'}))\n"
        f"for kind in {QUICK}:\n"
        f"    plugins.find(Scorer, kind).model_validate({OPTIONS}.get(kind, {{}})).score([case])\n"
    )
    assert list_imported(program, "torch", "transformers", "datasets", "spacy", "evaluate") == "[]"


@pytest.mark.slow
def test_metrics_and_signatures_import_nothing_heavy() -> None:
    """Checking a config must not import nltk or torch."""
    program = (
        f"for kind in {KINDS}:\n"
        f"    scorer = plugins.find(Scorer, kind).model_validate({OPTIONS}.get(kind, {{}}))\n"
        "    scorer.metrics(); scorer.signature(); list(scorer.check())\n"
    )
    heavy = ("nltk", "rouge_score", "numpy", "sentencex", "torch", "transformers", "datasets", "evaluate")
    assert list_imported(program, *heavy) == "[]"


def list_imported(program: str, *packages: str) -> str:
    """Return the packages that a program has imported at its end."""
    program = (
        f"import sys; sys.path.insert(0, {str(TESTS)!r})\n"
        f"import builders\nfrom harness import plugins\nfrom harness.seams import Scorer\n{program}"
        f"print([name for name in {packages} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


PAGE = Path(__file__).parents[2] / "docs" / "scorers.md"
ROWS = [line.split("|")[1:4] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]


def test_page_lists_every_scorer_with_its_options() -> None:
    listed = {kind: _names(options) for cell, _, options in ROWS for kind in _names(cell)}
    assert sorted(listed) == plugins.list_kinds(Scorer)
    for kind, options in listed.items():
        cls = plugins.find(Scorer, kind)
        known = set(cls.model_fields)
        if issubclass(cls, AsksServer):  # the page links to the page about servers
            known -= set(AsksServer.model_fields) - {"model"}
        assert known == set(options), kind


def _names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)
