"""Outputs that lm-evaluation-harness and promptfoo wrote, replayed. The files are as those tools write them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from asking import answer, request
from builders import item
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from harness.errors import DataError
from harness.models.replay import Replay
from harness.records import Article, Item

ZERO, ONE = Item(Article("0", "An article.")), Item(Article("1", "Another."))


def sample(number: int, *texts: str, name: str = "none", **more: object) -> dict[str, object]:
    """A line as version 0.4.13 writes it for a task of the type generate_until."""
    return {
        "doc_id": number,
        "doc": {"id": f"bbc-{number}", "document": "An article.", "summary": "A reference."},
        "target": "A reference.",
        "arguments": {
            "gen_args_0": {"arg_0": "Summarise: An article.", "arg_1": {"until": ["\n"], "max_gen_toks": 64}}
        },
        "resps": [list(texts)],
        "filtered_resps": [texts[0].strip()],
        "filter": name,
        "metrics": ["rouge1"],
        "doc_hash": "d" * 64,
        "prompt_hash": "p" * 64,
        "target_hash": "t" * 64,
        "rouge1": 0.25,
        **more,
    }


def samples(folder: Path, *rows: object) -> Path:
    path = folder / "samples_xsum_2026-11-25T10-00-00.000000.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def faults(model: Replay) -> str:
    said = "\n".join(model.check())
    with pytest.raises(DataError) as caught:
        model.samples_for(ZERO)
    assert str(caught.value) == said
    return said


# lm-evaluation-harness -----------------------------------------------------------------------------------------------


def test_a_file_of_lm_eval_is_one_system_whose_repeats_are_samples(tmp_path: Path) -> None:
    model = Replay(path=samples(tmp_path, sample(0, " A.", " B."), sample(1, " C.")))
    assert list(model.check()) == []
    assert model.variants() == ()
    assert (model.samples_for(ZERO), model.samples_for(ONE)) == (2, 1)
    assert [answer(model, request(ZERO, at)).text for at in range(2)] == [" A.", " B."]


def test_a_file_of_lm_eval_has_no_systems_to_pick_from(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="system picks one of several systems, and this file names none"):
        Replay(path=samples(tmp_path, sample(0, " A.")), system="bart")


def test_a_file_of_lm_eval_may_begin_with_a_blank_line(tmp_path: Path) -> None:
    path = samples(tmp_path, "", " ", sample(0, " A."), sample(1, " C."))
    assert [answer(Replay(path=path), request(item)).text for item in (ZERO, ONE)] == [" A.", " C."]


def test_document_fields_and_filtered_texts(tmp_path: Path) -> None:
    """An article may be named by a field of its document, and its text may be the filtered one."""
    path = samples(tmp_path, sample(0, " A. "))
    model = Replay(path=path, article_column="doc.id", summary_column="filtered_resps")
    assert answer(model, request(Item(Article("bbc-0", "An article.")))).text == "A."


def test_a_document_stands_once_for_each_filter_and_is_one_summary(tmp_path: Path) -> None:
    model = Replay(path=samples(tmp_path, sample(0, "A.", name="strict"), sample(0, "A.", name="flexible")))
    assert model.samples_for(ZERO) == 1


def test_an_empty_text_is_a_reason_with_its_line(tmp_path: Path) -> None:
    made = answer(Replay(path=samples(tmp_path, sample(0, ""))), request(ZERO))
    assert made.text is None
    assert made.reason == "the saved output for article 0 is empty (samples_xsum_2026-11-25T10-00-00.000000.jsonl:1)"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [sample(0, "A.", resps=[[["-1.5", "False"]]])],
            'jsonl:1: \'resps\' holds [["-1.5", "False"]], which is no text of a task that generates text; name',
        ),
        ([sample(0, "A.", resps=[["-1.5"], ["-2"]])], "jsonl:1: 'resps' has 2 requests where one is known"),
        ([sample(0, "A.", resps={"texts": ["A."]})], "jsonl:1: 'resps' has dict where one is known, of a task that"),
        ([sample(0, "A."), {"doc_id": 1, "doc": {}, "filter": "none"}], "jsonl:2: the row has no 'resps' (it has 'doc"),
        ([sample(0, "A."), '{"doc_id": 1, "resps"'], "jsonl:2: is not JSON"),
        ([sample(0, "A.", doc_id=None)], "jsonl:1: 'doc_id' is null, but must be a name"),
    ],
)
def test_a_line_that_lm_eval_wrote_otherwise_is_refused_with_what_is_known(
    tmp_path: Path, rows: list[object], said: str
) -> None:
    found = faults(Replay(path=samples(tmp_path, *rows)))
    assert said in found


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    found = faults(Replay(path=samples(tmp_path, sample(0, "A.")), article_column="doc.key"))
    assert "doc has no 'key' (it has 'id', 'document', 'summary')" in found


def test_rows_of_our_own_are_no_samples(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"article_id": "a", "system": "bart", "summary": "A.", "doc_id": 3}\n')
    assert Replay(path=path).variants() == ("bart",)


# promptfoo -----------------------------------------------------------------------------------------------------------


def result(
    output: object, article: object = "a", provider: str = "openai:gpt", label: str = "", **more: Any
) -> dict[str, object]:
    """A result as version 0.123 writes it."""
    return {
        "cost": 0.0002,
        "failureReason": 0,
        "gradingResult": {"pass": True, "score": 1, "reason": "All assertions passed"},
        "id": "6fb2",
        "latencyMs": 840,
        "namedScores": {},
        "prompt": {"raw": "Summarise: An article.", "label": "plain"},
        "promptId": "9d1c",
        "promptIdx": 0,
        "provider": {"id": provider, "label": label},
        "response": {"output": output, "tokenUsage": {"total": 320, "prompt": 300, "completion": 20}, "cached": False},
        "score": 1,
        "success": True,
        "testCase": {"vars": {"article_id": article, "article": "An article."}, "assert": [], "options": {}},
        "testIdx": 0,
        "vars": {"article_id": article, "article": "An article."},
        **more,
    }


def output_file(folder: Path, *results: object, version: object = 3) -> Path:
    path = folder / "results.json"
    summary = {"version": version, "timestamp": "2026-11-25T10:00:00.000Z", "prompts": [], "results": list(results)}
    whole = {
        "evalId": "eval-abc",
        "results": {**summary, "stats": {"successes": len(results), "failures": 0, "errors": 0}},
        "config": {"providers": ["openai:gpt"]},
        "shareableUrl": None,
        "metadata": {"promptfooVersion": "0.123.1"},
    }
    path.write_text(json.dumps(whole, indent=2), "utf-8")
    return path


A = item("An article.")


def test_each_provider_of_promptfoo_is_a_system_and_repeats_are_samples(tmp_path: Path) -> None:
    path = output_file(tmp_path, result("A."), result("B."), result("C.", provider="ollama:llama"))
    model = Replay(path=path)
    assert list(model.check()) == []
    assert model.variants() == ("openai:gpt", "ollama:llama")
    assert [answer(model, request(A, at, "openai:gpt")).text for at in range(2)] == ["A.", "B."]
    assert answer(model, request(A, 0, "ollama:llama")).text == "C."


def test_with_several_prompts_a_system_is_named_by_both(tmp_path: Path) -> None:
    """A label that is the prompt itself, as promptfoo takes where none is given, is no name: its number is."""
    label = "Summarise the article in one sentence: {{article}}"
    long: Mapping[str, Any] = {"prompt": {"raw": "…", "label": label}, "promptId": "77ab"}
    path = output_file(tmp_path, result("A.", label="GPT"), result("B.", label="GPT", **long, promptIdx=1))
    assert Replay(path=path).variants() == ("GPT/plain", "GPT/prompt 1")
    assert answer(Replay(path=path, system="GPT/plain"), request(A)).text == "A."


def test_one_prompt_under_two_providers_is_one_prompt(tmp_path: Path) -> None:
    """promptIdx counts provider and prompt together; promptId is the prompt's own."""
    path = output_file(tmp_path, result("A."), result("B.", provider="ollama:llama", promptIdx=1))
    assert Replay(path=path).variants() == ("openai:gpt", "ollama:llama")


def test_two_providers_of_one_name_are_two_systems_and_no_samples(tmp_path: Path) -> None:
    path = output_file(tmp_path, result("Cold."), result("Hot.", promptIdx=1), result("Cold again."))
    model = Replay(path=path)
    assert model.variants() == ("openai:gpt", "openai:gpt#2")
    assert answer(model, request(A, 1, "openai:gpt")).text == "Cold again."
    assert answer(model, request(A, 0, "openai:gpt#2")).text == "Hot."


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("brief: prompts/p1.txt: Summarise:\n{{article}}", "brief"),
        ("p1.txt: Summarise:\n{{article}}", "p1.txt"),
        ("Summarise: in one line: {{article}}, " + "please " * 9, "prompt 1"),
    ],
)
def test_a_prompt_from_a_file_is_named_as_the_file_is(label: str, name: str, tmp_path: Path) -> None:
    other = result("B.", promptIdx=1, promptId="77ab", prompt={"raw": "…", "label": label})
    assert Replay(path=output_file(tmp_path, result("A."), other)).variants()[1] == f"openai:gpt/{name}"


EXPORTS = Path(__file__).parent / "promptfoo"
"""An evaluation by promptfoo 0.123.1 (its config and provider lie beside), in each format that holds outputs."""


@pytest.mark.parametrize("suffix", ["json", "jsonl", "yaml", "csv", "xml"])
def test_every_export_of_one_evaluation_says_the_same(suffix: str) -> None:
    model = Replay(path=EXPORTS / f"export.{suffix}")
    assert list(model.check()) == []
    assert set(model.variants()) == {"lead-1/plain", "lead-1/list", "lead-3/plain", "lead-3/list"}
    mayor, flood = (Item(Article(name, "An article.")) for name in ("mayor", "flood"))
    assert answer(model, request(mayor, 0, "lead-1/plain")).text == 'The mayor "resigned", she said.'
    assert answer(model, request(mayor, 0, "lead-3/list")).text == (
        '- The mayor "resigned", she said.\n- Nobody knows why; £600,000 is missing.\n'
        "- The council sits <soon> & waits."
    )
    failed = answer(model, request(flood, 0, "lead-3/plain"))
    why = "promptfoo marks it ERROR" if suffix == "csv" else "API error: 400 Bad Request Too short"
    assert failed.text is None
    assert str(failed.reason).endswith(why)


@pytest.mark.parametrize("suffix", ["yml", "txt"])
def test_yaml_is_read_under_its_other_names(suffix: str, tmp_path: Path) -> None:
    copy = tmp_path / f"results.{suffix}"
    copy.write_bytes((EXPORTS / "export.yaml").read_bytes())
    assert len(Replay(path=copy).variants()) == 4


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.junit.xml",
            '<testsuites tests="1"><testsuite/></testsuites>',
            "it is a JUnit report, which holds no outputs",
        ),
        ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "it is not XML: EntitiesForbidden"),
        ("a.xml", "<promptfoo><results><version>2</version></results></promptfoo>", "is of version 2 of promptfoo's"),
        ("a.yaml", "results: [", "it is not YAML: while parsing"),
        ("a.csv", "id,[p] l,Status,Score\nmayor,A.\n", "a.csv:2: has 2 fields where the header names 4"),
        (
            "a.csv",
            "id,[p] l,Status,Score\nmayor,A.,PASS,1\n",
            "vars: the row has no 'article_id' (it has 'id'); name the",
        ),
        (
            "a.jsonl",
            '{"vars": {}, "provider": "p", "promptIdx": 0}\n{"va',
            "a.jsonl:2: is cut off: the file ends inside this line",
        ),
    ],
)
def test_an_export_that_cannot_be_used_says_why(name: str, text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert said in faults(Replay(path=path))


def test_a_table_may_hold_whole_articles(tmp_path: Path) -> None:
    """The csv module refuses cells of more than 131,072 characters, unless it is told otherwise."""
    path, limit = tmp_path / "a.csv", csv.field_size_limit(131_072)
    path.write_text(f"article_id,article,[p] l,Status,Score\na,{'word ' * 40_000},A summary.,PASS,1\n", "utf-8")
    try:
        assert answer(Replay(path=path), request(A, variant="p")).text == "A summary."
    finally:
        csv.field_size_limit(limit)


def test_what_failed_there_is_a_reason_here(tmp_path: Path) -> None:
    failed = result(None, response={"error": "API error: 500\nServer"}, success=False, failureReason=2, error="API")
    made = answer(Replay(path=output_file(tmp_path, failed)), request(A, variant="openai:gpt"))
    assert made.text is None
    assert made.reason == (
        "the saved output of openai:gpt for article a is empty (results.json): API error: 500 Server"
    )


@pytest.mark.parametrize("version", [4, "3", None])
def test_another_version_is_refused_with_what_is_known(tmp_path: Path, version: object) -> None:
    found = faults(Replay(path=output_file(tmp_path, result("A."), version=version)))
    assert f"results.json: results.version: is of version {json.dumps(version)} of promptfoo's format" in found
    assert "version 3 is known, which promptfoo 0.117 to 0.123 write; export it with one of them" in found


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (
            [result("A."), result("B.", vars={"text": "An article."})],
            "results.json: results.results.1: vars: the row has no 'article_id' (it has 'text'); name the variable",
        ),
        (
            [result("A.", response={"outputs": ["A."]})],
            "results.results.0: response has no 'output' (it has 'outputs')",
        ),
        ([result({"summary": "A."})], 'results.results.0: response.output is {"summary": "A."}, which is no text'),
        ([result("A.", article=None)], "results.results.0: 'article_id' is null, but must be a name"),
        ([["A."]], "results.results.0: the row has no 'vars' (it is no object)"),
        ([], "holds no output; give a file with a row for each summary"),
    ],
)
def test_a_result_that_lacks_something_is_placed_and_told_what(
    tmp_path: Path, results: list[object], said: str
) -> None:
    assert said in faults(Replay(path=output_file(tmp_path, *results)))


@pytest.mark.parametrize("text", ["", "[]", '{"results": []}', '{"a": 1}', "{", "\u00e4", "[" * 100_000])
def test_a_json_that_promptfoo_did_not_write_says_how_it_does(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, "utf-8")
    assert "is not what promptfoo writes" in faults(Replay(path=path))


def test_a_file_that_is_not_there_is_said_as_for_rows(tmp_path: Path) -> None:
    assert "there is no such file" in "\n".join(Replay(path=tmp_path / "results.json").check())


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "vars", "article_id", "response", "output", "provider", "id", "label"])
            | st.sampled_from(["doc_id", "doc", "resps", "filtered_resps", "filter", "prompt", "version"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=3))
def test_no_json_crashes_a_reader(tmp_path_factory: pytest.TempPathFactory, rows: list[object]) -> None:
    folder = tmp_path_factory.mktemp("any")
    for path in (samples(folder, sample(0, "A."), *rows), output_file(folder, *rows)):
        for problem in Replay(path=path).check():
            assert problem
