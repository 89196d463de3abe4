"""The docs: commands exist, configs are valid, links resolve, quoted numbers are measured, and Python code runs."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from command_line import harness
from loopback import Reply, serve

from harness import config, pipeline
from harness.cli import main
from harness.config.settings import Settings
from harness.errors import ConfigError, Problem
from harness.records import Pair, Results

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

BASE = """\
articles: ../references
models: {qwen: {kind: lead}, textrank: {kind: textrank}, smollm2: {kind: hf_causal, model: smollm2-135m-instruct}}
prompts: {plain: "{{ article.body }}"}
verifier: lexical
scorers: [fact_recall]
"""
"""The base config for snippets that show a part of one."""

NOT_OURS = re.compile(r"does not exist|no such (file|folder)|No module named 'mypackage'")
"""Problems that a snippet may have: missing files of the reader."""


def blocks(page: Path, language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Each command line on a page, without ``harness`` and comments."""
    for page in PAGES:
        for block in blocks(page, "console"):
            for line in re.sub(r"\\\n", " ", block).splitlines():
                if line.startswith("$ harness "):
                    yield page.name, shlex.split(line, comments=True)[2:]


def snippets() -> Iterator[tuple[str, str]]:
    """Each YAML snippet that is a config or part of one."""
    known = set(Settings.model_fields) | {"extends"}
    for page in PAGES:
        for at, block in enumerate(blocks(page, "yaml")):
            keys = set(re.findall(r"^(\w+):", block, re.MULTILINE))
            if keys <= known and "facts:\n" not in block:  # that is a facts.yaml
                yield f"{page.name}-{at}", block


@pytest.mark.parametrize(("page", "words"), list(commands()))
def test_commands_in_docs_exist(page: str, words: list[str]) -> None:
    """click accepts the options and values of each command, which is not run."""
    command: click.Command | None = main
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(click.Context(command), name)
    assert command is not None
    command.make_context(page, words, **main.context_settings)  # its cached help option is reused by later tests


@pytest.mark.parametrize("snippet", [pytest.param(text, id=name) for name, text in snippets()])
def test_configs_in_docs_are_valid(snippet: str, tmp_path: Path) -> None:
    (tmp_path / "references").symlink_to(ROOT / "references")
    configs = tmp_path / "configs"
    configs.mkdir()
    (configs / "prompts").symlink_to(ROOT / "configs/prompts")
    (configs / "base.yaml").write_text(BASE)
    (configs / "snippet.yaml").write_text(snippet)
    (configs / "whole.yaml").write_text("extends: [base.yaml, snippet.yaml]\n")
    problems: tuple[Problem, ...] = ()
    try:
        config.load(configs / "whole.yaml")
    except ConfigError as error:
        problems = error.problems
    assert [problem for problem in problems if not NOT_OURS.search(problem.message)] == []


def test_readme_quotes_the_measured_numbers() -> None:
    """``measured.json`` is written by the command that makes the table of ``benchmarks/quality/checker.md``."""
    measured = json.loads((ROOT / "harness/checker_en/weights/measured.json").read_text("utf-8"))["out_of_fold"]
    table = (ROOT / "README.md").read_text("utf-8").partition("| measured |")[2].partition("\n\n")[0]
    shares = [measured[name] for name in ("true_passed", "true_called_wrong", "false_passed", "false_called_wrong")]
    percent = [f"{100 * share:.0f}%" for share in (measured["balanced_accuracy"], *shares)]
    assert re.findall(r"\d+%", table) == percent


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_in_docs_resolve(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name}: {target}"
        if heading:
            titles = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


def test_readme_shows_the_baseline() -> None:
    """README's sample is the beginning of the report in ``results/baseline``."""
    readme, report = ((ROOT / name).read_text("utf-8") for name in ("README.md", "results/baseline/report.md"))
    sample = readme.partition("```text\n")[2].partition("\n```")[0]
    head = report.partition("\n## ")[0].partition("UTC\n")[2].replace("*", "")
    assert sample.split()
    assert sample.split() == head.split()


@pytest.mark.slow
@pytest.mark.usefixtures("in_tmp_path")
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
def package(tmp_path: Path, empty_home: None, monkeypatch: pytest.MonkeyPatch) -> Path:
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
