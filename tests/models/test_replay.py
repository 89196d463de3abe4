"""Replays summaries of your own tables, and outputs of lm-evaluation-harness, promptfoo and Inspect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asking import generate_all, generate_one, request
from builders import item, write_config, write_jsonl
from command_line import harness
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from resources import install_apart

from harness import config, pipeline
from harness.config import RunConfig
from harness.errors import ConfigError, DataError, MissingDependencyError
from harness.models.replay import Replay
from harness.records import Article, Item
from harness.seams import Located

A, B = item("An article."), Item(Article("b", "Another."))


def write_lines(folder: Path, *rows: object) -> Path:
    return write_jsonl(folder / "outputs.jsonl", *rows)


def row(summary: object, system: object = "bart", article: object = "a") -> dict[str, object]:
    return {"article_id": article, "system": system, "summary": summary}


def read_problem(path: Path) -> str:
    """The message of check(), after asserting that reading raises the same."""
    model = Replay(path=path)
    message = "\n".join(model.check())
    with pytest.raises(DataError) as caught:
        model.samples_for(A)
    assert str(caught.value) == message
    return message


# Outputs -------------------------------------------------------------------------------------------------------


def test_each_system_of_the_file_is_a_variant_unless_one_is_chosen(tmp_path: Path) -> None:
    path = write_lines(tmp_path, row("X.", "t5"), row("Y.", "bart"), row("Z.", "t5", "b"))
    model = Replay(path=path)
    assert model.variants() == ("t5", "bart")
    assert [generate_one(model, request(A, variant=system)).text for system in model.variants()] == ["X.", "Y."]
    assert list(model.check()) == []
    chosen = Replay(path=path, system="bart")
    assert chosen.variants() == ()
    assert generate_one(chosen, request(A)).text == "Y."


def test_file_without_system_names_is_one_system(tmp_path: Path) -> None:
    path = write_lines(tmp_path, {"article_id": "a", "summary": "X."})
    model = Replay(path=path, system_column=None)
    assert model.variants() == ()
    assert generate_one(model, request(A)).text == "X."
    assert generate_one(model, request(B)).reason == "no saved output for this article in outputs.jsonl"


def test_several_rows_per_article_and_system_are_samples(tmp_path: Path) -> None:
    model = Replay(path=write_lines(tmp_path, row("1."), row("2."), row("3.", "t5")))
    counts = [(A, "bart"), (A, "t5"), (B, "bart")]
    assert [model.samples_for(article, system) for article, system in counts] == [2, 1, 1]
    made = generate_all(model, [request(A, sample, "bart", str(sample)) for sample in range(2)])
    assert [made["0"].text, made["1"].text] == ["1.", "2."]
    missing = generate_one(model, request(A, 1, "t5"))
    assert (missing.text, missing.finish) == (None, "none")
    assert missing.reason == "no saved output 2 of t5 for this article in outputs.jsonl"


@pytest.mark.parametrize("nothing", ["", " \n ", None])
def test_empty_output_is_a_reason(tmp_path: Path, nothing: str | None) -> None:
    made = generate_one(Replay(path=write_lines(tmp_path, row("X.", "t5"), row(nothing))), request(A, variant="bart"))
    assert (made.text, made.reason) == (None, "the saved output of bart in outputs.jsonl is empty")


def test_gaps_lists_missing_and_repeated_outputs(tmp_path: Path) -> None:
    rows = (row("X."), row("X. "), row("", article="b"), row(None, article="b"), row("Z.", "t5"))
    model = Replay(path=write_lines(tmp_path, *rows))
    lacking, twice = model.gaps(("a", "b"))
    assert lacking.endswith("outputs.jsonl has 2 missing or empty summaries: 'bart of b', 't5 of b'")
    assert twice.endswith("outputs.jsonl repeats a summary, and each copy counts as a sample: 'bart of a'")


def test_csv_with_column_options_quotes_line_breaks_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "saved.CSV"
    path.write_bytes('\ufeffdoc,model,out,new_tokens\r\na,bart,"He said ""no"", twice.\r\nThen left.",20\r\n'.encode())
    model = Replay(path=path, article_column="doc", system_column="model", summary_column="out")
    made = generate_one(model, request(A, variant="bart"))
    assert (made.text, made.new_tokens) == ('He said "no", twice.\r\nThen left.', 20)


def test_tokens_seconds_and_price_are_read(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 300, "new_tokens": 20, "seconds": 1.5, "price": 0.001, "finish": "length"}
    path = write_lines(tmp_path, {**row("X."), **usage}, {**row("Y.", article="b"), **dict.fromkeys(usage, "?")})
    made = generate_one(Replay(path=path), request(A, variant="bart"))
    assert (made.prompt_tokens, made.new_tokens, made.seconds, made.price) == (300, 20, 1.5, 0.001)
    assert made.finish == "length"
    made = generate_one(Replay(path=path), request(B, variant="bart"))
    assert (made.text, made.prompt_tokens, made.seconds, made.finish) == ("Y.", None, None, "stop")


# Signature and path -------------------------------------------------------------------------------------------------


def test_signature_depends_on_content_not_path(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, same = write_lines(tmp_path, row("X.")), write_lines(tmp_path / "other", row("X."))
    assert Replay(path=first).signature() == Replay(path=same).signature()
    assert str(tmp_path) not in Replay(path=first).signature()
    assert Replay(path=Located.at("outputs.jsonl", tmp_path)).signature() == Replay(path=first).signature()
    changed = write_lines(tmp_path / "other", row("Y."))
    assert Replay(path=first).signature() != Replay(path=changed).signature()
    assert Replay(path=first).signature() != Replay(path=first, system="bart").signature()


def test_adding_a_reference_replays_nothing_again(tmp_path: Path) -> None:
    model = Replay(path=write_lines(tmp_path, row("X.")))
    assert model.request(A, "bart").id == model.request(item("An article.", {"r01": "One."}), "bart").id


# Errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"article_id": "a", "system": "bart", "summ', ":2: is not valid JSON: unterminated string"),
        ({"article_id": "a", "summary": "X."}, ":2: has no 'system', only 'article_id', 'summary'; correct the row"),
        (row("X.", article=None), ":2: 'article_id' is null, not a name"),
        (row("X.", system=True), ":2: 'system' is true, not a name"),
        (row("X.", article=" "), ":2: 'article_id' is \" \", not a name"),
        (row(7), ":2: 'summary' is 7, not text"),
        (row("\ud800"), ":2: holds half of a surrogate pair"),
    ],
)
def test_bad_json_line_is_named_with_its_number(tmp_path: Path, bad: object, message: str) -> None:
    assert message in read_problem(write_lines(tmp_path, row("X."), bad, row("Y.")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("article_id,system\na,bart\n", ":2: has no 'summary', only 'article_id', 'system'"),
        ('article_id,system,summary\na,bart,"X.\nY.\n', ":2: is not CSV (unexpected end of data)"),
        ("article_id,system,summary\n,, \n", ": has no outputs"),
        ("", ": has no outputs"),
    ],
)
def test_bad_csv_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "outputs.csv"
    path.write_text(text, encoding="utf-8")
    assert message in read_problem(path)


def test_unknown_columns_are_reported_once(tmp_path: Path) -> None:
    path = write_lines(tmp_path, *({"id": at, "model": "bart", "output": "X."} for at in range(3)))
    assert read_problem(path).removeprefix(str(path)) == (
        ":1: has no 'article_id' and no 'system' and no 'summary', only 'id', 'model', 'output'; correct the row, or "
        "name the right column: article_column: NAME, system_column: NAME, summary_column: NAME "
        "(system_column: null if all rows are of one system) (and on 2 more lines)"
    )
    named = Replay(path=path, article_column="id", system_column="model", summary_column="output")
    assert generate_one(named, request(Item(Article("2", "Two.")), variant="bart")).text == "X."


def config_of(folder: Path, *rows: object, options: str = "", limit: str = "null") -> RunConfig:
    """A config with the articles a and b that replays these rows."""
    write_lines(folder, *rows)
    articles = ({"id": name, "text": f"Article {name}."} for name in "ab")
    models = f"{{theirs: {{kind: replay, path: outputs.jsonl{options}}}}}"
    return config.load(write_config(folder, *articles, models=models, limit=limit))


def find_plan_problem(of: RunConfig) -> str:
    with pytest.raises(ConfigError) as caught:
        pipeline.plan(of)
    return str(caught.value)


def test_validate_names_missing_summaries(tmp_path: Path) -> None:
    config_of(tmp_path, row("X."), row("", article="b"))
    done = harness("validate", tmp_path / "run.yaml")
    assert done.exit_code == 0
    assert "outputs.jsonl has 1 missing or empty summary: 'bart of b'" in done.output


def test_rows_of_unknown_articles_are_an_error_unless_skipped(tmp_path: Path) -> None:
    rows = [row("X."), row("Y.", article="aa"), row("Z.", article="z")]
    assert "run.yaml:2: models.theirs: " in find_plan_problem(config_of(tmp_path, *rows))
    assert (
        "outputs.jsonl has rows of 2 articles that the config does not have: 'aa', 'z' (did you mean 'a'?); "
        "correct the ids, add the articles, or set other_articles: skip"
    ) in find_plan_problem(config_of(tmp_path, *rows))
    planned = pipeline.plan(config_of(tmp_path, *rows, options=", other_articles: skip"))
    assert [system.name for system in planned.systems] == ["bart"]


def test_system_without_any_article_is_an_error(tmp_path: Path) -> None:
    one_wrong = config_of(tmp_path, row("X."), row("Y.", "t5", "c"), options=", other_articles: skip")
    what = "for any article of the config: its column article_id has"
    assert f"has no row of 't5' {what} 'c', and" in find_plan_problem(one_wrong)
    all_wrong = config_of(tmp_path, row("X.", article="1"), row("Y.", article="2"))
    assert f"has no row {what} '1', '2', and " in find_plan_problem(all_wrong)


def test_rows_beyond_the_limit_are_not_an_error(tmp_path: Path) -> None:
    limited = config_of(tmp_path, row("X."), row("Y.", "t5", "b"), limit="1")
    assert [system.name for system in pipeline.plan(limited).systems] == ["bart", "t5"]
    wrong = config_of(tmp_path, row("X.", article="1"), limit="1")
    assert "has no row for any article of the config" in find_plan_problem(wrong)


def test_unknown_system_gets_a_suggestion(tmp_path: Path) -> None:
    model = Replay(path=write_lines(tmp_path, row("X.", "bart"), row("Y.", "t5")), system="bert")
    (message,) = model.check()
    assert message.endswith("has no system 'bert'; did you mean 'bart'? (allowed: bart, t5)")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder.jsonl", "is a folder or a pipe; give the path of a file"),
        ("pipe.jsonl", "is a folder or a pipe; give the path of a file"),
        ("outputs.tsv", "must end in .jsonl, .csv, .json"),
        ("results.html", "must end in .*export promptfoo's results as .json"),
    ],
)
def test_path_that_is_not_an_output_file_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(ValidationError, match=message):
        Replay(path=tmp_path / name)


def test_system_of_a_file_with_one_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="leave out the option `system`"):
        Replay(path=tmp_path / "outputs.csv", system="bart", system_column=None)


# lm-evaluation-harness -----------------------------------------------------------------------------------------------

ZERO, ONE = Item(Article("0", "An article.")), Item(Article("1", "Another."))


def sample(number: int, *texts: str, name: str = "none", **more: object) -> dict[str, object]:
    """A line of lm-eval 0.4.13 for a generate_until task, with only the keys that harness reads."""
    return {
        "doc_id": number,
        "doc": {"id": f"bbc-{number}", "document": "An article.", "summary": "A reference."},
        "resps": [list(texts)],
        "filtered_resps": [texts[0].strip()],
        "filter": name,
        **more,
    }


def test_lm_eval_file_is_one_system_and_repeats_are_samples(tmp_path: Path) -> None:
    """A document has one line for each filter, all with the same texts."""
    rows = [sample(0, " A.", " B.", name="strict"), sample(1, " C.", name="strict"), sample(0, " A.", name="loose")]
    model = Replay(path=write_lines(tmp_path, *rows))
    assert list(model.check()) == []
    assert model.variants() == ()
    assert (model.samples_for(ZERO), model.samples_for(ONE)) == (2, 1)
    assert [generate_one(model, request(ZERO, at)).text for at in range(2)] == [" A.", " B."]


def test_lm_eval_columns_can_be_document_fields_and_filtered_texts(tmp_path: Path) -> None:
    path = write_lines(tmp_path, sample(0, " A. "))
    model = Replay(path=path, article_column="doc.id", summary_column="filtered_resps")
    assert generate_one(model, request(Item(Article("bbc-0", "An article.")))).text == "A."


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([sample(0, "A.", resps=[[["-1.5", "no"]]])], 'jsonl:1: \'resps\' is [[["-1.5", "no"]]], not the texts of one'),
        ([sample(0, "A.", resps=[["-1.5"], ["-2"]])], 'jsonl:1: \'resps\' is [["-1.5"], ["-2"]], not the texts of one'),
        ([sample(0, "A.", resps={"texts": ["A."]})], 'jsonl:1: \'resps\' is {"texts": ["A."]}, not the texts of one'),
        ([sample(0, "A."), {"doc_id": 1, "doc": {}, "filter": "none"}], "jsonl:2: the row has no 'resps' (it has 'doc"),
        ([sample(0, "A.", doc_id=None)], "jsonl:1: 'doc_id' is null, not a name"),
    ],
)
def test_unexpected_lm_eval_line_is_an_error(tmp_path: Path, rows: list[object], expected: str) -> None:
    assert expected in read_problem(write_lines(tmp_path, *rows))


def test_own_rows_are_not_taken_for_lm_eval(tmp_path: Path) -> None:
    assert Replay(path=write_lines(tmp_path, {**row("A."), "doc_id": 3})).variants() == ("bart",)


# promptfoo -----------------------------------------------------------------------------------------------------------


def result(output: object, article: object = "a", label: str = "", **more: Any) -> dict[str, object]:
    """A result of promptfoo 0.123, with only the keys that harness reads."""
    return {
        "cost": 0.0002,
        "latencyMs": 840,
        "prompt": {"raw": "Summarise: An article.", "label": "plain"},
        "promptId": "9d1c",
        "promptIdx": 0,
        "provider": {"id": "openai:gpt", "label": label},
        "response": {"output": output, "tokenUsage": {"total": 320, "prompt": 300, "completion": 20}, "cached": False},
        "vars": {"article_id": article, "article": "An article."},
        **more,
    }


def output_file(folder: Path, *results: object) -> Path:
    return write_jsonl(folder / "results.json", {"results": {"version": 3, "results": results}})


@pytest.mark.parametrize(
    ("label", "name"),
    [("brief: prompts/p1.txt: Summarise:\n{{article}}", "brief: prompts/p1.txt: Summarise:…"), ("list", "list")],
)
def test_promptfoo_systems_are_named_by_provider_and_prompt(label: str, name: str, tmp_path: Path) -> None:
    """The label of an unnamed prompt is its text."""
    other = result("B.", promptIdx=1, promptId="77ab", prompt={"raw": "…", "label": label})
    path = output_file(tmp_path, result("A.", label="GPT"), other)
    assert Replay(path=path).variants() == ("GPT/plain", f"openai:gpt/{name}")
    assert generate_one(Replay(path=path, system="GPT/plain"), request(A)).text == "A."


def test_half_of_a_surrogate_pair_is_replaced(tmp_path: Path) -> None:
    model = Replay(path=output_file(tmp_path, result("It rose \ud83d.")))
    assert generate_one(model, request(A, 0, "openai:gpt")).text == "It rose \ufffd."


def test_promptfoo_providers_with_one_name_are_two_systems(tmp_path: Path) -> None:
    path = output_file(tmp_path, result("Cold."), result("Hot.", promptIdx=1), result("Cold again."))
    model = Replay(path=path)
    assert model.variants() == ("openai:gpt", "openai:gpt#2")
    assert generate_one(model, request(A, 1, "openai:gpt")).text == "Cold again."
    assert generate_one(model, request(A, 0, "openai:gpt#2")).text == "Hot."


@pytest.mark.parametrize("options", [{"summary_column": "response.clean"}, {"system_column": "vars.team"}])
@pytest.mark.parametrize("other", [{"results": {}}, {"eval": {"model": "m"}}], ids=["promptfoo", "inspect"])
def test_columns_that_a_tool_fixes_cannot_be_chosen(tmp_path: Path, other: object, options: dict[str, str]) -> None:
    path = write_jsonl(tmp_path / "results.json", other)
    with pytest.raises(ValidationError, match=f"leave out the option `{next(iter(options))}`"):
        Replay.model_validate({"path": path, **options})
    Replay(path=path, article_column="id", system_column=None)


EXPORT = Path(__file__).parent / "promptfoo" / "export.json"
"""An evaluation by promptfoo 0.123.1; its config and provider are in the same folder."""


def test_real_promptfoo_export_is_read() -> None:
    model = Replay(path=EXPORT)
    assert list(model.check()) == []
    assert set(model.variants()) == {"lead-1/plain", "lead-1/list", "lead-3/plain", "lead-3/list"}
    mayor, flood = (Item(Article(name, "An article.")) for name in ("mayor", "flood"))
    assert generate_one(model, request(mayor, 0, "lead-1/plain")).text == 'The mayor "resigned", she said.'
    failed = generate_one(model, request(flood, 0, "lead-3/plain"))
    assert failed.text is None
    assert str(failed.reason).endswith("API error: 400 Bad Request Too short")


def test_promptfoo_tokens_latency_cost_and_finish_are_read(tmp_path: Path) -> None:
    """A cached answer has no latency, and 0 means unknown."""
    tokens = {"total": 0, "prompt": 0, "completion": 0}
    cached = {"output": "B.", "tokenUsage": tokens, "cached": True, "finishReason": "length"}
    model = Replay(path=output_file(tmp_path, result("A."), result("B.", "b", response=cached, cost=0)))
    made = generate_one(model, request(A, 0, "openai:gpt"))
    assert (made.prompt_tokens, made.new_tokens, made.seconds, made.price) == (300, 20, 0.84, 0.0002)
    assert made.finish == "stop"
    made = generate_one(model, request(B, 0, "openai:gpt"))
    assert (made.prompt_tokens, made.new_tokens, made.seconds, made.price) == (None, None, None, None)
    assert made.finish == "length"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (
            [result("A."), result("B.", vars={"text": "An article."})],
            "results.json: results.results[1]: vars has no 'article_id' (it has 'text'); set article_column to",
        ),
        ([result("A.", response={"outputs": ["A."]})], "results[0]: response has no 'output' (it has 'outputs')"),
        ([result({"summary": "A."})], 'results.results[0]: \'response.output\' is {"summary": "A."}, not text'),
        ([result("A.", article=None)], "results.results[0]: 'article_id' is null, not a name"),
        ([["A."]], "results.results[0]: the row has no 'vars' (it is not an object)"),
        ([], "has no outputs; it needs a row for each summary"),
    ],
)
def test_incomplete_promptfoo_result_is_named(tmp_path: Path, results: list[object], expected: str) -> None:
    assert expected in read_problem(output_file(tmp_path, *results))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *((text, ": is neither promptfoo's results") for text in ("[]", '{"results": []}', '{"a": 1}', "[" * 100_000)),
        *((text, ":1: is not valid JSON; write it with") for text in ("", "{", "\u00e4")),
        ('{\n  "results":\n', ":3: is not valid JSON; write it with"),
        *(
            (f'{{"results": {{"version": {version}, "results": []}}}}', f": results.version: is {version}, but only 3")
            for version in ("4", '"3"', "null")
        ),
    ],
)
def test_json_that_is_not_a_promptfoo_export_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    assert f"results.json{message}" in read_problem(write_jsonl(tmp_path / "results.json", text, end=""))


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
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list[object]) -> None:
    folder = tmp_path_factory.mktemp("any")
    for path in (write_lines(folder, sample(0, "A."), *rows), output_file(folder, *rows)):
        for problem in Replay(path=path).check():
            assert problem


# Inspect -------------------------------------------------------------------------------------------------------------


REAL_LOG = """
from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.solver import generate, solver

def answer(text):
    output = ModelOutput.from_content("mockllm/model", text)
    output.usage = ModelUsage(input_tokens=300, output_tokens=20, total_tokens=320, total_cost=0.002)
    return output

@solver
def fail():
    async def solve(state, generate):
        raise RuntimeError("timed out")
    return solve

model = get_model("mockllm/model", custom_outputs=[answer("Peace."), answer("Peace.")])
samples = [Sample(id="a", input="Summarise.", metadata={"article": "bbc-a"})]
for kind, step, epochs in (("eval", generate(), 2), ("json", fail(), 1)):
    task = Task(dataset=samples, solver=step, epochs=epochs, fail_on_error=False)
    eval(task, model=model, log_dir=kind, log_format=kind, display="none")
"""
READ = """
import sys
sys.path.append("tests/models")
from pathlib import Path
from asking import generate_one, request
from harness.errors import DataError
from harness.models.replay import Replay
from harness.records import Article, Item

log, failed = (next(Path(sys.argv[1], kind).iterdir()) for kind in ("eval", "json"))
model = Replay(path=log)
assert model.variants() == ("mockllm/model",), model.variants()
made = [generate_one(model, request(Item(Article("a", "An.")), at, "mockllm/model")) for at in range(2)]
assert [each.text for each in made] == ["Peace.", "Peace."]
assert (made[0].prompt_tokens, made[0].new_tokens, made[0].price) == (300, 20, 0.002)
assert 0 < made[0].seconds < 60
by_metadata = Replay(path=log, article_column="metadata.article")
assert generate_one(by_metadata, request(Item(Article("bbc-a", "An.")), 0, "mockllm/model")).text == "Peace."
missing = generate_one(Replay(path=failed), request(Item(Article("a", "An.")), 0, "mockllm/model"))
assert missing.text is None
assert missing.reason.endswith(".json is empty: RuntimeError('timed out')"), missing.reason

newer = Path(sys.argv[1], "newer.json")
newer.write_text(failed.read_text().replace('"version": 2', '"version": 99', 1))
(problem,) = Replay(path=newer).check()
assert "99" in problem and problem.endswith("if a newer Inspect wrote it, update inspect-ai"), problem
"""


@pytest.mark.slow
def test_inspect_log_is_one_system_with_tokens_cost_and_seconds(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Inspect pins other versions than harness, so it runs in its own environment."""
    environment = install_apart("inspect-ai==0.3.285", pytestconfig)
    for code, folder in ((REAL_LOG, tmp_path), (READ, pytestconfig.rootpath)):
        command = [sys.executable, "-c", code, str(tmp_path)]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_inspect_log_without_inspect_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    path = tmp_path / "log.json"
    path.write_text('{"version": 2, "status": "success", "eval": {"model": "m"}, "samples": []}')
    with pytest.raises(MissingDependencyError, match=r"pip install 'fact-harness\[inspect\]'"):
        Replay(path=path).variants()


def test_missing_inspect_log_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"log\.eval: does not exist"):
        Replay(path=tmp_path / "log.eval").variants()
