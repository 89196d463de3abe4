"""README and docs: their commands exist, their config snippets are valid and their links resolve."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from harness import config
from harness.cli import main
from harness.errors import ConfigError, Problem

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
    """Each command line of a page, without the word harness and its comment."""
    for page in PAGES:
        for block in blocks(page, "console"):
            for line in re.sub(r"\\\n", " ", block).splitlines():
                if line.startswith("$ harness "):
                    yield page.name, shlex.split(line, comments=True)[2:]


def snippets() -> Iterator[tuple[str, str]]:
    """Each YAML snippet that is a config or a part of one."""
    known = set(config.Settings.model_fields) | {"extends"}
    for page in PAGES:
        for at, block in enumerate(blocks(page, "yaml")):
            keys = set(re.findall(r"^(\w+):", block, re.MULTILINE))
            if keys <= known and "facts:\n" not in block:  # that is a facts.yaml
                yield f"{page.name}-{at}", block


@pytest.mark.parametrize(("page", "words"), list(commands()))
def test_commands_in_docs_exist(page: str, words: list[str]) -> None:
    """Its options exist and have valid values, by click's parser; it is not run."""
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
    """README's sample is the answer that the kept run's report opens with."""
    readme, report = ((ROOT / name).read_text("utf-8") for name in ("README.md", "results/baseline/report.md"))
    sample = readme.partition("```text\n")[2].partition("\n```")[0]
    head = report.partition("\n## ")[0].partition("UTC\n")[2].replace("*", "")
    assert sample.split()
    assert sample.split() == head.split()
