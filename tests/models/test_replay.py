from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import generate_all, generate_one, request
from builders import item
from command_line import harness
from pydantic import ValidationError

from harness import config, pipeline
from harness.config import RunConfig
from harness.errors import ConfigError, DataError
from harness.models.replay import Replay
from harness.records import Article, Item
from harness.seams import Located

A = item("An article.")
B = Item(Article("b", "Another."))


def write_outputs(folder: Path, *rows: object) -> Path:
    """A file of outputs; string rows are written verbatim."""
    path = folder / "outputs.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def row(summary: object, system: object = "bart", article: object = "a") -> dict[str, object]:
    return {"article_id": article, "system": system, "summary": summary}


def read_problem(model: Replay) -> str:
    """The message of check(), after asserting that reading raises the same."""
    message = "\n".join(model.check())
    with pytest.raises(DataError) as caught:
        model.variants()
    assert str(caught.value) == message
    return message


# Outputs -------------------------------------------------------------------------------------------------------


def test_each_system_of_the_file_is_a_variant_unless_one_is_chosen(tmp_path: Path) -> None:
    path = write_outputs(tmp_path, row("X.", "t5"), row("Y.", "bart"), row("Z.", "t5", "b"))
    model = Replay(path=path)
    assert model.variants() == ("t5", "bart")
    assert [generate_one(model, request(A, variant=system)).text for system in model.variants()] == ["X.", "Y."]
    assert list(model.check()) == []
    chosen = Replay(path=path, system="bart")
    assert chosen.variants() == ()
    assert generate_one(chosen, request(A)).text == "Y."


def test_file_without_system_names_is_one_system(tmp_path: Path) -> None:
    path = write_outputs(tmp_path, {"article_id": "a", "summary": "X."})
    model = Replay(path=path, system_column=None)
    assert model.variants() == ()
    assert generate_one(model, request(A)).text == "X."
    assert generate_one(model, request(B)).reason == "no saved output for article b in outputs.jsonl"


def test_several_rows_per_article_and_system_are_samples(tmp_path: Path) -> None:
    model = Replay(path=write_outputs(tmp_path, row("1."), row("2."), row("3.", "t5")))
    counts = [(A, "bart"), (A, "t5"), (A, None), (B, "bart")]
    assert [model.samples_for(article, system) for article, system in counts] == [2, 1, 2, 1]
    made = generate_all(model, [request(A, sample, "bart", str(sample)) for sample in range(2)])
    assert [made["0"].text, made["1"].text] == ["1.", "2."]
    missing = generate_one(model, request(A, 1, "t5"))
    assert (missing.text, missing.finish) == (None, "none")
    assert missing.reason == "no saved output 2 of t5 for article a in outputs.jsonl"


@pytest.mark.parametrize("nothing", ["", " \n ", None])
def test_empty_output_is_a_reason_with_its_line(tmp_path: Path, nothing: str | None) -> None:
    made = generate_one(Replay(path=write_outputs(tmp_path, row("X.", "t5"), row(nothing))), request(A, variant="bart"))
    assert made.text is None
    assert made.reason == "the saved output of bart for article a is empty (outputs.jsonl:2)"


def test_gaps_lists_missing_and_repeated_outputs(tmp_path: Path) -> None:
    rows = (row("X."), row("X. "), row("", article="b"), row("Z.", "t5"))
    model = Replay(path=write_outputs(tmp_path, *rows))
    lacking, twice = model.gaps(("a", "b"))
    assert lacking.endswith("outputs.jsonl has 2 missing or empty summaries: 'bart of b', 't5 of b'")
    assert twice.endswith("outputs.jsonl repeats a summary, and each copy counts as a sample: 'bart of a'")
    assert list(model.gaps(())) == []


def test_csv_with_column_options_quotes_line_breaks_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "saved.CSV"
    path.write_bytes('\ufeffdoc,model,out,new_tokens\r\na,bart,"He said ""no"", twice.\r\nThen left.",20\r\n'.encode())
    model = Replay(path=path, article_column="doc", system_column="model", summary_column="out")
    made = generate_one(model, request(A, variant="bart"))
    assert (made.text, made.new_tokens) == ('He said "no", twice.\r\nThen left.', 20)


def test_tokens_seconds_and_price_are_read(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 300, "new_tokens": 20, "seconds": 1.5, "price": 0.001}
    path = write_outputs(tmp_path, {**row("X."), **usage}, {**row("Y.", article="b"), **dict.fromkeys(usage, "?")})
    made = generate_one(Replay(path=path), request(A, variant="bart"))
    assert (made.prompt_tokens, made.new_tokens, made.seconds, made.price) == (300, 20, 1.5, 0.001)
    made = generate_one(Replay(path=path), request(B, variant="bart"))
    assert (made.text, made.prompt_tokens, made.seconds) == ("Y.", None, None)


# Signature and path -------------------------------------------------------------------------------------------------


def test_signature_depends_on_content_not_path(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, same = write_outputs(tmp_path, row("X.")), write_outputs(tmp_path / "other", row("X."))
    assert Replay(path=first).signature() == Replay(path=same).signature()
    assert str(tmp_path) not in Replay(path=first).signature()
    assert Replay(path=Located.at("outputs.jsonl", tmp_path)).signature() == Replay(path=first).signature()
    changed = write_outputs(tmp_path / "other", row("Y."))
    assert Replay(path=first).signature() != Replay(path=changed).signature()
    assert Replay(path=first).signature() != Replay(path=first, system="bart").signature()


# Errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"article_id": "a", "system": "bart", "summ', ":2: is not valid JSON: unterminated string"),
        (
            {"article_id": "a", "summary": "X."},
            ":2: has no 'system', only 'article_id', 'summary'; correct the row, or name",
        ),
        (row("X.", article=None), ":2: 'article_id' is null, not a name"),
        (row("X.", system=True), ":2: 'system' is true, not a name"),
        (row("X.", article=" "), ":2: 'article_id' is \" \", not a name"),
        (row(7), ":2: 'summary' is 7, not text"),
        (row("\ud800"), ":2: holds half of a surrogate pair"),
    ],
)
def test_bad_json_line_is_named_with_its_number(tmp_path: Path, bad: object, message: str) -> None:
    assert message in read_problem(Replay(path=write_outputs(tmp_path, row("X."), bad, row("Y."))))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("article_id,system\na,bart\n", ":2: has no 'summary', only 'article_id', 'system'"),
        ('article_id,system,summary\na,bart,"X.\nY.\n', ":2: is not CSV (unexpected end of data)"),
        ("article_id,system,summary\n", ": has no outputs"),
        ("", ": has no outputs"),
    ],
)
def test_bad_csv_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "outputs.csv"
    path.write_text(text, encoding="utf-8")
    assert message in read_problem(Replay(path=path))


def test_unknown_columns_are_reported_once(tmp_path: Path) -> None:
    path = write_outputs(tmp_path, *({"id": at, "model": "bart", "output": "X."} for at in range(3)))
    assert read_problem(Replay(path=path)).removeprefix(str(path)) == (
        ":1: has no 'article_id' and no 'system' and no 'summary', only 'id', 'model', 'output'; correct the row, or "
        "name the right column: article_column: NAME, system_column: NAME, summary_column: NAME "
        "(system_column: null if all rows are of one system) (and on 2 more lines)"
    )
    named = Replay(path=path, article_column="id", system_column="model", summary_column="output")
    assert generate_one(named, request(Item(Article("2", "Two.")), variant="bart")).text == "X."


def config_of(folder: Path, *rows: object, options: str = "", limit: str = "") -> RunConfig:
    """A config with the articles a and b that replays these rows."""
    write_outputs(folder, *rows)
    articles = "".join(json.dumps({"id": name, "text": f"Article {name}."}) + "\n" for name in "ab")
    (folder / "articles.jsonl").write_text(articles, "utf-8")
    (folder / "config.yaml").write_text(
        f"articles: articles.jsonl\nmodels:\n  theirs: {{kind: replay, path: outputs.jsonl{options}}}\n"
        f"verifier: lexical\nscorers: [length]\n{limit}",
        "utf-8",
    )
    return config.load(folder / "config.yaml")


def test_validate_names_missing_summaries(tmp_path: Path) -> None:
    config_of(tmp_path, row("X."), row("", article="b"))
    done = harness("validate", tmp_path / "config.yaml")
    assert done.exit_code == 0
    assert "outputs.jsonl has 1 missing or empty summary: 'bart of b'" in done.output
    config_of(tmp_path, row("X."), row("Y.", article="b"))
    assert "has no summary" not in harness("validate", tmp_path / "config.yaml").output


def test_rows_of_unknown_articles_are_an_error_unless_skipped(tmp_path: Path) -> None:
    rows = [row("X."), row("Y.", article="aa"), row("Z.", article="z")]
    with pytest.raises(ConfigError) as caught:
        pipeline.plan(config_of(tmp_path, *rows))
    assert "config.yaml:3: models.theirs: " in str(caught.value)
    assert (
        "outputs.jsonl has rows of 2 articles that the config does not have: 'aa', 'z' (did you mean 'a'?); "
        "correct the ids, add the articles, or set other_articles: skip"
    ) in str(caught.value)
    with pytest.raises(ConfigError, match="has rows of 1 article that the config does not have: 'z'; correct"):
        pipeline.plan(config_of(tmp_path, row("X."), row("Z.", article="z")))
    planned = pipeline.plan(config_of(tmp_path, *rows, options=", other_articles: skip"))
    assert [system.name for system in planned.systems] == ["bart"]


def test_system_without_any_article_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="has no row of 't5' for any article of the config: its column article_id has 'c', and"
    ):
        pipeline.plan(config_of(tmp_path, row("X."), row("Y.", "t5", "c"), options=", other_articles: skip"))
    wrong = config_of(tmp_path, row("X.", article="1"), row("Y.", article="2"))
    with pytest.raises(
        ConfigError, match="has no row for any article of the config: its column article_id has '1', '2', and "
    ):
        pipeline.plan(wrong)


def test_rows_beyond_the_limit_are_not_an_error(tmp_path: Path) -> None:
    limited = config_of(tmp_path, row("X."), row("Y.", "t5", "b"), limit="limit: 1\n")
    assert [system.name for system in pipeline.plan(limited).systems] == ["bart", "t5"]
    with pytest.raises(ConfigError, match="has no row for any article of the config"):
        pipeline.plan(config_of(tmp_path, row("X.", article="1"), limit="limit: 1\n"))


def test_unknown_system_gets_a_suggestion(tmp_path: Path) -> None:
    model = Replay(path=write_outputs(tmp_path, row("X.", "bart"), row("Y.", "t5")), system="bert")
    (message,) = model.check()
    assert message.endswith("has no system 'bert'; did you mean 'bart'? (allowed: bart, t5)")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder.jsonl", "is a folder; give the path of a file in it"),
        ("outputs.tsv", "must end in .jsonl, .csv, .json"),
        ("results.html", "must end in .*export promptfoo's results as .json"),
    ],
)
def test_path_of_no_file_with_outputs_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(ValidationError, match=message):
        Replay(path=tmp_path / name)


def test_system_of_a_file_with_one_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="but this file has only one; leave system out"):
        Replay(path=tmp_path / "outputs.csv", system="bart", system_column=None)
