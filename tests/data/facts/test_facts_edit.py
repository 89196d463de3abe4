"""Editing facts.yaml changes one fact, keeps every other line, and never leaves a half-written file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import facts
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.facts.file import make_fact
from harness.errors import DataError
from harness.records import Article, Fact, Span
from harness.text import canonical

TEXT = "The mayor resigned on Monday. The council sits on Friday: it must choose. Nobody knows why.\n"
ARTICLE = Article("mayor", TEXT, path="article.md")
FILE = """# yaml-language-server: $schema=../facts.schema.json
# By hand.

facts:  # in the article's order

  # Section one
  - id: mayor   # short
    statement: "The mayor
      resigned."  # wrapped, quoted
    importance: essential
    # why she went is not known
    evidence: The mayor resigned
    accepted:
      - She stepped down.  # by her own words
    # more to come

  # Section two
  - # a comment of the fact
    id: council
    statement: >-
      The council
      sits on Friday.
    evidence: The council sits on Friday

# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def entry(fact_id: str = "why", statement: str = "Nobody knows why.", **more: object) -> FactEntry:
    return FactEntry.model_validate({"id": fact_id, "statement": statement, **more})


def ids(path: Path) -> list[str]:
    return [fact.id for fact in facts.read(path, ARTICLE).require()]


def test_added_fact_comes_last_and_changes_no_other_line(path: Path) -> None:
    facts_edit.add(path, [entry(evidence="Nobody knows why", contradictions=["All know: why.", "- x"])], ARTICLE)
    new = """
  - id: why
    statement: Nobody knows why.
    importance: supporting
    kind: event
    evidence: Nobody knows why
    contradictions:
      - 'All know: why.'
      - '- x'
"""
    assert path.read_text() == FILE.replace("\n# the end", f"{new}\n# the end")


def test_new_file_names_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    facts_edit.add(path, [entry()], ARTICLE)
    facts_edit.add(path, [entry("mayor", "The mayor resigned.")], ARTICLE)
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=../facts.schema.json\nfacts:\n  - id: why\n")
    assert "event\n\n  - id: mayor\n" in text
    assert ids(path) == ["why", "mayor"]
    assert [child.name for child in tmp_path.iterdir()] == ["facts.yaml"]


@pytest.mark.parametrize("text", ["", "\n", "# mine\n", "facts: []\n", "# mine\nfacts: [ ]  # none yet\n# end\n"])
def test_file_without_facts_takes_one_and_keeps_its_comments(path: Path, text: str) -> None:
    path.write_text(text)
    facts_edit.add(path, [entry()], ARTICLE)
    assert ids(path) == ["why"]
    assert all(comment in path.read_text() for comment in ("# mine", "# none yet", "# end") if comment in text)


def test_windows_line_endings_are_kept(path: Path) -> None:
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    facts_edit.add(path, [entry()], ARTICLE)
    facts_edit.remove(path, ["why"])
    assert path.read_bytes() == FILE.replace("\n", "\r\n").encode()


def test_dashes_at_the_margin_stay_there(path: Path) -> None:
    path.write_text("facts:\n- id: a\n  statement: A.\n- id: b\n  statement: B.")
    facts_edit.add(path, [entry()], ARTICLE)
    assert path.read_text() == (
        "facts:\n- id: a\n  statement: A.\n- id: b\n  statement: B.\n"
        "- id: why\n  statement: Nobody knows why.\n  importance: supporting\n  kind: event\n"
    )


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (entry("mayor"), r"facts.yaml:7: facts\[0\].id: 'mayor' already exists"),
        (entry("new", "the council  sits on Friday"), r"facts.yaml:20: facts\[1\].statement: already says the same"),
        (entry(evidence="Nobody new why"), "the nearest passage is 'Nobody knows why'"),
    ],
)
def test_existing_id_statement_or_wrong_evidence_is_refused(path: Path, new: FactEntry, message: str) -> None:
    with pytest.raises(DataError, match=message):
        facts_edit.add(path, [new], ARTICLE)
    with pytest.raises(DataError, match="the nearest passage is 'Nobody knows why'"):
        facts_edit.edit(path, "mayor", {"evidence": "Nobody new why"}, ARTICLE)
    assert path.read_text() == FILE


def test_edit_changes_the_fact_and_keeps_its_comments(path: Path) -> None:
    changes = {"statement": "The mayor went.", "importance": "detail", "accepted": ["She left: why?"], "kind": "cause"}
    facts_edit.edit(path, "mayor", changes, ARTICLE)
    text = path.read_text()
    evidence = Span(0, 18, "The mayor resigned")
    changed = Fact("mayor", "The mayor went.", "detail", "cause", evidence, ("She left: why?",))
    assert changed in facts.read(path, ARTICLE).facts
    assert text.index("id: mayor") < text.index("kind: cause") < text.index("evidence: The mayor")
    assert text[: text.index("  - id: mayor")] == FILE[: FILE.index("  - id: mayor")]
    assert text[text.index("  # Section two") :] == FILE[FILE.index("  # Section two") :]
    assert all(comment in text for comment in ("# short", "# wrapped, quoted", "# why she went is not known"))


@pytest.mark.parametrize("wordings", [["First.", "A: x.", "B.", "C."], ["B."], ["A: y.", "C.", "B."], []])
def test_edited_list_keeps_the_lines_of_other_items(path: Path, wordings: list[str]) -> None:
    text = '    accepted:  # all\n      # one\n      - "A: x."  # ok\n      # two\n      - B.  # b\n    # next'
    lines = text.split("\n")
    start = FILE.index("    accepted:")
    path.write_text(FILE[:start] + "\n".join(lines) + FILE[FILE.index("\n    # more to come") :], "utf-8")
    facts_edit.edit(path, "mayor", {"accepted": wordings}, ARTICLE)
    assert facts.read(path, ARTICLE).facts[0].accepted == tuple(wordings)
    kept = [line for line in lines if line.lstrip().startswith("#") or (line == lines[4] and "B." in wordings)]
    assert set(kept) <= set(path.read_text("utf-8").split("\n"))
    assert ("  # ok" in path.read_text("utf-8")) == any(text.startswith("A") for text in wordings)


def test_removed_fact_leaves_the_comments_between_facts(path: Path) -> None:
    facts_edit.remove(path, ["mayor"])
    start, after = FILE.index("  - id: mayor"), FILE.index("\n  # Section two")
    assert path.read_text() == FILE[:start] + FILE[after:]
    facts_edit.remove(path, ["council"])
    assert ids(path) == []
    kept = path.read_text()
    assert all(comment in kept for comment in ("# By hand.", "# in the article's", "# Section two", "# the end"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("facts: [{id: a, statement: A.}]\n", r":1: is written in brackets or as an alias"),
        ("facts:\n  - id: a\n    statement: &s A.\n  - id: b\n    statement: B.\n    accepted: [*s]\n",
         "cannot be edited here without changing other facts"),
        ("facts:\n  - id: a\n    statement: A.\n  - id: a\n    statement: B.\n", r":4: .*repeats the id 'a'"),
        ("facts:\n  - The flood came.\n", r":2: facts\[0\]: is 'The flood came.'; write a fact that starts"),
        ("facts:\n  -\n", r":2: facts\[0\]: is empty; write a fact that starts"),
        ("facts:\n  - - id: x\n", r":2: facts\[0\]: is a list; write a fact that starts"),
        ("fact: []\n", ": facts: is missing; keys found: fact; write a list"),
        ("facts:\n  - id: a\n    kind: event: yes\n", r":3: is not valid YAML"),
        ("f: &f\n  - id: a\n    statement: A.\nfacts: *f\n", r":4: is written in brackets or as an alias"),
        ("{facts: [{id: a, statement: A.}]}\n", r":1: is written in brackets or as an alias"),
    ],
)  # fmt: skip  # a case a line or two
def test_file_that_cannot_be_edited_safely_is_left_alone(path: Path, text: str, message: str) -> None:
    path.write_text(text)
    with pytest.raises(DataError, match=f"facts.yaml.*{message}"):
        facts_edit.edit(path, "a", {"statement": "C."}, ARTICLE)
    with pytest.raises(DataError):
        facts_edit.remove(path, ["a"])
    assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_edit_with_a_whole_entry_removes_the_keys_that_it_lacks(path: Path) -> None:
    facts_edit.edit(path, "mayor", entry("mayor", "The mayor went.").model_dump(), ARTICLE)
    assert Fact("mayor", "The mayor went.") in facts.read(path, ARTICLE).facts


def test_edit_that_changes_nothing_leaves_the_file_alone(path: Path) -> None:
    facts_edit.edit(path, "council", facts_edit.read_entry(path, "council").model_dump(), ARTICLE)
    assert path.read_text() == FILE


words = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)
names = st.text("abcdef:#-'\"*&!?.é", min_size=1, max_size=8)
entries = st.builds(
    FactEntry,
    id=names,
    statement=words,
    importance=st.sampled_from(["essential", "detail"]),
    kind=st.sampled_from(["event", "quote"]),
    evidence=st.integers(0, 60).map(lambda start: TEXT[start : start + 9].strip()),
    accepted=st.lists(words, max_size=2),
    contradictions=st.lists(words, max_size=2),
)
unalike = st.lists(
    entries, min_size=1, max_size=3, unique_by=(lambda made: made.id, lambda made: canonical(made.statement))
)


@settings(max_examples=25)
@given(unalike)
def test_removing_added_facts_restores_the_file(
    tmp_path_factory: pytest.TempPathFactory, made: list[FactEntry]
) -> None:
    path = tmp_path_factory.getbasetemp() / "facts.yaml"
    for text in (FILE, FILE.removesuffix("\n# the end\n")):
        path.write_text(text, encoding="utf-8")
        for one in made:
            facts_edit.add(path, [one], ARTICLE)
        assert facts.read(path, ARTICLE).require()[2:] == tuple(make_fact(one, ARTICLE) for one in made)
        facts_edit.remove(path, [one.id for one in made])
        assert path.read_text(encoding="utf-8") == text
