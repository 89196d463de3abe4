"""facts.yaml: keys, evidence offsets, and messages for every fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import list_problems
from hypothesis import given
from hypothesis import strategies as st

from harness.data import facts
from harness.data.facts import edit
from harness.data.facts.file import check_fact_id
from harness.data.facts.wording import find_nearest_passage, find_passage, make_fact_id
from harness.errors import DataError
from harness.records import Article, Fact, Span

TEXT = (
    "The mayor resigned on Monday. “No regrets,” she said.\nThe council sits on Friday; the mayor resigned on Monday.\n"
)
ARTICLE = Article("mayor", TEXT, path="references/mayor/article.md")
GOOD = """# The facts of the day.
facts:
  - id: mayor-resigned
    statement: >-
      The mayor
      resigned.
    importance: essential
    kind: event
    evidence: mayor resigned on Monday
    accepted: [The mayor stepped down.]
    contradictions:
      - The mayor stays.
      - "The council resigned: all of it."

  - id: council-sits
    statement: The council sits on Friday.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "facts.yaml"


def read(path: Path, text: str) -> facts.FactsContent:
    path.write_text(text, encoding="utf-8")
    return facts.read(path, ARTICLE)


def faults(path: Path, text: str) -> list[str]:
    found = list_problems(lambda: read(path, text).require())
    return [problem.removeprefix(f"{path}") for problem in found]


def test_facts_have_defaults_lines_and_the_first_place_of_their_evidence(path: Path) -> None:
    reading = read(path, GOOD)
    evidence = Span(4, 28, "mayor resigned on Monday")
    first = Fact("mayor-resigned", "The mayor resigned.", "essential", "event", evidence, ("The mayor stepped down.",))
    assert reading.require() == (
        replace(first, contradictions=("The mayor stays.", "The council resigned: all of it.")),
        Fact("council-sits", "The council sits on Friday.", "supporting", "event"),
    )
    assert reading.lines == {"mayor-resigned": 3, "council-sits": 15}


def test_evidence_in_a_block_of_its_own_is_found_without_its_line_break(path: Path) -> None:
    [fact] = read(path, "facts:\n  - id: a\n    statement: S.\n    evidence: |\n      The council sits\n").require()
    assert fact.evidence == Span(TEXT.index("The council"), TEXT.index("The council") + 16, "The council sits")


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("{statement: S.}", ":2: facts[0].id: is missing"),
        ("{id: a, statement: ' '}", ":2: facts[0].statement: is ' '; write text, or remove it"),
        ("{id: a b, statement: S.}", ":2: facts[0].id: is 'a b'; write a name without spaces or slashes"),
        ("{id: 7, statement: S.}", ":2: facts[0].id: must be text, not 7; put it in quotes"),
        ("{id: a, statement: S., evidense: mayor}", ":2: facts[0].evidense: unknown key; did you mean 'evidence'?"),
        ("{id: a, statement: S., importance: esential}", ":2: facts[0].importance: must be 'essential', 'supporting'"),
        ("{id: a, statement: S., accepted: So.}", ':2: facts[0].accepted: must be a list such as ["one", "another"],'),
        ("{id: a, statement: S., contradictions: [No., {x: y}]}", ":2: facts[0].contradictions[1]: must be text, not"),
        ("just words", ':2: facts[0]: must be a mapping such as {"key": "value"}, not \'just words\''),
    ],
)
def test_each_fault_of_an_entry_is_reported(path: Path, entry: str, fault: str) -> None:
    [message] = faults(path, f"facts:\n  - {entry}\n")
    assert message.startswith(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fact: []\n", ":1: fact: unknown key; did you mean 'facts'?"),
        ("facts:\n", ":1: facts: is empty; write a list, and start each fact with '- id: NAME'"),
        (
            GOOD.replace("council-sits", "mayor-resigned"),
            ":15: facts[1].id: 'mayor-resigned' is already the id of facts[0] (line 3); give each fact its own id",
        ),
    ],
)
def test_fault_of_the_whole_file_is_reported(path: Path, text: str, fault: str) -> None:
    assert faults(path, text) == [fault]


def test_invalid_facts_are_reported_and_others_read(path: Path) -> None:
    reading = read(path, "facts:\n  - {id: a}\n  - {id: b, statement: S., kind: x}\n  - {id: c, statement: S.}\n")
    assert len(reading.problems) == 2
    assert [fact.id for fact in reading.facts] == ["c"]
    assert reading.places == {"c": 2}
    with pytest.raises(DataError, match="facts"):
        reading.require()


def test_unknown_fact_suggests_the_nearest(path: Path) -> None:
    path.write_text(GOOD, "utf-8")
    with pytest.raises(DataError, match=r"there is no fact 'sits'; did you mean 'council-sits'\?"):
        edit.read_entry(path, "sits")


@given(st.data(), st.text("ab .,\n“é🙂", min_size=1))
def test_passage_is_located_at_its_first_offset(data: st.DataObject, text: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    passage = text[start : data.draw(st.integers(start + 1, len(text)))]
    span = find_passage(passage, text)
    assert (span is None) == (not passage.strip())
    if span is not None:
        assert text[span.start : span.end] == span.text
        assert span.text.split() == passage.split()
        assert span.start <= text.index(passage.strip())


@pytest.mark.parametrize("passage", ["resigned on Monday\nafter a vote", " resigned on\u00a0Monday after a vote"])
def test_passage_is_located_despite_other_spaces_and_line_endings(passage: str) -> None:
    span = find_passage(passage, "She resigned on Monday\r\nafter a vote.")
    assert span == Span(4, 36, "resigned on Monday\r\nafter a vote")


def test_nearest_passage_is_whole_words_despite_typos() -> None:
    start = TEXT.index("council")
    for slip in ("council sit on Fri", "Council sits on friday", "counsil sits on Friday."):
        assert find_nearest_passage(slip, TEXT) == Span(start, start + 22, "council sits on Friday")
    assert find_nearest_passage("Quarterly earnings rose sharply in Tokyo", TEXT) is None


def test_id_is_made_of_content_words() -> None:
    statement, name = "The mayor's agreement was not signed.", "mayors-agreement-not-signed"
    assert (make_fact_id(statement, []), make_fact_id(statement, [name])) == (name, f"{name}-2")
    assert make_fact_id("🙂", ["fact"]) == "fact-2"
    assert make_fact_id("Мэр ушла в отставку", []) == "мэр-ушла-в-отставку"
    assert make_fact_id("王小明捐赠了壁画", []) == "王小明捐赠了"


@given(st.text(), st.lists(st.text("a-2", max_size=3)))
def test_made_id_is_valid_and_free(statement: str, taken: list[str]) -> None:
    made = make_fact_id(statement, taken)
    assert check_fact_id(made) == made
    assert made not in taken
