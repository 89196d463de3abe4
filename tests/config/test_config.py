"""A config reports all its mistakes at once, each in one line with file, line, key and remedy."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import list_problems, manifest

from harness import config, pipeline
from harness.config.resolve import resolve
from harness.errors import ConfigError

Write = Callable[[str], Path]
"""Writes run.yaml and returns its path."""

LEAD = "{kind: lead}"
SERVED = "{kind: openai_api, model: m, base_url: 'http://h/v1'}"
GOOD = """\
articles: articles
models:
  lead: {kind: lead}
scorers: [length]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_config(text: str) -> Path:
        path = tmp_path / "run.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_config


def find_problems(path: Path, *overrides: str) -> list[str]:
    return [each.partition("run.yaml")[2] or each for each in list_problems(config.load, path, overrides)]


@pytest.mark.parametrize("form", ["path", "text", "mapping", "mapping with a path", "mapping with tuples"])
def test_config_builds_its_plugins(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.chdir(tmp_path)
    articles = {"mapping with a path": tmp_path / "articles", "mapping with tuples": ("articles",)}
    data = {"articles": articles.get(form, "articles"), "models": {"lead": "lead"}, "scorers": ("length",)}
    path = write(GOOD)
    source: Any = {"path": path, "text": str(path)}.get(form, data)
    loaded = config.load(source, ["models.lead.sentences=2"])
    assert loaded.name == "run"
    assert loaded.articles == (tmp_path / "articles",)
    assert loaded.models["lead"].model_dump() == {"role": "floor", "sentences": 2}
    assert loaded.verifier.kind() == "entailment"
    assert loaded.output == Path("results/run")


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on Unix alone")
def test_file_name_that_is_not_utf_8_is_refused(write: Write) -> None:
    path = write(GOOD)
    with pytest.raises(ConfigError, match="its name is not UTF-8"):
        config.load(path.rename(path.with_name(os.fsdecode(b"\xff.yaml"))))


@pytest.mark.parametrize(
    ("text", "overrides", "name"),
    [
        (GOOD, (), "run"),
        (GOOD + "output: results/base\n", (), "base"),
        (GOOD + "name: mine\noutput: results/base\n", (), "mine"),
        (GOOD + "name: mine\n", ('output="results/short"',), "short"),
        (GOOD + "name: mine\n", ('output="results/short"', "name=yours"), "yours"),
        (GOOD, ('output="a b (2)/"',), "a-b-2"),
        (GOOD, ('output="für 2"',), "für-2"),
    ],
)
def test_run_is_named_after_its_name_or_folder(write: Write, text: str, overrides: tuple[str, ...], name: str) -> None:
    assert config.load(write(text), overrides).name == name


def test_overrides_are_recorded_except_output_and_engine(write: Write) -> None:
    given = ["models.lead.sentences=2", 'output="results/short"', 'engine={"kind": "local"}', "limit=3"]
    given.append("engine.workers.lead.cpus=2")
    assert config.load(write(GOOD), given).layers.overrides == ("models.lead.sentences=2", "limit=3")


@pytest.mark.parametrize(
    ("override", "start"),
    [
        ("models.lead.sentences=none", "--set models.lead.sentences: must be a whole number, not 'none'"),
        ("models=3", "--set models: must be a mapping"),
        ("models.lede.sentences=3", "--set models.lede.sentences: there is no model 'lede'; did you mean"),
    ],
)
def test_mistake_in_an_override_names_the_override(write: Write, override: str, start: str) -> None:
    [problem] = find_problems(write(GOOD), override)
    assert problem.startswith(start)


EVALUATE = "{kind: evaluate, metric: ./run.yaml, keys: [x]}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace("length", f"{EVALUATE}, {EVALUATE}"), ":4: scorers[1]: 'evaluate.run.yaml' is listed twice; "),
        (GOOD + "sede: 3\n", ":5: sede: unknown key; did you mean 'seed'?"),
        (GOOD + "seed: 1.5\n", ":5: seed: must be a whole number, not 1.5"),
        (GOOD + "seed:\n", ":5: seed: is empty; write a whole number"),
        (GOOD + "name: .x\n", ":5: name: is '.x'; begin with a letter or a digit, and use only letters, digits, dots"),
        (GOOD.replace(LEAD, "{kind: lead, sentence: 3}"), ":3: models.lead.sentence: unknown key; did you mean"),
        (GOOD + "verifier: {knd: lexical}\n", ":5: verifier.knd: unknown key; did you mean 'kind'? (allowed: kind, "),
        (GOOD.replace(LEAD, "{kind: leed}"), ":3: models.lead.kind: there is no model of kind 'leed'; did you mean"),
        (GOOD + "verifier: judge\n", ":5: verifier.model: is missing"),
        (GOOD.replace(LEAD, "{}"), ":3: models.lead: has no kind; write kind: KIND (allowed: hf_causal"),
        (GOOD.replace(LEAD, "{kind: ../x}"), ":3: models.lead.kind: there is no model of kind '../x'"),
        (GOOD.replace("length", "lenght"), ":4: scorers[0]: there is no scorer of kind 'lenght'; did you mean 'length"),
        (GOOD.replace("  lead:", "  le/ad:"), ":3: models.le/ad: is 'le/ad'; begin with a letter or a digit"),
        (GOOD.replace("  lead:", f"  {'a' * 101}:"), f":3: models.{'a' * 101}: "),
        (GOOD.replace("articles: articles\n", ""), ": articles: is missing"),
        (
            GOOD + "verifier: {kind: cascade, steps: [lexical, {kind: lexical, treshold: 1}]}\n",
            ":5: verifier.steps[1].treshold: unknown key; did you mean 'threshold'",
        ),
        (GOOD + "verifier: {kind: cascade, steps: [lexicle]}\n", ":5: verifier.steps[0]: there is no verifier of kind"),
        *((GOOD + f"verifier: {{kind: cascade, steps: {steps}}}\n", ":5: verifier.steps") for steps in ("5", "[[x]]")),
        (GOOD.replace("[length]", "[3]"), ":4: scorers[0]: must be a kind, or a mapping with a kind"),
        (GOOD + "prompts: {p: 3}\n", ":5: prompts.p: must be a mapping such as"),
        (GOOD + "labels: 3\n", ":5: labels: must be 'none' or the path of a file or a folder, not 3"),
        (GOOD + "labels: ~nobody-here/x\n", ":5: labels: is '~nobody-here/x'; there is no home folder"),
        (GOOD.replace(LEAD, SERVED), ":3: models.lead: a generative model needs a prompt"),
        (GOOD + "prompts: {p: {template: x, file: y}}\n", ":5: prompts.p: write either template or file"),
        (GOOD + "prompts: {p: {file: gone.j2}}\n", ":5: prompts.p.file: "),
        (GOOD + "prompts: {p: 'x {{ article.txt }}'}\n", ":5: prompts.p: unknown field article.txt; did you mean"),
        (GOOD + "engine: {kind: local, workers: {led: {cpus: 2}}}\n", ":5: engine.workers.led: only models and"),
        ("seed: 1\nseed: 2\n", ":2: "),
    ],
)
def test_mistake_names_its_line_and_what_to_write(write: Write, text: str, expected: str) -> None:
    [problem] = find_problems(write(text))
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (GOOD.replace(LEAD, "{kind: lead, sentence: 3}").replace("[length]", "[lenght, ruoge]"),
         {"models.lead.sentence", "scorers[0]", "scorers[1]"}),
        (GOOD.replace(LEAD, "{kind: lead, sentenses: 3}")
         + "seed: many\nlimit: 0\nsede: 1\nprompts: {p: 'x {{ article.txt }}'}\n",
         {"seed", "limit", "sede", "models.lead.sentenses", "prompts.p"}),
        ("models: 5\nscorers: [lenght]\n", {"articles", "models", "scorers[0]"}),
        (GOOD.replace(LEAD, "{kind: lead, sentenses: 3}") + "se.de: 1\n'li[mit': 0\n",
         {"se.de", "li[mit", "models.lead.sentenses"}),
        (GOOD.replace("articles: articles", "articles: [{path: x.txt}]") + "seed: x\n", {"articles[0].path", "seed"}),
    ],
)  # fmt: skip  # one table
def test_all_mistakes_are_reported_at_once(write: Write, text: str, keys: set[str]) -> None:
    found = [problem.partition(": ")[2].partition(":")[0] for problem in find_problems(write(text))]
    assert sorted(found) == sorted(keys)


def test_only_needs_no_keys_variables_or_files_of_other_models(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    more = "  api: {kind: openai_api, model: m}\n  url: {kind: openai_api, model: m, base_url: '${HARNESS_GONE}'}\n"
    more += "  old: {kind: openai_api, model: m, prompts: [p]}\n  saved: {kind: replay, path: gone.jsonl}\n"
    more += "prompts: {p: x, q: y}\nengine: {workers: {api: {cpus: 2}}}\n"
    path = write(GOOD.replace("scorers", f"{more}scorers"))
    assert list(config.load(path, ['only=["lead"]']).models) == ["lead"]
    assert config.load_verifier(path).kind() == "entailment"
    for name in ("lead/old", "old/q"):
        assert len(find_problems(path, f"only={name}", "models.url=null")) == 3, "may be a system of saved.jsonl"
    assert "did you mean 'verifier'?" in find_problems(path, "only=lead", "engine.workers.verifer.cpus=2")[0]
    for overrides in (['only=["api/p"]'], ["only=lead", "facts.model=api"]):
        [problem] = find_problems(path, *overrides)
        assert problem.startswith(":4: models.api: needs a key")
    [problem] = find_problems(path, "only=lead", "facts.model=apii")
    assert problem.startswith("--set facts.model: there is no model 'apii'; did you mean 'api'?")


# Plugins of other packages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [("def broken(:\n", "SyntaxError: invalid syntax"), ("import sys\nsys.exit(0)\n", "SystemExit: 0")],
)
def test_module_that_fails_to_import_is_named(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fault: str
) -> None:
    (tmp_path / "broken_plugin.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    [problem] = find_problems(write(GOOD.replace("length", "'broken_plugin:Own'")))
    assert problem.startswith(":4: scorers[0]: 'broken_plugin:Own' cannot be imported: ")
    assert fault in problem


@pytest.mark.parametrize("method", ["check", "depends", "signature", "metrics"])
def test_plugin_whose_code_fails_is_named_at_its_key(write: Write, tmp_path: Path, method: str) -> None:
    (tmp_path / "broken").write_text(method, encoding="utf-8")
    [problem] = find_problems(write(GOOD.replace("length", "{kind: 'plugins_of_others:Breaking', broken: broken}")))
    assert problem.startswith(":4: scorers[0].kind: plugins_of_others:Breaking: ")
    assert f"KeyError: '{method} is broken'" in problem


# Prompts and plans ---------------------------------------------------------------------------------------------------


def write_with_prompt(write: Write, prompt: str) -> Path:
    """Write a config with one article and one model that answers this prompt."""
    path = write(f"articles: rows.jsonl\nmodels: {{m: {SERVED}}}\nscorers: [length]\nprompts: {{p: {prompt}}}\n")
    path.with_name("rows.jsonl").write_text('{"id": "a", "text": "It rains."}\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("prompt", "place"),
    [("'{{ 1 // 0 }}'", "4: prompts.p: its template"), ("{file: ask.j2}", "4: prompts.p: {folder}/ask.j2")],
)
def test_template_that_fails_is_named_by_key_and_file(write: Write, tmp_path: Path, prompt: str, place: str) -> None:
    (tmp_path / "ask.j2").write_text("{{ 1 // 0 }}", encoding="utf-8")
    planned = pipeline.plan(config.load(write_with_prompt(write, prompt)))
    with pytest.raises(ConfigError) as caught:
        list(planned.requests(planned.systems[0], planned.items))
    failure = "cannot be rendered for article a, line 1: ZeroDivisionError"
    assert f"run.yaml:{place.format(folder=tmp_path)} {failure}" in str(caught.value)
    (tmp_path / "ask.j2").write_text("Do.\n{{ article.txt }}", encoding="utf-8")
    [problem] = find_problems(write(GOOD + "prompts: {p: {file: ask.j2}}\n"))
    assert problem.startswith(f":5: prompts.p.file: {tmp_path}/ask.j2:2: unknown field article.txt")


def test_same_template_inline_and_in_a_file_make_the_same_system(write: Write, tmp_path: Path) -> None:
    (tmp_path / "ask.j2").write_text("Do.", encoding="utf-8")
    inline, in_file = (
        pipeline.plan(config.load(write_with_prompt(write, prompt))).systems for prompt in ("Do.", "{file: ask.j2}")
    )
    assert inline == in_file


# The config in a manifest --------------------------------------------------------------------------------------------


def test_resolved_config_hides_only_secrets(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "t0ken")
    monkeypatch.setenv("WHERE", "articles")
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "SECRET,WHERE")
    (tmp_path / "a.py").touch()
    (tmp_path / "p.j2").write_text("ask", encoding="utf-8")
    scorer = "{kind: evaluate, metric: ./a.py, keys: ['${SECRET}', x], arguments: {one: {two: '${SECRET}'}, three: 3}}"
    text = GOOD.replace("articles: articles", "articles: '${WHERE}'").replace("length", scorer)
    text = text.replace(LEAD, "{kind: hf_causal, model: '${SECRET}/x'}")
    prompts = "prompts: {p: {file: p.j2}, q: {template: 'ask ${SECRET}', system_message: '${SECRET}'}}\n"
    resolved = resolve(config.load(write(text + prompts)), tmp_path / "results" / "run")
    assert resolved["articles"] == ["../../articles"]
    assert resolved["models"]["lead"]["model"] == "${SECRET}/x"
    assert resolved["models"]["lead"]["max_new_tokens"] == 128
    assert resolved["scorers"][0]["keys"] == ["${SECRET}", "x"]
    assert resolved["scorers"][0]["arguments"] == {"one": {"two": "${SECRET}"}, "three": 3}
    assert resolved["prompts"] == {
        "p": {"template": "ask"},
        "q": {"template": "ask ${SECRET}", "system_message": "${SECRET}"},
    }
    assert "t0ken" not in str(resolved)


def test_text_that_begins_with_a_slash_is_kept_unless_its_option_is_a_path(write: Write, tmp_path: Path) -> None:
    """A server's model name and instructions to a judge are not paths."""
    judge = (
        f"{{kind: judge, base_url: 'http://localhost:8000/v1', model: {tmp_path}/models/Qwen3-8B, "
        'instructions: "/no_think\\nSee https://example.org/a/../b/"}'
    )
    (tmp_path / "a.py").touch()
    scorer = f"{{kind: evaluate, metric: {tmp_path}/a.py, keys: [x]}}"
    loaded = config.load(write(GOOD.replace("length", scorer) + f"verifier: {judge}\n"))
    folder = tmp_path / "results" / "run"
    resolved = resolve(loaded, folder)
    assert resolved["verifier"]["model"] == f"{tmp_path}/models/Qwen3-8B"
    assert resolved["verifier"]["instructions"] == "/no_think\nSee https://example.org/a/../b/"
    assert resolved["scorers"][0]["metric"] == "../../a.py"
    again = config.load_judging(manifest(config=resolved), folder, ["scorers=[length]", f"verifier={judge}"])
    assert again.verifier.signature() == loaded.verifier.signature()


def test_literal_dollar_brace_is_escaped_in_the_manifest(write: Write, tmp_path: Path) -> None:
    loaded = config.load(write(GOOD + "prompts: {p: 'it costs $${PRICE} or ${ABSENT:-nothing}, $$${x}'}\n"))
    assert loaded.prompts["p"].template == "it costs ${PRICE} or nothing, $${x}"
    written = json.dumps(resolve(loaded, tmp_path)["prompts"])
    assert config.load(write(f"{GOOD}prompts: {written}\n")).prompts == loaded.prompts
