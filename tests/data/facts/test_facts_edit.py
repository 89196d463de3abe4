"""Editing facts.yaml: what was asked changes, every other byte stays, and nothing is half done."""

from __future__ import annotations

import difflib
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import facts
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.facts.edit import FactChangedError
from harness.data.facts.file import fact_of
from harness.data.facts.similar import canonical
from harness.errors import DataError
from harness.records import Article

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


def changed(path: Path, before: str = FILE) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    diff = list(difflib.ndiff(before.splitlines(), path.read_text(encoding="utf-8").splitlines()))
    return [line[2:] for line in diff if line[0] == "-"], [line[2:] for line in diff if line[0] == "+"]


def ids(path: Path) -> list[str]:
    return [fact.id for fact in facts.read(path, ARTICLE).require()]


def test_a_new_fact_stands_last_and_touches_no_other_line(path: Path) -> None:
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


def test_the_file_is_made_with_its_schema_named_on_top(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    facts_edit.add(path, [entry()], ARTICLE)
    facts_edit.add(path, [entry("mayor", "The mayor resigned.")], ARTICLE)
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=../facts.schema.json\nfacts:\n  - id: why\n")
    assert "event\n\n  - id: mayor\n" in text
    assert ids(path) == ["why", "mayor"]
    assert [child.name for child in tmp_path.iterdir()] == ["facts.yaml"]


@pytest.mark.parametrize("text", ["", "\n", "# mine\n", "facts: []\n", "# mine\nfacts: [ ]  # none yet\n# end\n"])
def test_a_file_without_facts_takes_one(path: Path, text: str) -> None:
    path.write_text(text)
    facts_edit.add(path, [entry()], ARTICLE)
    assert ids(path) == ["why"]
    assert all(comment in path.read_text() for comment in ("# mine", "# none yet", "# end") if comment in text)


def test_dashes_at_the_margin_and_facts_without_blank_lines_are_kept_so(path: Path) -> None:
    path.write_text("facts:\n- id: a\n  statement: A.\n- id: b\n  statement: B.")
    facts_edit.add(path, [entry()], ARTICLE)
    assert path.read_text() == (
        "facts:\n- id: a\n  statement: A.\n- id: b\n  statement: B.\n"
        "- id: why\n  statement: Nobody knows why.\n  importance: supporting\n  kind: event\n"
    )


def test_windows_line_ends_stay(path: Path) -> None:
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    facts_edit.add(path, [entry()], ARTICLE)
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") == FILE.count("\n") + 5


def test_an_id_or_a_statement_that_is_there_is_refused(path: Path) -> None:
    with pytest.raises(DataError, match=r"facts.yaml:7: facts\[0\].id: 'mayor' is already there"):
        facts_edit.add(path, [entry("mayor")], ARTICLE)
    with pytest.raises(DataError, match=r"facts.yaml:20: facts\[1\].statement: says the same already"):
        facts_edit.add(path, [entry("new", "the council  sits on Friday")], ARTICLE)
    assert path.read_text() == FILE


def test_evidence_that_is_not_in_the_article_is_refused(path: Path) -> None:
    with pytest.raises(DataError, match="the nearest passage is 'Nobody knows why'"):
        facts_edit.add(path, [entry(evidence="Nobody new why")], ARTICLE)
    with pytest.raises(DataError, match="the nearest passage is 'Nobody knows why'"):
        facts_edit.edit(path, "mayor", {"evidence": "Nobody new why"}, ARTICLE)
    assert path.read_text() == FILE


def test_another_value_leaves_the_comments_of_its_line_and_its_neighbours(path: Path) -> None:
    facts_edit.edit(path, "mayor", {"statement": "The mayor went.", "importance": "detail"}, ARTICLE)
    assert changed(path) == (
        ['    statement: "The mayor', '      resigned."  # wrapped, quoted', "    importance: essential"],
        ["    statement: The mayor went.  # wrapped, quoted", "    importance: detail"],
    )


def test_a_list_is_replaced_whole_and_a_new_key_stands_in_its_place(path: Path) -> None:
    facts_edit.edit(path, "mayor", {"accepted": ["She went.", "She left: why?"], "kind": "cause"}, ARTICLE)
    assert changed(path) == (
        ["      - She stepped down.  # by her own words"],
        ["    kind: cause", "      - She went.", "      - 'She left: why?'"],
    )
    text = path.read_text()
    assert text.index("importance: essential") < text.index("kind: cause") < text.index("evidence: The mayor")


LISTS = """facts:
  - id: mayor
    statement: The mayor resigned.
    contradictions:   # all false
      # the day
      - 'The mayor resigned on Friday.'   # by the town's paper

      # the polarity
      - >-
        The mayor did
        not resign.
      - The council resigned.
    accepted: [She stepped down.]  # short
"""


@pytest.mark.parametrize(
    ("left", "gone", "come"),
    [
        (["A", "B", "C", "D: new"], [], ["      - 'D: new'"]),
        (["B", "C"], ["      # the day", "      - 'The mayor resigned on Friday.'   # by the town's paper"], []),
        (["A", "B", "Another."], ["      - The council resigned."], ["      - Another."]),
    ],
)
def test_of_a_list_only_the_items_that_differ_are_written(
    path: Path, left: list[str], gone: list[str], come: list[str]
) -> None:
    path.write_text(LISTS)
    named = {"A": "The mayor resigned on Friday.", "B": "The mayor did not resign.", "C": "The council resigned."}
    facts_edit.edit(path, "mayor", {"contradictions": [named.get(item, item) for item in left]}, ARTICLE)
    assert changed(path, LISTS) == (gone, come)


def test_a_list_that_refers_to_another_place_is_written_anew(path: Path) -> None:
    text = (
        "facts:\n  - id: a\n    statement: &s The mayor resigned.\n  - id: b\n    statement: B.\n"
        "    accepted:\n      - *s\n      - X.\n"
    )
    path.write_text(text)
    facts_edit.edit(path, "b", {"accepted": ["X.", "Y."]}, ARTICLE)
    assert changed(path, text) == (["      - *s"], ["      - Y."])


def test_a_list_that_stands_for_another_is_written_anew(path: Path) -> None:
    """Of ``*steps`` the parser gives the place of the list that has the anchor."""
    text = (
        "facts:\n  - id: a\n    statement: The mayor resigned.\n    accepted: &steps\n      - She left.\n"
        "  - id: b\n    statement: B.\n    accepted: *steps\n    kind: event\n"
    )
    path.write_text(text)
    facts_edit.edit(path, "b", {"accepted": ["C."]}, ARTICLE)
    assert changed(path, text) == (["    accepted: *steps"], ["    accepted:", "      - C."])


def test_an_emptied_list_is_an_empty_list(path: Path) -> None:
    facts_edit.edit(path, "mayor", {"accepted": []}, ARTICLE)
    assert facts.read(path, ARTICLE).fact("mayor").accepted == ()


def test_a_list_in_brackets_is_written_anew(path: Path) -> None:
    path.write_text(LISTS)
    facts_edit.edit(path, "mayor", {"accepted": ["She stepped down.", "She left."]}, ARTICLE)
    assert changed(path, LISTS) == (
        ["    accepted: [She stepped down.]  # short"],
        ["    accepted:", "      - She stepped down.", "      - She left.  # short"],
    )


def test_none_takes_a_key_away_but_not_the_comments_below_it(path: Path) -> None:
    facts_edit.edit(path, "mayor", {"importance": None, "accepted": None}, ARTICLE)
    assert changed(path) == (
        ["    importance: essential", "    accepted:", "      - She stepped down.  # by her own words"],
        [],
    )


def test_an_edit_that_would_make_no_valid_fact_is_refused(path: Path) -> None:
    with pytest.raises(DataError, match=r"facts.yaml:7: facts\[0\].kind: is the text 'x'; allowed: event"):
        facts_edit.edit(path, "mayor", {"kind": "x"}, ARTICLE)
    with pytest.raises(DataError, match=r"facts\[0\].id: is missing"):
        facts_edit.edit(path, "mayor", {"id": None}, ARTICLE)
    with pytest.raises(DataError, match=r"'council' is already there"):
        facts_edit.edit(path, "mayor", {"id": "council"}, ARTICLE)
    with pytest.raises(DataError, match=r"no fact 'major'; did you mean 'mayor'\?"):
        facts_edit.edit(path, "major", {"kind": "cause"}, ARTICLE)
    assert path.read_text() == FILE


def test_a_removed_fact_leaves_the_comments_between_facts(path: Path) -> None:
    facts_edit.remove(path, ["mayor"])
    assert ids(path) == ["council"]
    text = path.read_text()
    assert "  # Section one\n\n  # Section two\n  - # a comment of the fact\n" in text
    assert "# more to come" not in text


@pytest.mark.parametrize("taken", [["mayor"], ["council"], ["mayor", "council"]])
def test_undo_puts_a_removed_fact_back_to_the_byte(path: Path, taken: list[str]) -> None:
    removed = facts_edit.remove(path, taken)
    assert path.read_text("utf-8") != FILE
    facts_edit.undo(path, removed, ARTICLE)
    assert path.read_text("utf-8") == FILE


def test_undo_keeps_what_was_changed_meanwhile(path: Path) -> None:
    """Undo in a file that was changed meanwhile adds the fact, and keeps the change."""
    removed = facts_edit.remove(path, ["council"])
    facts_edit.add(path, [entry()], ARTICLE)
    facts_edit.undo(path, removed, ARTICLE)
    assert ids(path) == ["mayor", "why", "council"]
    with pytest.raises(DataError, match="'council' is already there"):
        facts_edit.undo(path, removed, ARTICLE)


def test_when_all_are_removed_the_file_takes_facts_again(path: Path) -> None:
    facts_edit.remove(path, ["council", "mayor"])
    assert ids(path) == []
    text = path.read_text()
    assert all(comment in text for comment in ("# By hand.", "# in the article's", "# Section two", "# the end"))
    facts_edit.add(path, [entry()], ARTICLE)
    assert ids(path) == ["why"]


def test_the_lines_of_a_fact_can_be_rewritten(path: Path) -> None:
    before = facts_edit.source(path, "council")
    assert before == FILE[FILE.index("  - # a comment") : FILE.index("\n# the end")]
    facts_edit.rewrite(path, "council", before, before.replace(">-", "|  # new"), ARTICLE)
    assert changed(path) == (["    statement: >-"], ["    statement: |  # new"])


def test_a_rewrite_must_stay_one_valid_fact(path: Path) -> None:
    before = facts_edit.source(path, "council")
    for after, message in (
        ("", "must stay one fact"),
        (before + "  - {id: x, statement: X.}\n", "must stay one fact"),
        (before.replace("statement", "statment"), "statment: is not a key here; did you mean 'statement'"),
        (before.replace("id: council", "id: mayor"), "'mayor' is already there"),
        (before.replace("Friday", "Thursday"), "is not in the article"),
        (before.replace(">-", '"'), "is not YAML"),
        (before.replace("    id", "\tid"), "is indented with a tab"),
    ):
        with pytest.raises(DataError, match=message):
            facts_edit.rewrite(path, "council", before, after, ARTICLE)
    with pytest.raises(DataError, match="was changed by another command meanwhile"):
        facts_edit.rewrite(path, "council", before + "#", before, ARTICLE)
    assert path.read_text() == FILE


@pytest.mark.parametrize(
    "text",
    [
        "facts: [{id: mayor, statement: The mayor resigned.}]\n",
        "facts:\n  - {id: mayor, statement: The mayor resigned.}\n",
    ],
)
def test_facts_in_brackets_are_not_edited_but_by_hand(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(DataError, match=r"facts.yaml:\d: is written in brackets; write each fact from a line"):
        facts_edit.edit(path, "mayor", {"kind": "cause"}, ARTICLE)
    assert path.read_text() == text


def test_an_edit_that_would_change_more_than_was_asked_is_not_made(path: Path) -> None:
    """An anchor that another fact uses goes with the value that carries it."""
    text = (
        "facts:\n  - id: a\n    statement: &s The mayor resigned.\n  - id: b\n    statement: B.\n    accepted: [*s]\n"
    )
    path.write_text(text)
    with pytest.raises(DataError, match="cannot be edited from here without changing more than was asked"):
        facts_edit.edit(path, "a", {"statement": "The mayor went."}, ARTICLE)
    assert path.read_text() == text


def test_an_id_of_two_facts_is_not_guessed(path: Path) -> None:
    path.write_text(FILE.replace("id: council", "id: mayor"))
    with pytest.raises(DataError, match=r"facts.yaml:19: facts\[1\].id: 'mayor' is the id of several facts"):
        facts_edit.remove(path, ["mayor"])


def test_an_edit_leaves_no_other_file_behind_whether_it_is_made_or_refused(path: Path) -> None:
    facts_edit.add(path, [entry()], ARTICLE)
    with pytest.raises(DataError, match="is already there"):
        facts_edit.add(path, [entry()], ARTICLE)
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"file/facts.yaml: cannot be written"):
        facts_edit.add(tmp_path / "file" / "facts.yaml", [entry()], ARTICLE)


def test_a_fact_is_replaced_where_it_differs_and_keeps_its_comments(path: Path) -> None:
    opened = facts_edit.opened(path, "mayor").version
    new = entry(
        "mayor",
        "The mayor resigned.",
        importance="detail",
        evidence="The mayor resigned on Monday",
        accepted=["She stepped down."],
    )
    facts_edit.replace(path, "mayor", new, opened, ARTICLE)
    assert changed(path) == (
        ["    importance: essential", "    evidence: The mayor resigned"],
        ["    importance: detail", "    evidence: The mayor resigned on Monday"],
    )
    assert facts_edit.opened(path, "mayor").version != opened


def test_a_fact_with_wrong_evidence_can_be_opened(path: Path) -> None:
    """A fact is opened as it is written even where its evidence is not found."""
    path.write_text(FILE.replace("evidence: The mayor resigned", "evidence: The major resigned"))
    assert facts_edit.opened(path, "mayor").entry.evidence == "The major resigned"


def test_a_fact_replaced_by_itself_leaves_the_file_as_it_is(path: Path) -> None:
    same = entry("council", "The council sits on Friday.", evidence="The council sits on Friday")
    facts_edit.replace(path, "council", same, facts_edit.opened(path, "council").version, ARTICLE)
    assert path.read_text() == FILE


def test_what_is_left_out_of_a_replacement_goes(path: Path) -> None:
    without = entry("mayor", "The mayor resigned.", importance="essential")
    facts_edit.replace(path, "mayor", without, facts_edit.opened(path, "mayor").version, ARTICLE)
    fact = facts.read(path, ARTICLE).fact("mayor")
    assert (fact.evidence, fact.accepted) == (None, ())


def test_the_second_of_two_who_edit_one_fact_overwrites_nothing(path: Path) -> None:
    opened = facts_edit.opened(path, "mayor").version
    facts_edit.replace(path, "mayor", entry("mayor", "The mayor went."), opened, ARTICLE)
    first = path.read_text()
    with pytest.raises(FactChangedError, match=r"facts.yaml:7: facts\[0\]: was changed meanwhile; nothing was written"):
        facts_edit.replace(path, "mayor", entry("mayor", "The mayor left."), opened, ARTICLE)
    with pytest.raises(FactChangedError, match="was changed meanwhile"):
        facts_edit.remove(path, ["mayor"], {"mayor": opened})
    assert path.read_text() == first


def test_an_edit_of_another_fact_is_no_conflict(path: Path) -> None:
    opened = facts_edit.opened(path, "mayor").version
    facts_edit.edit(path, "council", {"kind": "date"}, ARTICLE)
    facts_edit.add(path, [entry()], ARTICLE)
    facts_edit.replace(path, "mayor", entry("mayor", "The mayor left."), opened, ARTICLE)
    assert ids(path) == ["mayor", "council", "why"]


def test_a_fact_that_was_removed_or_renamed_meanwhile_is_not_made_again(path: Path) -> None:
    opened = facts_edit.opened(path, "mayor").version
    facts_edit.edit(path, "mayor", {"id": "mayor-left"}, ARTICLE)
    with pytest.raises(FactChangedError, match="'mayor' was removed or renamed meanwhile"):
        facts_edit.replace(path, "mayor", entry("mayor", "The mayor left."), opened, ARTICLE)
    assert ids(path) == ["mayor-left", "council"]


def test_a_broken_file_is_left_alone(path: Path) -> None:
    """A file that was broken by hand is told with its line, and left alone."""
    opened = facts_edit.opened(path, "mayor").version
    broken = FILE.replace("    importance: essential", "    importance: essential: yes")
    path.write_text(broken)
    with pytest.raises(DataError, match=r"facts.yaml:10: is not YAML"):
        facts_edit.replace(path, "mayor", entry("mayor", "The mayor left."), opened, ARTICLE)
    with pytest.raises(DataError, match=r"facts.yaml:10: is not YAML"):
        facts_edit.add(path, [entry()], ARTICLE)
    with pytest.raises(DataError, match=r"facts.yaml:10: is not YAML"):
        facts_edit.remove(path, ["mayor"], {"mayor": opened})
    assert path.read_text() == broken


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "facts:\n  - The flood came.\n",
            r":2: facts\[0\]: is the text 'The flood came.'; write it as a fact, from a line",
        ),
        ("facts:\n  -\n", r":2: facts\[0\]: is nothing; write it as a fact"),
        ("facts:\n  - - id: x\n", r":2: facts\[0\]: is a list; write it as a fact"),
        ("facts:\n  - id: a\n    statement: A.\n  - B.\n", r":4: facts\[1\]: is the text 'B.'; write it as a fact"),
        ("fact: []\n", ": facts: is missing; write facts: and below it each fact, from a line - id: NAME on"),
        ("{}\n", ": facts: is missing; write facts: "),
    ],
)
def test_a_file_with_an_entry_that_is_no_fact_is_left_alone(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    for edited in (
        lambda: facts_edit.add(path, [entry()], ARTICLE),
        lambda: facts_edit.remove(path, ["a"]),
        lambda: facts_edit.opened(path, "a"),
        lambda: facts_edit.edit(path, "a", {"kind": "cause"}, ARTICLE),
    ):
        with pytest.raises(DataError, match=f"facts.yaml{said}"):
            edited()
    assert path.read_text() == text


def _add_one(path: Path, number: int) -> None:
    facts_edit.add(path, [entry(f"fact-{number}", f"Statement number {number}.")], ARTICLE)


def test_commands_at_one_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    processes = multiprocessing.get_context("spawn")
    workers = [processes.Process(target=_add_one, args=(path, number)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(ids(path)) == ["fact-0", "fact-1"]


words = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)
names = st.text("abcdef:#-'\"*&!?.é", min_size=1, max_size=8)
entries = st.builds(
    lambda name, statement, spelled, accepted, false: FactEntry.model_validate(
        {
            "id": name,
            "statement": statement,
            "importance": spelled[0],
            "kind": spelled[1],
            "evidence": TEXT[spelled[2] : spelled[2] + 9].strip(),
            "accepted": accepted,
            "contradictions": false,
        }
    ),
    names,
    words,
    st.tuples(st.sampled_from(["essential", "detail"]), st.sampled_from(["event", "quote"]), st.integers(0, 60)),
    st.lists(words, max_size=2),
    st.lists(words, max_size=2),
)
unalike = st.lists(
    entries,
    min_size=1,
    max_size=3,
    unique_by=(lambda made: made.id, lambda made: canonical(made.statement)),
)


@settings(max_examples=25)
@given(unalike)
def test_what_was_added_is_read_back_and_comments_survive(
    tmp_path_factory: pytest.TempPathFactory, made: list[FactEntry]
) -> None:
    path = tmp_path_factory.getbasetemp() / "facts.yaml"
    path.write_text(FILE, encoding="utf-8")
    for one in made:
        facts_edit.add(path, [one], ARTICLE)
    read = facts.read(path, ARTICLE).require()
    assert read[2:] == tuple(fact_of(one, ARTICLE) for one in made)
    for fact in read:
        assert fact.evidence is not None
        assert TEXT[fact.evidence.start : fact.evidence.end] == fact.evidence.text
    assert changed(path)[0] == []
    facts_edit.remove(path, [one.id for one in made])
    assert path.read_text(encoding="utf-8") == FILE


@settings(max_examples=25)
@given(st.sampled_from(["mayor", "council"]), words, st.lists(words, min_size=1, max_size=2))
def test_what_was_changed_is_read_back_and_comments_outside_of_it_survive(
    tmp_path_factory: pytest.TempPathFactory, name: str, statement: str, false: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "facts.yaml"
    path.write_text(FILE, encoding="utf-8")
    facts_edit.edit(path, name, {"statement": f"New: {statement}", "contradictions": false}, ARTICLE)
    fact = facts.read(path, ARTICLE).fact(name)
    assert (fact.statement, fact.contradictions) == (f"New: {statement}", tuple(false))
    text = path.read_text(encoding="utf-8")
    assert all(line.strip() in text for line in FILE.splitlines() if line.lstrip().startswith("#"))


def test_a_link_stays_one_and_the_file_that_it_leads_to_is_edited(path: Path, tmp_path: Path) -> None:
    """As where facts lie in a repository of their own."""
    link = tmp_path / "references" / "facts.yaml"
    link.parent.mkdir()
    link.symlink_to(path)
    facts_edit.add(link, [entry()], ARTICLE)
    assert link.is_symlink()
    assert ids(path) == ["mayor", "council", "why"]


def test_a_suggested_fact_is_marked_until_a_person_edits_it(path: Path) -> None:
    facts_edit.add(path, [entry(unreviewed=True)], ARTICLE)
    assert path.read_text("utf-8").count("    unreviewed: true\n") == 1
    assert [fact.unreviewed for fact in facts.read(path, ARTICLE).require()] == [False, False, True]
    suggested, version = facts_edit.opened(path, "why")
    facts_edit.replace(path, "why", suggested.model_copy(update={"unreviewed": False}), version, ARTICLE)
    assert "unreviewed" not in path.read_text("utf-8")


def test_a_key_that_is_not_there_is_not_taken_away(path: Path) -> None:
    facts_edit.edit(path, "council", {"unreviewed": None}, ARTICLE)
    assert path.read_text("utf-8") == FILE
