"""Builders of small real records, which fill in everything but what the test needs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.data import articles
from harness.data import cache as answers
from harness.data.runs.results import FORMAT
from harness.errors import HarnessError
from harness.records import (
    Article,
    Case,
    Check,
    Fact,
    FactKind,
    Generation,
    Importance,
    Item,
    Label,
    Manifest,
    Probabilities,
    Reference,
    Score,
    Summary,
    Use,
    Verdict,
)
from harness.seams import Scorer


def write_jsonl(path: Path, *rows: object, end: str = "\n") -> Path:
    """Write each row as a line of JSON; write a text unchanged."""
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + end, "utf-8")
    return path


def write_config(folder: Path, *rows: object, **settings: object) -> Path:
    """Write run.yaml over articles.jsonl with these rows; each setting is a YAML text."""
    folder.mkdir(exist_ok=True)
    write_jsonl(folder / "articles.jsonl", *rows)
    usual = {"articles": "articles.jsonl", "models": "{lead: {kind: lead}}", "verifier": "lexical"}
    path = folder / "run.yaml"
    merged = {**usual, "scorers": "[length]", "output": "out", **settings}
    path.write_text("".join(f"{key}: {value}\n" for key, value in merged.items()), "utf-8")
    return path


def count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def list_problems(call: Callable[..., object], *arguments: object) -> list[str]:
    """Call a function that must fail, and return its problems."""
    with pytest.raises(HarnessError) as caught:
        call(*arguments)
    return [str(problem) for problem in caught.value.problems]


def item(text: str = "", references: Mapping[str, str] | None = None, facts: Sequence[Fact] = ()) -> Item:
    """An article ``a`` with its references (id → text) and facts."""
    written = tuple(Reference(key, reference) for key, reference in (references or {}).items())
    return Item(Article("a", text), written, tuple(facts))


@cache
def project_item() -> Item:
    """The project's article with its references and facts, read once per process."""
    (found,) = articles.load(Path(__file__).parents[1] / "references")
    return found


def fact(key: str, importance: Importance = "supporting", kind: FactKind = "event") -> Fact:
    """A fact with a placeholder statement."""
    return Fact(key, f"statement of {key}", importance, kind)


def summary(made: str | Generation | None) -> Summary:
    """A summary by system ``s`` of article ``a``: a text, None for a refusal, or a whole generation."""
    if not isinstance(made, Generation):
        made = Generation("request", made, None if made is not None else "the model refused")
    return Summary("key", "s", "a", 0, made)


def case(made: str | Generation | None, of: Item | None = None, checks: Sequence[Check] = ()) -> Case:
    """A summary of an article, with its checks."""
    return Case(of or item(), summary(made), tuple(checks))


def verdict(label: Label, supported: float | None = None) -> Verdict:
    """A verdict with this label; P(supported) is 1 or 0 by the label, or as given."""
    yes = supported if supported is not None else float(label == "supported")
    return Verdict(label, Probabilities(yes, 0.0, 1 - yes), None, "verifier")


def coverage(verdicts: Mapping[str, Label | Verdict]) -> list[Check]:
    """A check of each fact, by id."""
    return [_check("coverage", target, found) for target, found in verdicts.items()]


def grounding(*verdicts: Label | Verdict) -> list[Check]:
    """A check of each claim of the summary, in order."""
    return [_check("grounding", str(number), found) for number, found in enumerate(verdicts)]


def manifest(**given: Any) -> Manifest:
    """The manifest of a finished run, empty except for the given fields."""
    fields: dict[str, Any] = {"started": "2026-11-25T10:00:00+00:00", "finished": "2026-11-25T10:01:00+00:00"}
    fields |= {"name": "run", "config_file": "configs/run.yaml", "seed": 0, "systems": (), "verifier": ""}
    fields |= {name: {} for name in ("config", "articles", "references", "facts", "scorers")}
    return Manifest(format=FORMAT, status="complete", **(fields | given))


def run_scorer(scorer: Scorer, *cases: Case) -> dict[str, Score]:
    """The scores of the last case by metric, after checking that each case has every metric once, in order."""
    scores = scorer.score(cases)
    names = [metric.name for metric in scorer.metrics()]
    assert [score.metric for score in scores] == names * len(cases)
    return {score.metric: score for score in scores[len(scores) - len(names) :]}


def values(scorer: Scorer, given: Case) -> dict[str, float | None]:
    """The values of one case by metric."""
    return {name: score.value for name, score in run_scorer(scorer, given).items()}


def reasons(scorer: Scorer, given: Case) -> set[str | None]:
    """The reasons of a case in which no metric has a value."""
    scores = run_scorer(scorer, given).values()
    assert [score.value for score in scores] == [None] * len(scores)
    return {score.reason for score in scores}


def fill_cache(folder: Path) -> None:
    """Make the cache in a folder reject every value, as on a full disk."""
    with answers.open_cache(folder), closing(sqlite3.connect(folder / "cache.sqlite")) as connection:
        for table in ("generations", "verdicts"):
            refusal = "BEGIN SELECT RAISE(FAIL, 'the disk is full'); END"
            connection.execute(f"CREATE TRIGGER full_{table} BEFORE INSERT ON {table} {refusal}")


def _check(use: Use, target: str, found: Label | Verdict) -> Check:
    given = found if isinstance(found, Verdict) else verdict(found)
    return Check(f"{use} {target}", "s", "a", 0, use, target, f"statement of {target}", None, given)
