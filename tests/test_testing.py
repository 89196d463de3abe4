"""The pytest plugin in scratch projects: what passes, what fails with which message, and runs without weights."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from harness.errors import DataError
from harness.testing import assert_faithful, assert_keeps

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.usefixtures("in_tmp_path")

ARTICLE = "The mayor resigned on Monday after the council voted 8 to 3 against her budget."
PROJECT = f"""
import pytest
from harness.testing import assert_faithful, assert_keeps

ARTICLE = {ARTICLE!r}
FACTS = ["The council voted 8 to 3.", {{"id": "out", "statement": "The mayor resigned.", "evidence": "mayor resigned"}}]

def test_good():
    assert_faithful(ARTICLE, "The mayor resigned on Monday.")
    assert_keeps(ARTICLE, "The mayor resigned after the council voted 8 to 3.", FACTS)

def test_unfaithful():
    assert_faithful(ARTICLE, "The mayor resigned on Monday. The council voted 5 to 3.")

def test_lossy():
    assert_keeps(ARTICLE, "The council voted 8 to 3.", FACTS)
"""


def run(pytester: pytest.Pytester, test: str, *options: str, ini: str = "") -> pytest.RunResult:
    pytester.makepyfile(test)
    pytester.makeini(f"[pytest]\n{ini}")
    return pytester.runpytest_subprocess("-p", "harness.testing", "-p", "no:cacheprovider", *options)


@pytest.mark.slow
def test_failures_name_claim_fact_and_evidence(pytester: pytest.Pytester) -> None:
    result = run(pytester, PROJECT, ini="harness_verifier = lexical")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: the article does not support 1 of 2 claims:",
            "*- The council voted 5 to 3. (contradicted, P(supported) = 0.*)",
            f"*    article: {ARTICLE}",
            "*AssertionError: the summary does not keep 1 of 2 facts:",
            "*- out: The mayor resigned. (not in the summary, P(supported) = 0.*)",
            "*    article: mayor resigned",
        ]
    )
    assert "harness/testing.py" not in result.stdout.str()  # the traceback ends in the user's test


@pytest.mark.slow
def test_page_in_docs_fails_as_printed(pytester: pytest.Pytester) -> None:
    page = (Path(__file__).parents[1] / "docs/tests-and-ci.md").read_text("utf-8")
    code, printed = (
        re.findall(rf"^```{each}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)[0] for each in ("python", "text")
    )
    result = run(pytester, code)
    result.assert_outcomes(failed=1)
    shown, said = (re.sub(r"= 0\.\d+", "= P", text) for text in (printed, result.stdout.str()))
    assert shown in said


@pytest.mark.slow
def test_default_verifier_under_xdist_loads_its_weights_once_per_worker(pytester: pytest.Pytester) -> None:
    count = """
from harness.checker_en import network

def test_loaded_once():
    assert network.load.cache_info().misses == 1
"""
    result = run(pytester, PROJECT + count, "-n", "2", "--dist", "loadfile")
    result.assert_outcomes(passed=2, failed=2)


@pytest.mark.slow
def test_without_weights_and_network_tests_fail_with_an_instruction_or_are_skipped(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(pytester.path / "empty"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(pytester.path))
    result = run(pytester, PROJECT)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        ["*StoreError: pip could not download *", "*harness models pull *", "*harness_missing_model = skip*"]
    )
    assert result.stdout.str().count("harness: downloading") == 1  # not once per test
    run(pytester, PROJECT, ini="harness_missing_model = skip").assert_outcomes(skipped=3)


@pytest.mark.slow
def test_unknown_setting_is_refused(pytester: pytest.Pytester) -> None:
    result = run(pytester, PROJECT, ini="harness_missing_model = ignore")
    result.stderr.fnmatch_lines(["*harness_missing_model is 'ignore'; write fail or skip"])


def test_undecided_claims_warn_or_fail() -> None:
    """The verifier ``lexical`` finds most words of the claim in the article, but not the 5."""
    summary = "The council voted 5 to 3 against her budget."
    with pytest.warns(UserWarning, match="1 of 1 claims undecided: The council voted 5"):
        assert_faithful(ARTICLE, summary, "lexical")
    with pytest.raises(AssertionError, match=r"\(undecided, P\(supported\) = 0"):
        assert_faithful(ARTICLE, summary, "lexical", allow_undecided=False)


def test_claim_that_could_not_be_checked_fails() -> None:
    with pytest.raises(AssertionError, match=r"\(not checked\)\n    reason: the texts are in 'de'"):
        assert_faithful({"text": "Die Bürgermeisterin trat am Montag zurück.", "language": "de"}, "Sie trat zurück.")


@pytest.mark.parametrize("facts", ["The mayor resigned.", {"statement": "The mayor resigned."}])
def test_one_statement_is_a_fact_and_the_verifier_may_be_a_path(facts: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("verifier: lexical")
    assert_keeps(ARTICLE, "The mayor resigned.", facts, verifier=tmp_path / "mine.yaml")


def test_facts_of_the_articles_row_are_the_default() -> None:
    row = {"id": "a", "text": ARTICLE, "facts": ["The council voted 8 to 3."]}
    assert_keeps(row, "The council voted 8 to 3.", verifier="lexical")
    with pytest.raises(AssertionError, match="f01: The council voted 8 to 3"):
        assert_keeps(row, "The mayor resigned.", verifier="lexical")


@pytest.mark.parametrize(
    ("article", "summary", "message"),
    [
        ([ARTICLE] * 2, "A.", "article holds 2 articles"),
        (ARTICLE, None, "summary must be text, not None"),
        ({"body": [ARTICLE], "head": ["A."]}, "A.", "no column"),
        (ARTICLE, "A.", "there are no facts"),
    ],
)
def test_bad_input_is_an_instruction(article: object, summary: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        assert_keeps(article, summary, verifier="lexical")


def test_summary_without_claims_fails() -> None:
    with pytest.raises(AssertionError, match="no claims to check"):
        assert_faithful(ARTICLE, "# Summary")
