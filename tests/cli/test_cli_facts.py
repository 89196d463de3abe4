from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from command_line import harness

ARTICLE = """---
title: The mayor
---
The mayor resigned on Monday. Nobody knows why.

The council sits on Friday.
"""
FACTS = """# By hand.
facts:
  - id: mayor-resigned   # short
    statement: The mayor resigned.
    importance: essential
    kind: event
    evidence: The mayor resigned
    accepted: [The mayor stepped down.]
    contradictions: [The mayor stayed., The council resigned.]

  - id: council-sits
    statement: The council sits on Friday.
    importance: detail
    kind: date
    evidence: The council sits
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one article, as the working directory."""
    folder = tmp_path / "references" / "mayor"
    (folder / "references").mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE)
    (folder / "facts.yaml").write_text(FACTS)
    (folder / "references" / "short.md").write_text("The mayor resigned. The council sits on Friday.")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return harness("facts", *words)


def read_facts() -> str:
    return Path("references/mayor/facts.yaml").read_text()


ADD = ("add", "mayor", "--statement", "Nobody knows why the mayor left.")


def test_list_shows_valid_facts_and_reports_the_others() -> None:
    assert run("list", "mayor").exit_code == 0
    Path("references/mayor/facts.yaml").write_text(FACTS.replace("kind: date", "kind: dat"))
    result = run("list", "mayor")
    assert result.exit_code == 2
    assert "The mayor resigned.\n    essential · event · mayor-resigned" in result.stdout
    assert "references/mayor/facts.yaml:14: facts[1].kind: must be 'event', 'number'" in result.stderr
    assert "not 'dat'; did you mean 'date'?" in result.stderr
    Path("references/mayor").rename("my article")
    Path("my article/facts.yaml").unlink()
    assert run("list", "my article").stderr == "my article has no facts\nnext:\n  harness facts add 'my article'\n"


def test_add_writes_the_fact_and_says_what_to_run_next() -> None:
    result = run(*ADD, "--evidence", "Nobody knows why", "--accepted", "It is unclear: why.", "--contradiction", "A.")
    assert result.exit_code == 0
    assert read_facts() == FACTS + (
        "\n  - id: nobody-knows-why-mayor-left\n"
        "    statement: Nobody knows why the mayor left.\n"
        "    importance: supporting\n"
        "    kind: event\n"
        "    evidence: Nobody knows why\n"
        "    accepted:\n      - 'It is unclear: why.'\n    contradictions:\n      - A.\n"
    )
    assert "added nobody-knows-why-mayor-left to references/mayor/facts.yaml" in result.output
    assert result.output.endswith("next:\n  harness facts lint mayor\n  harness score --stale\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("add", "mayor"), "--statement is missing"),
        (ADD, "--evidence is missing"),
        ((*ADD, "--evidence", "Nobody knows why", "--id", "two words"), "--id: is 'two words'; write a name without"),
        ((*ADD, "--evidence", "Nobody new why"), "the nearest passage is 'Nobody knows why'"),
        ((*ADD, "--evidence", " "), "--evidence: "),
        (("suggest", "mayor", "--config", "run.yaml", "--write"), "--config needs --model NAME"),
    ],
)
def test_message_says_which_option_is_missing_or_wrong(options: tuple[str, ...], message: str) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert read_facts() == FACTS


def test_lint_fails_on_errors_and_strictly_on_warnings() -> None:
    sound = run("lint", "mayor")
    assert sound.exit_code == 0
    assert "references/mayor/facts.yaml: 2 facts: 0 errors" in sound.stdout
    Path("references/mayor/facts.yaml").write_text(FACTS.replace("[The mayor stayed., The council resigned.]", "[]"))
    assert run("lint").exit_code == 0
    strict = run("lint", "--strict")
    assert strict.exit_code == 1
    assert "warning: references/mayor/facts.yaml:3: mayor-resigned: has 0 contradictions" in strict.stdout
    Path("references/mayor/facts.yaml").write_text(FACTS.replace("The mayor resigned\n", "The mayor resign on\n"))
    wrong = run("lint", "mayor")
    assert wrong.exit_code == 1
    assert "error: references/mayor/facts.yaml:7: mayor-resigned: facts[0].evidence" in wrong.stdout
    Path("references/lost/references").mkdir(parents=True)
    every = run("lint")
    assert every.exit_code == 1
    assert every.stdout.startswith("error: references/lost/article.md: does not exist\n")
    assert every.stdout.endswith(wrong.stdout)


def test_add_asks_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.facts.is_interactive", lambda: True)
    evidence = ["The council sit on", "The council sits on"]
    wordings = ["It sits on Friday.", "", "It sits on Monday.", "It sits on Sunday.", ""]
    lines = ["The council sits on a Friday.", *evidence, "detail", *wordings, ""]
    options = ("--id", " friday ", "--kind", "date")
    done = harness("facts", "add", "mayor", *options, given="\n".join(lines))
    assert done.exit_code == 0, done.output
    assert "the nearest passage is 'The council sits on'" in done.output
    assert read_facts().endswith(
        "    importance: detail\n    kind: date\n    evidence: The council sits on\n"
        "    accepted:\n      - It sits on Friday.\n"
        "    contradictions:\n      - It sits on Monday.\n      - It sits on Sunday.\n"
    )


def test_suggest_shows_uncovered_statements_with_reason_and_place() -> None:
    Path("references/mayor/article.md").write_text(ARTICLE + "\nAnn Lee of Ghent won 14 medals in May.\n")
    result = run("suggest", "mayor")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    at = lines.index("Ann Lee of Ghent won 14 medals in May.")
    reason, place = lines[at + 1 : at + 3]
    assert "from sentence" in reason
    assert place.strip().startswith("evidence, paragraph 3 (article.md:8)")
    found = json.loads(run("suggest", "mayor", "--json").output)
    assert "Ann Lee of Ghent won 14 medals in May." in {each["evidence"]["text"] for each in found}
    assert len(json.loads(run("suggest", "mayor", "-n", "1", "--json").output)) == 1
