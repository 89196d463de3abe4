"""evaluate: metrics of the evaluate library, run for real from scripts on disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import case, fact, item, reasons, run_scorer, values

from harness.scorers.evaluate import Evaluate
from harness.seams import Located

slow = pytest.mark.slow  # evaluate and datasets take seconds to import

SCRIPT = """
import datasets
import evaluate

class Letters(evaluate.Metric):
    def _info(self):
        text = datasets.Value("string")
        return evaluate.MetricInfo(
            description="letters", citation="", inputs_description="",
            features=[
                datasets.Features({"predictions": text, "references": datasets.Sequence(text)}),
                datasets.Features({"predictions": text, "references": text}),
            ],
        )

    def _compute(self, predictions, references, letter="a"):
        if "fall over" in predictions[0]:
            raise KeyError("it fell over")
        counts = [prediction.count(letter) for prediction in predictions]
        return {
            "count": sum(counts), "listed": counts, "mean": np_mean(counts), "nan": float("nan"),
            "text": "many", "none": None, "references": len(references[0]),
        }

def np_mean(counts):
    import numpy
    return numpy.mean(counts)
"""
KEYS = ("count", "listed", "mean", "nan", "text", "none", "references", "nothing")


@pytest.fixture
def letters(tmp_path: Path) -> str:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letters.py").write_text(SCRIPT, encoding="utf-8")
    return str(folder)


@slow
def test_each_key_is_a_metric_of_each_summary(letters: str) -> None:
    given = case("banana", item(references={"one": "x", "two": "y"}))
    of_n = Evaluate(metric=letters, keys=("count",), arguments={"letter": "n"})
    assert values(of_n, given) == {"evaluate.letters.count": 2.0}
    scores = run_scorer(Evaluate(metric=letters, keys=KEYS), given)
    assert {key: scores[f"evaluate.letters.{key}"].value for key in KEYS} == {
        "count": 3.0, "listed": 3.0, "mean": 3.0, "nan": None, "text": None, "none": None, "references": 2.0,
        "nothing": None,
    }  # fmt: skip  # a table
    assert [scores[f"evaluate.letters.{key}"].reason for key in ("nan", "text", "none", "nothing")] == [
        "the metric returned nan for 'nan', which is not a finite number",
        "the metric returned 'many' for 'text', which is not a finite number",
        "the metric returned None for 'none', which is not a finite number",
        "the metric returned no 'nothing' (its keys: count, listed, mean, nan, text, none, references)",
    ]


@pytest.mark.parametrize(
    ("metric", "problem"),
    [
        ("meteor", "the metric meteor is Python code from the hub; read it, then set trust_remote_code"),
        ("/no/where", "/no/where: no such folder or script"),
        ("/no/where.py", "/no/where.py: no such folder or script"),
        (str(Path(__file__).parent), "tests/scorers has no scorers.py; evaluate needs a script with the folder's name"),
    ],
)
def test_metric_that_cannot_be_loaded_is_refused(metric: str, problem: str) -> None:
    scorer = Evaluate(metric=metric, keys=("x",))
    (found,) = scorer.check()
    assert problem in found
    assert reasons(scorer, case("S.", item(references={"r": "x"}))) == {found}


@slow
def test_inputs_can_be_reference_article_or_facts(letters: str) -> None:
    """The script counts the entries of a list or the letters of a text."""
    data = item("an article", {"r": "four", "s": "x"}, [fact("one"), fact("two"), fact("three")])
    found = [
        values(Evaluate.model_validate({"metric": letters, "keys": ["references"], "inputs": inputs}), case("S.", data))
        for inputs in (
            {"predictions": "summary", "references": part} for part in ("reference", "article", "facts", "references")
        )
    ]
    assert [each["evaluate.letters.references"] for each in found] == [4.0, 10.0, 3.0, 2.0]


@slow
def test_failure_on_one_summary_leaves_other_values(letters: str) -> None:
    data = item(references={"r": "x"})
    cases = [case(text, data) for text in ("aa", "fall over", "a")]
    found = Evaluate(metric=letters, keys=("count",)).score(cases)
    assert [score.value for score in found] == [2.0, None, 1.0]
    assert (found[1].reason or "").startswith("the metric letters failed: KeyError: 'it fell over'")


@slow
def test_metric_that_takes_references_as_text_names_the_option_to_set(tmp_path: Path) -> None:
    """This script accepts references as texts, but not as lists."""
    script = tmp_path / "one.py"
    lists = 'datasets.Features({"predictions": text, "references": datasets.Sequence(text)}),'
    script.write_text(SCRIPT.replace(lists, ""), encoding="utf-8")
    data = item(references={"r": "xy"})
    (reason,) = reasons(Evaluate(metric=str(script), keys=("count",)), case("a", data))
    assert "set inputs: {predictions: summary, references: reference}" in (reason or "")
    cured = Evaluate(metric=str(script), keys=("count",), inputs={"predictions": "summary", "references": "reference"})
    assert values(cured, case("a", data)) == {"evaluate.one.count": 1.0}


@slow
def test_missing_inputs_have_a_reason(letters: str) -> None:
    scorer = Evaluate(metric=letters, keys=("count",))
    assert reasons(scorer, case("S.")) == {"the article has no reference"}
    assert reasons(scorer, case(None)) == {"the model refused"}
    facts = Evaluate(metric=letters, keys=("count",), inputs={"predictions": "summary", "references": "facts"})
    assert reasons(facts, case("S.")) == {"the article has no facts"}


@slow
def test_metric_that_cannot_be_loaded_has_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script imports a missing package; a metric of the hub is requested while evaluate is offline."""
    import evaluate.config

    monkeypatch.setattr(evaluate.config, "HF_EVALUATE_OFFLINE", True)
    script = tmp_path / "broken.py"
    script.write_text("import no_such_package_at_all\n", encoding="utf-8")
    for metric, reason in (
        (str(script), "the metric broken cannot be loaded: ImportError: .*no_such_package_at_all"),
        ("no-such-owner/no-such-metric", "the metric no-such-metric cannot be loaded: .*Couldn't find a module script"),
    ):
        scorer = Evaluate(metric=metric, keys=("x",), trust_remote_code=True)
        (found,) = reasons(scorer, case("S.", item(references={"r": "x"})))
        assert re.match(reason, found or "")


def test_signature_has_the_script_hash_and_no_path(letters: str) -> None:
    beside = Evaluate.model_validate({"metric": Located.at("letters", Path(letters).parent), "keys": ["count"]})
    assert beside.metric == letters
    before = Evaluate(metric=letters, keys=("count",)).signature()
    assert "|metric:letters|script:" in before
    assert str(Path(letters).parent) not in before
    (Path(letters) / "letters.py").write_text(SCRIPT + "\n# changed\n", encoding="utf-8")
    assert Evaluate(metric=letters, keys=("count",)).signature() != before
    assert Evaluate(metric=letters, keys=("count",), arguments={"letter": "n"}).signature() != before
