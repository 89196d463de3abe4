"""The Python API: from articles and summaries in any shape to tables, a notebook cell, a report and a run."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import pandas as pd
import pytest
from builders import write_config
from command_line import harness as run_command
from timing import growth

import harness
from harness.errors import ConfigError, DataError, MissingDependencyError, RunFolderError, UsageError

MAYOR = "The mayor resigned on Monday after the council voted 8 to 3 against her budget."
BRIDGE = "The old bridge will close in May 2026. Engineers found cracks in four of its nine pillars."
ARTICLES = [MAYOR, BRIDGE]
SUMMARIES = {"good": ["The mayor resigned on Monday.", "The old bridge will close in May 2026."],
             "bad": ["The mayor resigned on Tuesday.", None]}  # fmt: skip  # two lists


pytestmark = pytest.mark.usefixtures("in_tmp_path")


@pytest.fixture(scope="module")
def evaluation() -> harness.Evaluation:
    facts = [["The mayor resigned.", "The council voted 8 to 3."], ["Four pillars have cracks."]]
    references = {"1": "The mayor quit on Monday."}
    return harness.evaluate(ARTICLES, SUMMARIES, facts=facts, references=references, verifier="lexical")


def evaluate_quickly(articles: Any, summaries: Any, **options: Any) -> harness.Evaluation:
    return harness.evaluate(articles, summaries, verifier="lexical", scorers="length", **options)


def test_import_loads_neither_the_pipeline_nor_pandas() -> None:
    code = "import sys, harness; print(*sorted({'pandas', 'numpy', 'pydantic', 'harness.api'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=sys.path[0])
    assert done.stdout.strip() == ""
    assert {"evaluate", "check", "load_run"} <= set(dir(harness))
    with pytest.raises(AttributeError, match="evalute"):
        harness.evalute  # noqa: B018  # type: ignore[attr-defined]


def test_claims_have_verdict_probabilities_and_evidence(evaluation: harness.Evaluation) -> None:
    claims = evaluation.claims.set_index(["system", "article_id"])
    wrong = claims.loc["bad", "1"]
    assert (wrong.number, wrong.label, wrong.evidence, wrong.verifier) == (1, "contradicted", MAYOR, "lexical")
    assert wrong.supported + wrong.contradicted + wrong.absent == pytest.approx(1)
    assert MAYOR[wrong.evidence_start : wrong.evidence_end] == MAYOR
    assert claims.loc[("good", "2"), "label"] == "supported"
    assert ("bad", "2") not in claims.index


def test_facts_are_checked_in_each_summary(evaluation: harness.Evaluation) -> None:
    facts = evaluation.facts
    assert len(facts) == 2 * 2 + 1  # both systems summarise the first article, one the second
    first = facts[(facts.system == "good") & (facts.fact_id == "f01") & (facts.article_id == "1")].iloc[0]
    assert (first.statement, first.label) == ("The mayor resigned.", "supported")
    assert first.evidence == "The mayor resigned on Monday."


def test_missing_summary_is_a_row_with_a_reason(evaluation: harness.Evaluation) -> None:
    summaries = evaluation.summaries.set_index(["system", "article_id"])
    assert len(summaries) == 4
    assert summaries.text.isna().sum() == 1
    assert "empty" in summaries.loc[("bad", "2"), "reason"]
    scores = evaluation.scores.set_index(["system", "article_id", "metric"])
    assert scores.loc[("good", "1", "words"), "value"] == 5
    assert pd.isna(scores.loc[("bad", "2", "words"), "value"])
    assert "empty" in scores.loc[("bad", "2", "words"), "reason"]


def test_summaries_are_in_the_order_of_the_articles() -> None:
    summaries = evaluate_quickly(["", *ARTICLES], {"a": ["A.", "B.", "C."], "b": ["D.", "E.", "F."]}).summaries
    assert [*zip(summaries.article_id, summaries.system, strict=True)] == [(n, s) for n in "123" for s in "ab"]


def test_notebook_cell_shows_the_leaderboard_without_links_and_escaped(evaluation: harness.Evaluation) -> None:
    cell = evaluation._repr_html_()
    assert re.findall(r'<th scope="row"><bdi>(\w+)</bdi></th>', cell) == ["good", "bad"] * 2  # in both tables
    assert "Faithfulness" in cell
    assert "href" not in cell
    assert " id=" not in cell
    hostile = evaluate_quickly(MAYOR, {"<img src=x onerror=alert(1)>": "The mayor resigned."})._repr_html_()
    assert "<img" not in hostile
    assert "Faithfulness" in repr(evaluation)


def test_report_is_one_file(evaluation: harness.Evaluation) -> None:
    with pytest.raises(UsageError, match=r"report.pdf: a report is HTML or Markdown; name a .html or .md file"):
        evaluation.report("report.pdf")
    page = evaluation.report("out/report.html").read_text("utf-8")
    assert "The mayor resigned on Tuesday." in page
    assert evaluation.report("report.md").read_text("utf-8").startswith("# ")
    assert sorted(path.name for path in Path("out").iterdir()) == ["report.html"]
    summaries = {"none": "…", "short": "The mayor resigned.", "long": "On Monday, the mayor herself resigned."}
    assert "from 3 words (short) to 6 (long)" in evaluate_quickly(MAYOR, summaries).report("a.md").read_text("utf-8")


def test_unusable_paths_are_refused(evaluation: harness.Evaluation) -> None:
    load, report, save = harness.load_run, evaluation.report, evaluation.save
    unusable = ((load, "a" * 300), (report, f"{__file__}/a.md"), (save, f"{__file__}/a"), (save, "a" * 300))
    for use, path in (*product((load, report, save), (None, 5, b"run", ["run"], "a\0b")), *unusable):
        with pytest.raises(UsageError, match=r"a path must be a string or|name another path"):
            use(path)  # type: ignore[arg-type]


def test_saved_run_is_read_compared_and_saved_again(evaluation: harness.Evaluation) -> None:
    saved = evaluation.save("results/my run (2)")
    again = harness.load_run(saved)
    pd.testing.assert_frame_equal(again.claims, evaluation.claims)
    assert again.results.manifest.name == "my run (2)"
    assert "# my run (2)" in (saved / "report.md").read_text("utf-8")
    compared = run_command("compare", saved, "--by", "system")
    assert compared.exit_code == 0, compared.output
    assert run_command("score", saved).exit_code == 0
    pd.testing.assert_frame_equal(harness.load_run(again.save("copy")).scores, evaluation.scores)
    with pytest.raises(RunFolderError, match="already exists"):
        evaluation.save("copy")


def test_copy_of_a_run_finds_its_articles_and_files(tmp_path: Path) -> None:
    """The articles of a config lie outside the run's folder; so do the files that an evaluation's options name."""
    write_config(tmp_path, {"id": "a", "text": "The mayor resigned. The council met."}, output="results/one")
    assert run_command("run", "run.yaml").exit_code == 0
    copy = harness.load_run("results/one").save("deep/er/two")
    assert list(harness.load_run(copy).claims.claim) == ["The mayor resigned.", "The council met."]
    Path("broken").touch()
    scorer = {"kind": "plugins_of_others:Breaking", "broken": "broken"}
    saved = harness.evaluate(MAYOR, "The mayor resigned.", verifier="lexical", scorers=scorer).save("deep/er/saved")
    assert harness.load_run(saved).scores.value.tolist() == [1.0]


def test_temporary_run_is_deleted_with_its_results() -> None:
    result = evaluate_quickly(MAYOR, "The mayor resigned.")
    folder, results = result.folder, result.results
    del result
    assert len(results.scores) == 3
    del results
    assert not folder.parent.exists()


@pytest.mark.parametrize(
    ("articles", "summaries"),
    [
        (MAYOR, "A."),
        (pd.DataFrame({"dialogue": [MAYOR], "summary": ["R."]}), ["A."]),
        ({"id": "1", "text": MAYOR}, "A."),
        (pd.DataFrame({"id": ["1"], "text": [MAYOR]}).iloc[0], pd.Series({"summary": "A.", "rating": 3})),
        ([{"id": 1, "article": MAYOR, "highlights": "R."}], [{"article_id": 1, "summary": "A."}]),
        ({"document": [MAYOR], "summary": ["R."]}, {"id": ["1"], "summary": ["A."]}),
        (pd.DataFrame({"source": [MAYOR], "target": ["R."]}), pd.DataFrame({"prediction": ["A."]})),
        (pd.DataFrame({"text": [MAYOR], "summary": ["R."]}, index=[7]), pd.Series(["A."])),
        (
            datasets.Dataset.from_dict({"article": [MAYOR], "highlights": ["R."]}),
            datasets.Dataset.from_dict({"summary": ["A."]}),
        ),
        (datasets.Dataset.from_dict({"article": [MAYOR]})["article"], (text for text in ["A."])),
    ],
    ids=["text", "dialogues", "row", "series-row", "rows", "columns", "frame", "series", "data-set", "column"],
)
def test_every_shape_of_articles_and_summaries_is_read(articles: Any, summaries: Any) -> None:
    result = evaluate_quickly(articles, summaries)
    (item,) = result.results.items
    assert (item.article.id, item.article.text) == ("1", MAYOR)
    assert [reference.text for reference in item.references] in ([], ["R."])
    assert result.summaries[["system", "article_id", "text"]].values.tolist() == [["summaries", "1", "A."]]


def test_summaries_are_not_their_own_references() -> None:
    """ROUGE would be 1. References as one of two systems stay references of the other."""
    frame = pd.DataFrame({"article": ARTICLES, "summary": ["The mayor resigned.", "The bridge will close."]})
    for summaries in (frame, frame["summary"]):
        assert not any(item.references for item in evaluate_quickly(frame, summaries).results.items)
    predicted = evaluate_quickly(frame, frame.assign(prediction=["A.", "B."]))
    assert list(predicted.summaries["text"]) == ["A.", "B."]
    assert [len(item.references) for item in predicted.results.items] == [1, 1]
    two = evaluate_quickly(frame, {"people": frame["summary"], "model": ["A.", "B."]})
    assert [len(item.references) for item in two.results.items] == [1, 1]


def test_rows_may_name_systems_and_several_summaries_of_an_article() -> None:
    frame = pd.DataFrame({"system": [0, 1, 0], "article_id": [1, 2, 2], "summary": ["A.", "B.", "C."]})
    found = evaluate_quickly(ARTICLES, frame).summaries.dropna(subset="text")
    assert set(found[["system", "article_id", "text"]].itertuples(index=False, name=None)) == {
        ("0", "1", "A."), ("1", "2", "B."), ("0", "2", "C."),
    }  # fmt: skip  # a set
    samples = evaluate_quickly(ARTICLES, [["A.", "B."], ["C."]]).summaries.dropna(subset="text")
    assert list(samples["sample"]) == [0, 1, 0]
    assert evaluate_quickly(ARTICLES, [[], []]).summaries.text.isna().tolist() == [True, True]


def test_frame_with_dates_lists_and_missing_cells_is_read() -> None:
    frame = pd.DataFrame({"text": ARTICLES, "reference": ["R.", float("nan")], "rating": [1, 2]})
    frame["date"], frame["facts"] = pd.to_datetime(["2026-11-02", None]), [["The mayor resigned."], None]
    first, second = evaluate_quickly(frame, ["A.", "B."]).results.items
    assert (first.article.date, second.article.date) == ("2026-11-02", None)
    assert (len(first.references), len(second.references)) == (1, 0)
    assert [fact.statement for fact in first.facts] == ["The mayor resigned."]


@pytest.mark.parametrize(
    ("articles", "summaries", "message"),
    [
        (pd.DataFrame(), [], "articles: is empty"),
        (None, "A.", "articles: must be texts"),
        (np.array(MAYOR), "A.", "articles: must be texts"),
        ({"body": ["x"]}, ["A."], "articles: no column.*'body'; rename the right one to.*document"),
        (datasets.DatasetDict({"test": datasets.Dataset.from_dict({"text": ["x"]})}), "A.", r"articles\['test'\]"),
        ([MAYOR, {"id": 2, "body": "x"}], ["A.", "B."], "articles row 2: no column.*'id', 'body'"),
        ([MAYOR, 5], ["A.", "B."], "articles row 2: must be a text or a row"),
        ([{"id": "a", "text": MAYOR}] * 2, ["A.", "B."], "articles row 2: id: 'a' is already.*articles row 1"),
        ([""], ["A."], "articles row 1: text: the article is empty"),
        (ARTICLES, ["A."], "summaries: has 1 summary for 2 articles"),
        (ARTICLES, {"bart": ["A.", "B.", "C."]}, r"summaries\['bart'\]: has 3 summaries for 2 articles"),
        (ARTICLES, {"bart": []}, r"summaries\['bart'\]: is empty"),
        (ARTICLES, {"": ["A.", "B."]}, "summaries: a system's name is empty, or used twice"),
        (ARTICLES, {1: ["A.", "B."], "1": ["C.", "D."]}, "summaries: a system's name is empty, or used twice"),
        (pd.DataFrame({"id": [1, None], "text": ARTICLES}), [], "row 1: id: must be text, not 1.0; convert the column"),
        (ARTICLES, [{"model": "a", "text": "A."}, {"model": None, "id": "1", "text": "B."}], "row 2: model: is empty"),
        (ARTICLES, [{"id": "3", "output": "B."}], "summaries row 1: id: must be.*not '3'; allowed: 1, 2"),
    ],
)
def test_bad_input_is_named_with_its_row(articles: Any, summaries: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate_quickly(articles, summaries)


@pytest.mark.slow
def test_four_times_the_wrong_ids_take_less_than_eight_times_the_time() -> None:
    def fail(count: int) -> None:
        rows = [{"article_id": f"xsum-{number}", "summary": "A."} for number in range(count)]
        with pytest.raises(DataError, match=f"and {count - 50:,} more problems"):
            evaluate_quickly([{"id": f"dm-test-{number:06}", "text": MAYOR} for number in range(count)], rows)

    assert growth(lambda: fail(500), lambda: fail(2000)) < 8


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([["F."]], "facts: has 1 entry for 2 articles"),
        (pd.DataFrame({"article_id": ["1"], "statement": ["F."]}), "facts: must be a list for each .* not a DataFrame"),
        ("sugest", "facts: must be a statement or 'suggest', not 'sugest'"),
        ({"9": ["F."]}, "facts: '9' is not the id of an article"),
        ([[{"id": "f", "statement": "S."}] * 2, []], r"'f' is already the id of facts\[0\]; give each fact its own id"),
        ([{"id": "f", "statement": "S.", "evidence": "not there"}, "F."], r"row 1: facts\[0\].evidence.*not there"),
    ],
)
def test_bad_facts_are_named(facts: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        evaluate_quickly(ARTICLES, ["A.", "B."], facts=facts)


def test_facts_without_ids_are_numbered() -> None:
    facts = [[{"statement": "F.", "importance": "detail"}, "G.", {"id": "h", "statement": "H."}], []]
    found = harness.evaluate(ARTICLES, ["A.", "B."], facts, verifier="lexical", scorers="fact_recall").facts
    assert dict(zip(found.fact_id, found.importance, strict=True)) == {
        "f01": "detail", "f02": "supporting", "h": "supporting",
    }  # fmt: skip  # one mapping


def test_unknown_verifier_and_scorer_and_equal_names_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"verifier: .*lexcal[\s\S]*scorers\[0\]: .*lenght"):
        harness.evaluate(MAYOR, "A.", verifier="lexcal", scorers=["lenght"])
    with pytest.raises(ConfigError, match=r"^scorers\[0\]: must be a kind"):
        harness.evaluate(MAYOR, "A.", verifier="lexical", scorers=5)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"^models\.summaries: two systems have the name 'a'"):
        evaluate_quickly(MAYOR, {"a": "A.", "a ": "B."})


def test_check_answers_one_statement_and_refuses_other_input() -> None:
    verdict = harness.check(MAYOR, "The mayor resigned on Tuesday.", verifier="lexical")
    assert (verdict.label, verdict.evidence and verdict.evidence.text) == ("contradicted", MAYOR)
    strict = harness.check(MAYOR, "The mayor resigned.", verifier={"kind": "lexical", "decisions": "strict"})
    assert strict.verifier.startswith("lexical|decisions:strict")
    with pytest.raises(ConfigError, match="verifier lexical: decision: unknown key; did you mean 'decisions'"):
        harness.check(MAYOR, "The mayor resigned.", verifier={"kind": "lexical", "decision": "strict"})
    for wrong in (None, 5, ["lexical"], {"kind": None}):
        with pytest.raises(ConfigError, match=r"^verifier .*kind"):
            harness.check(MAYOR, "The mayor resigned.", verifier=wrong)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="statement must be"):
        harness.check(MAYOR, " ")
    with pytest.raises(DataError, match="2 articles"):
        harness.check(ARTICLES, "The mayor resigned.")


def test_failed_verifier_warns_and_leaves_reasons() -> None:
    server = {"kind": "judge", "model": "m", "base_url": "http://127.0.0.1:9", "retries": 0}
    with pytest.warns(UserWarning, match="127.0.0.1:9"):
        result = harness.evaluate(MAYOR, "The mayor resigned.", verifier=server, scorers=["faithfulness"])
    faithfulness = result.scores.set_index("metric").loc["faithfulness"]
    assert pd.isna(faithfulness.value)
    assert "checked" in faithfulness.reason
    assert "127.0.0.1:9" in result._repr_html_()


def test_without_pandas_only_tables_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    result = evaluate_quickly(MAYOR, "The mayor resigned.")
    assert "Words" in repr(result)
    with pytest.raises(MissingDependencyError, match="pip install"):
        result.claims  # noqa: B018  # the property is what is tested
