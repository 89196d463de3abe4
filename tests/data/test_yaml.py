"""YAML that a person wrote: the core schema of YAML 1.2, the line of every key, and one message for each fault."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from pathlib import Path

import pytest
from builders import list_problems
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.data import yaml
from harness.data.yaml import resolve_scalar
from harness.errors import ConfigError, DataError

FILE = Path("facts.yaml")


def faults(text: str) -> list[str]:
    return list_problems(yaml.parse_yaml, text, FILE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None), ("", None), ("~", None), ("True", True), ("FALSE", False), ("0", 0), ("0o7", 7), ("0x3A", 58),
        ("-19", -19), ("0123", 123), ("0.", 0.0), ("-0.0", -0.0), (".5", 0.5), ("+12e03", 12000.0),
        ("-2E+05", -200000.0), (".inf", math.inf), ("-.Inf", -math.inf), ("yes", "yes"), ("off", "off"),
        ("1_000", "1_000"), ("12:30:45", "12:30:45"), ("2022-02-24", "2022-02-24"),
        ("2022-02-24T10:00:00Z", "2022-02-24T10:00:00Z"), ("=", "="), ("-", "-"), ("null and void", "null and void"),
    ],
)  # fmt: skip  # a table
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    """The examples of YAML 1.2.2, section 10.3.2, and texts that YAML 1.1 reads otherwise."""
    assert resolve_scalar(text) == value
    assert type(resolve_scalar(text)) is type(value)


def test_quoted_scalars_stay_text_and_wrapped_text_is_one_line() -> None:
    assert yaml.parse_yaml("a: \"1\"\nb: 'true'\nc: |\n  2\n", FILE).data == {"a": "1", "b": "true", "c": "2\n"}
    text = "a: >-\n  One\n  two.\nb: One\n  two.\nc: 'One\n\n  two.'\n"
    assert yaml.parse_yaml(text, FILE).data == {"a": "One two.", "b": "One two.", "c": "One\ntwo."}


def test_every_key_and_item_has_its_line() -> None:
    document = yaml.parse_yaml("# facts\nfacts:\n  - id: a\n    accepted:\n      - x\n      - y\n  - id: b\n", FILE)
    keys = [("facts",), ("facts", 0), ("facts", 0, "accepted"), ("facts", 0, "accepted", 1), ("facts", 1, "id")]
    assert [document.line(key) for key in keys] == [2, 3, 4, 6, 7]
    assert document.line(("models",)) is None
    problem = document.problem(("facts", 0, "evidence"), "is missing")
    assert str(problem) == "facts.yaml:3: facts[0].evidence: is missing"


def test_whole_number_as_a_key_is_its_text_and_is_still_compared() -> None:
    assert yaml.parse_yaml("anchors: {1: low, 5: high}", FILE).data == {"anchors": {"1": "low", "5": "high"}}
    assert faults('{1: low, "1": high}') == ["facts.yaml:1: 1: repeats line 1; keep one of them"]
    assert faults("{01: low}") == ['facts.yaml:1: a key must be text; put it in quotes: "01"']


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a:\n\tb: 1\n", ":2", "has a tab where YAML needs spaces"),
        ("a:\n  b:\t1\n", ":2", "has a tab where YAML needs spaces"),
        ("a: 1\nb: 2\na: 3\n", ":3: a", "repeats line 1"),
        ("b:\n  - {c: 1, c: 2}\n", ":2: b[0].c", "repeats line 2"),
        ("# mine\n- 1\n", ":2", "must be keys and values (key: value), not a list"),
        ("", "", "is empty"),
        ("a: 1\n---\nb: 2\n", ":3", "starts a second document"),
        ("a: !!python/object:os.system x\n", ":1: a", "remove !!python/object:os.system"),
        ("a: !<tag:yaml.org,2002:python/none> x\n", ":1: a", "tag:yaml.org,2002:python/none"),
        ("a: !secret [x]\n", ":1: a", "remove !secret"),
        ("a: &a [1]\nb:\n  <<: *a\n", ":3: b", "merge keys"),
        ("a: &a [*a]\n", ":1", "inside its own value"),
        ("1.5: small\n", ":1", 'put it in quotes: "1.5"'),
        ("? [a]\n: b\n", ":1", "a key must be text, not a list"),
        ("a: \x07\n", ":1", "U+0007"),
        ('a: "\\ud800"\n', ":1: a", "half of a surrogate pair"),
        ("a: Trump: no\n", ":1", "align it with the other keys, or put text with a colon in quotes"),
        ("a: @home\n", ":1", "text cannot start with '@'; put it in quotes"),
        ("a: 'it's'\n", ":1", "align keys and dashes with those above, and close every quotation mark"),
        ("a:\n  - b\n - c\n", ":3", "align keys and dashes with those above, and close every quotation mark"),
        ('a: "C:\\Users"\n', ":1", "write a backslash as \\\\ in double quotes, or use single quotes"),
        ('a: 1\nb: "open\n', ":3", "the quotation mark that opens on line 2 is not closed"),
        ('a: {b: 1,\nc: x"y" {z: 1\n', ":2", "the { that opens on line 1 is not closed, or a comma is missing"),
        ("a: {b: 1}\nver", ":2", "this line has no colon followed by a space; write key: value"),
        ("a: " + "[" * 500, ":1", "nested over 100 levels deep"),
    ],
)
def test_fault_has_its_line_and_a_remedy(text: str, place: str, message: str) -> None:
    [shown] = faults(text)
    assert shown.startswith(f"facts.yaml{place}: ")
    assert message in shown


def test_all_faults_of_one_kind_are_reported_at_once() -> None:
    assert len(faults("a: 1\na: 2\nb: !x 3\n4.5: 5\n")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
            + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
        ),
        f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 15_000)}]\n",
    ],
    ids=["9^9 values", "15,000 long texts"],
)
def test_aliases_that_expand_to_too_much_are_refused(text: str) -> None:
    [message] = faults(text)
    assert "has aliases (*) that expand to over 100,000 characters" in message


def test_aliases_are_expanded_to_separate_values() -> None:
    data = yaml.parse_yaml("a: &a {x: [1]}\nb: *a\n", FILE).data
    assert data == {"a": {"x": [1]}, "b": {"x": [1]}}
    assert data["a"]["x"] is not data["b"]["x"]


def test_unreadable_config_is_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "base.yaml"
    with pytest.raises(ConfigError, match="does not exist"):
        yaml.load_yaml(path)
    path.write_bytes(b"name: caf\xe9\n")
    with pytest.raises(ConfigError, match=r"base.yaml:1: is not UTF-8 \(byte 0xe9\).* iconv -f WINDOWS-1252 "):
        yaml.load_yaml(path)
    path.write_text("name: caf\u00e9\n", "utf-16")
    with pytest.raises(ConfigError, match=r"base.yaml:1: is not UTF-8 .* iconv -f UTF-16 "):
        yaml.load_yaml(path)


def test_command_line_value_is_read_as_yaml() -> None:
    assert yaml.parse_value("{a: [b, 1.5, null, true, 2022-02-24]}") == {"a": ["b", 1.5, None, True, "2022-02-24"]}
    assert yaml.parse_value("") is None
    with pytest.raises(ConfigError, match=r"--set x: '\[a' is not valid YAML: the \[ on this line is not closed"):
        yaml.parse_value("[a", "--set x")


scalars = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="utf-8"))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc <*&:-"), inner, max_size=4)
)


@settings(max_examples=50)
@given(st.dictionaries(st.text("abcde", min_size=1), values, min_size=1))
def test_json_is_read_as_json_reads_it(data: dict[str, object]) -> None:
    """JSON is YAML (1.2.2, section 1.2), so the standard library's writer gives the expected values."""
    assert yaml.parse_yaml(json.dumps(data), FILE).data == data


@given(st.text(st.characters(codec="utf-8")) | st.text("ab:-\n \t#&*!|>'\"{}[],?%@"))
def test_any_text_gives_data_or_a_data_error(text: str) -> None:
    with suppress(DataError):
        yaml.parse_yaml(text, FILE)
