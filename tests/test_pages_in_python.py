"""The Python code in the docs runs as printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import harness
from loopback import Reply, serve
from test_pages import blocks

from harness import config, pipeline
from harness.records import Pair, Results

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.usefixtures("separate_home")
def test_page_from_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("references").symlink_to(ROOT / "references")
    exec("\n".join(blocks(ROOT / "docs/from-python.md", "python")), {})  # noqa: S102  # code of our own page
    printed = capsys.readouterr().out
    assert re.search(r"second +The council voted 5 to 3 against her budget\. +contradicted$", printed, re.MULTILINE)
    assert re.search(r"^contradicted 0\.\d+ The mayor resigned on Monday", printed, re.MULTILINE)
    assert "results/lead/report.html" in printed
    assert "summaries: has 2 summaries for 1 article; " in printed
    assert Path("report.html").is_file()
    assert harness("compare", "results/python", "--by", "system").exit_code == 0


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the package ``mypackage`` of docs/adding-a-plugin.md."""
    page = (ROOT / "docs" / "adding-a-plugin.md").read_text("utf-8")
    (tmp_path / "mypackage").mkdir()
    for path, text in re.findall(r"`(mypackage/\w+\.py)`:\n\n```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE):
        (tmp_path / path).write_text(text, "utf-8")
    row = {
        "id": "a",
        "text": "The council approved the bridge.\n\nCritics still expected further delays.",
        "facts": ["The council approved the bridge."],
    }
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    return tmp_path


def run_with(scorers: list[Any], output: str = "results/mine") -> Results:
    data = {
        "articles": "rows.jsonl",
        "models": {"one": {"kind": "lead", "sentences": 1}, "two": {"kind": "lead", "sentences": 2}},
        "verifier": "lexical",
        "scorers": scorers,
        "output": output,
    }
    return pipeline.run(config.load(data), use_cache=False).results


@pytest.mark.usefixtures("package")
def test_documented_scorer_counts_paragraphs() -> None:
    """The article has two paragraphs; the systems copy the first, or both."""
    results = run_with([{"kind": "mypackage.paragraphs:ParagraphCoverage", "shared": 2}])
    assert {score.system: score.value for score in results.scores} == {"one": 0.5, "two": 1.0}
    assert results.metrics[0].headline


@pytest.mark.usefixtures("package")
def test_documented_verifier_asks_a_service() -> None:
    answers = {"It rained.": {"supported": 0.9, "contradicted": 0.05}, "It snowed.": {"verdict": "no"}}
    pairs = [Pair("The day was wet.", hypothesis) for hypothesis in answers]
    with serve(lambda request, _: Reply(json.dumps(answers[request["hypothesis"]]).encode())) as server:
        options = [f"url={server.url}", "version=v1"]
        rain, snow = config.load_verifier("mypackage.service:Service", options).verify(pairs)
    assert (rain.label, rain.probabilities.supported, rain.abstained) == ("supported", 0.9, False)
    assert (snow.label, snow.abstained) == ("uncertain", True)
    gone = config.load_verifier("mypackage.service:Service", ["url=http://127.0.0.1:9", "version=v1"])
    assert [verdict.transient for verdict in gone.verify(pairs)] == [True, True]


@pytest.mark.usefixtures("package")
def test_documented_column_reaches_scores_report_compare_and_gate(package: Path) -> None:
    """The one fact is kept, in 5 words (100 · 1 / 5 = 20) or in 10."""
    for output in ("results/old", "results/mine"):
        run_with(["fact_recall", "length", "mypackage.density:RecallPerHundredWords"], output)
    scores = [json.loads(line) for line in (package / "results/mine/scores.jsonl").read_text("utf-8").splitlines()]
    assert [score["value"] for score in scores if score["metric"] == "recall_per_100"] == [20.0, 10.0]
    assert "Recall per 100 words" in (package / "results/mine/report.md").read_text("utf-8")
    compared = harness("compare", "results/mine", "--by", "system", "--trust", "-o", "compared.json")
    assert compared.exit_code == 0, compared.output
    assert "recall_per_100" in Path("compared.json").read_text("utf-8")
    (package / "rules.yaml").write_text("metrics: {recall_per_100: 0.5}\n", "utf-8")
    arguments = ("results/mine", "--against", "results/old", "--rules", "rules.yaml", "--markdown", "gate.md")
    assert harness("gate", *arguments).exit_code == 0
    assert Path("gate.md").read_text("utf-8").count(r"metrics.recall\_per\_100 | held") == 2
