"""Every mistake in a config is one line with file, line, key and remedy, and all of them at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import manifest

from harness import config, pipeline
from harness.errors import ConfigError

Write = Callable[[str], Path]
"""Writes run.yaml and gives its path."""

LEAD = "{kind: lead}"

GOOD = """\
articles: articles
models:
  lead: {kind: lead}
scorers: [length]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "run.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def problems(path: Path, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config.load(path, overrides)
    return [str(problem).partition("run.yaml")[2] or str(problem) for problem in caught.value.problems]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on Unix alone")
def test_a_config_whose_name_is_not_utf_8_is_refused(write: Write) -> None:
    """The run's manifest names it."""
    path = write(GOOD)
    with pytest.raises(ConfigError, match="its name is not UTF-8; give the file another"):
        config.load(path.rename(path.with_name(os.fsdecode(b"\xff.yaml"))))


def test_a_config_is_checked_and_its_plugins_are_made(write: Write, tmp_path: Path) -> None:
    made = config.load(write(GOOD), ["models.lead.sentences=2"])
    assert made.name == "run"
    assert made.articles == (tmp_path / "articles",)
    assert made.models["lead"].model_dump() == {"role": "floor", "sentences": 2}
    assert made.verifier.kind() == "entailment"
    assert made.output == Path("results/run")


@pytest.mark.parametrize(
    ("text", "overrides", "name"),
    [
        (GOOD, (), "run"),
        (GOOD + "output: results/base\n", (), "base"),
        (GOOD + "name: mine\noutput: results/base\n", (), "mine"),
        (GOOD + "name: mine\n", ('output="results/short"',), "short"),
        (GOOD + "name: mine\n", ('output="results/short"', "name=yours"), "yours"),
        (GOOD, ('output="a b (2)/"',), "a-b-2"),
    ],
)
def test_a_run_is_called_by_its_name_or_its_folder(
    write: Write, text: str, overrides: tuple[str, ...], name: str
) -> None:
    assert config.load(write(text), overrides).name == name


def test_what_was_overridden_is_kept_but_for_the_place_and_the_workers(write: Write) -> None:
    given = ["models.lead.sentences=2", 'output="results/short"', 'engine={"kind": "local"}', "limit=3"]
    given.append("engine.workers.lead.cpus=2")
    assert config.load(write(GOOD), given).layers.overrides == ("models.lead.sentences=2", "limit=3")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD + "sede: 3\n", ":5: sede: is not a key here; did you mean 'seed'?"),
        (GOOD + "seed: many\n", ":5: seed: is the text 'many'"),
        (GOOD + "limit: 0\n", ":5: limit: is the number 0; input should be greater than or equal to 1"),
        (GOOD.replace(LEAD, "{kind: lead, sentence: 3}"), ":3: models.lead.sentence: is not a key here; did you mean"),
        (
            GOOD.replace(LEAD, "{kind: leed}"),
            ":3: models.lead.kind: there is no model of kind 'leed'; did you mean 'lead'",
        ),
        (GOOD.replace(LEAD, "{}"), ":3: models.lead.kind: is missing; write one of"),
        (GOOD.replace(LEAD, "{kind: ../x}"), ":3: models.lead.kind: there is no model of kind '../x'"),
        (
            GOOD.replace("length", "lenght"),
            ":4: scorers[0]: there is no scorer of kind 'lenght'; did you mean 'length'?",
        ),
        (GOOD.replace("length", "length, length"), ":4: scorers[1]: 'length' is there already"),
        (GOOD.replace("  lead:", "  le/ad:"), ":3: models.le/ad: 'le/ad' is not a name"),
        (
            GOOD.replace("  lead:", "  _x:"),
            ":3: models._x: '_x' is not a name; begin with a letter or a digit, and write letters, digits, dots,",
        ),
        (GOOD.replace("  lead:", f"  {'a' * 101}:"), f":3: models.{'a' * 101}: has 101 letters; write 100 at most"),
        (GOOD.replace("articles: articles\n", ""), ": articles: is missing"),
        (GOOD + "verifier: lexikal\n", ":5: verifier: there is no verifier of kind 'lexikal'; did you mean 'lexical'?"),
        (
            GOOD.replace("[length]", "[3]"),
            ":4: scorers[0]: is the number 3; write text, in quotes, or write keys and values, e.g.",
        ),
        (GOOD + "prompts: {p: 3}\n", ":5: prompts.p: is the number 3; write text, in quotes, or write keys and"),
        (GOOD + "prompts: [p, p]\n", ":5: prompts: is a list; write keys and values"),
        (GOOD + "labels: 3\n", ":5: labels: is the number 3; write the path of a file or a folder"),
        (GOOD + "labels: .\n", ":5: labels: is the text '.'; "),
        (GOOD + "labels: ~nobody-here/x\n", ":5: labels: is the text '~nobody-here/x'; nobody on this machine has"),
        (GOOD + "output: hdfs:///data/x\n", ":5: output: is the text 'hdfs:///data/x'; is a URL"),
        (GOOD + "extends: ~nobody-here/x.yaml\n", ":5: extends: there is no file "),
        (
            GOOD.replace(LEAD, "{kind: hf_seq2seq, model: ~nobody-here/x}"),
            ":3: models.lead: ",
        ),
        (
            GOOD.replace(LEAD, "{kind: openai_api, model: m, base_url: 'http://h/v1', prompts: [p, p]}")
            + "prompts: {p: x}\n",
            ":3: models.lead.prompts: names 'p' 2 times; name it once, and for more summaries set samples",
        ),
        (GOOD + "prompts: {p: {}}\n", ":5: prompts.p: needs either a template or a file"),
        (GOOD + "prompts: {p: {template: x, file: y}}\n", ":5: prompts.p: needs either a template or a file"),
        (GOOD + "prompts: {p: {file: gone.j2}}\n", ":5: prompts.p.file: "),
        (
            GOOD + "prompts: {p: 'x {{ article.txt }}'}\n",
            ":5: prompts.p: unknown field article.txt; did you mean",
        ),
        ("models:\n\tlead: 1\n", ":2: "),
        ("seed: 1\nseed: 2\n", ":2: "),
    ],
)
def test_a_mistake_names_its_line_and_what_to_write(write: Write, text: str, expected: str) -> None:
    found = problems(write(text))
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_all_mistakes_are_shown_at_once(write: Write) -> None:
    text = GOOD.replace("{kind: lead}", "{kind: lead, sentence: 3}").replace("[length]", "[lenght, ruoge]")
    assert len(problems(write(text))) == 3


def test_a_mistake_in_an_override_names_the_override(write: Write) -> None:
    found = problems(write(GOOD), "models.lead.sentences=none")
    assert found[0].startswith("--set models.lead.sentences: models.lead.sentences: ")


def test_several_metrics_of_evaluate_have_names_of_their_own(write: Write, tmp_path: Path) -> None:
    """Several metrics of evaluate stand side by side under names of their own."""
    (tmp_path / "a.py").touch()
    one = "{kind: evaluate, metric: ./a.py, keys: [x]}"
    other = one.replace("kind:", "alias: b, kind:")
    made = config.load(write(GOOD.replace("length", f"{one}, {other}")))
    assert [scorer.name for scorer in made.scorers] == ["evaluate.a", "evaluate.b"]
    assert [metric.name for scorer in made.scorers for metric in scorer.metrics()] == ["evaluate.a.x", "evaluate.b.x"]
    assert made.scorers[0].signature() == made.scorers[1].signature()
    [twice] = problems(write(GOOD.replace("length", f"{one}, {one}")))
    assert "scorers[1]: 'evaluate.a' is there already; take one of them out, or give it an alias" in twice


@pytest.mark.parametrize(
    ("text", "fault"),
    [("def broken(:\n", "SyntaxError: invalid syntax"), ("import sys\nsys.exit(0)\n", "SystemExit: 0")],
)
def test_a_plugin_whose_module_fails_is_told(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fault: str
) -> None:
    (tmp_path / "broken_plugin.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    [told] = problems(write(GOOD.replace("length", "'broken_plugin:Own'")))
    assert f"scorers[0]: 'broken_plugin:Own' cannot be imported: its module fails ({fault}" in told


@pytest.mark.parametrize("method", ["check", "depends", "signature", "metrics"])
def test_a_plugin_whose_code_fails_is_told_at_its_key(write: Write, tmp_path: Path, method: str) -> None:
    (tmp_path / "broken").write_text(method, encoding="utf-8")
    [told] = problems(write(GOOD.replace("length", "{kind: 'plugins_of_others:Breaking', broken: broken}")))
    fault = f"its code fails (KeyError: '{method} is broken'); mend it, or name another"
    assert f"scorers[0].kind: plugins_of_others:Breaking: {fault}" in told


def test_a_generative_model_needs_prompts(write: Write) -> None:
    text = GOOD.replace("{kind: lead}", "{kind: hf_causal, model: smollm2-135m-instruct}")
    assert "config has no prompts" in problems(write(text))[0]


def test_a_model_with_an_empty_list_of_prompts_is_no_system(write: Write, tmp_path: Path) -> None:
    """It is there for another that is made of it."""
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "It rains."}\n', encoding="utf-8")
    text = GOOD.replace("articles: articles", f"articles: {tmp_path / 'rows.jsonl'}")
    text = text.replace(
        "scorers", "  base: {kind: hf_causal, model: smollm2-135m-instruct, prompts: []}\nprompts: {p: x}\nscorers"
    )
    planned = pipeline.plan(config.load(write(text)))
    assert [system.name for system in planned.systems] == ["lead"]


def test_models_that_are_all_bases_of_others_are_told_so(write: Write, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "It rains."}\n', encoding="utf-8")
    text = GOOD.replace("articles: articles", "articles: rows.jsonl")
    text = text.replace(LEAD, "{kind: openai_api, model: m, base_url: 'http://h/v1', prompts: []}")
    with pytest.raises(ConfigError, match=r"run.yaml:2: models: has bases of other models alone \(prompts: \[\]\)"):
        pipeline.plan(config.load(write(text + "prompts: {p: x}\n")))


@pytest.mark.parametrize(
    ("prompt", "place"),
    [("'{{ 1 // 0 }}'", "5: prompts.p: its template"), ("{file: ask.j2}", "5: prompts.p: {folder}/ask.j2")],
)
def test_a_template_that_fails_is_named(write: Write, tmp_path: Path, prompt: str, place: str) -> None:
    """By its key, and by its file."""
    (tmp_path / "ask.j2").write_text("{{ 1 // 0 }}", encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "It rains."}\n', encoding="utf-8")
    text = GOOD.replace("articles: articles", "articles: rows.jsonl")
    text = text.replace(LEAD, "{kind: openai_api, model: m, base_url: 'http://h/v1'}")
    planned = pipeline.plan(config.load(write(f"{text}prompts: {{p: {prompt}}}\n")))
    with pytest.raises(ConfigError) as caught:
        list(planned.requests(planned.systems[0], planned.items))
    failure = "cannot be rendered for article a, line 1: ZeroDivisionError"
    assert f"run.yaml:{place.format(folder=tmp_path)} {failure}" in str(caught.value)


def test_where_a_template_lies_is_no_part_of_its_system(write: Write, tmp_path: Path) -> None:
    (tmp_path / "ask.j2").write_text("Do.", encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text('{"id": "a", "text": "It rains."}\n', encoding="utf-8")
    text = GOOD.replace("articles: articles", "articles: rows.jsonl")
    text = text.replace(LEAD, "{kind: openai_api, model: m, base_url: 'http://h/v1'}")
    inline, in_file = (
        pipeline.plan(config.load(write(f"{text}prompts: {{p: {prompt}}}\n"))).systems
        for prompt in ("Do.", "{file: ask.j2}")
    )
    assert inline == in_file


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_labels_that_are_a_pipe_are_refused_before_anything_is_made(write: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "labels.jsonl")
    [told] = problems(write(GOOD + "labels: labels.jsonl\n"))
    assert told.endswith("labels.jsonl is no file that has an end; name a .jsonl file, which need not be there yet")


def test_a_config_in_a_home_folder_can_be_extended(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "base.yaml").write_text(GOOD, encoding="utf-8")
    assert config.load(write("extends: ~/base.yaml\n")).models.keys() == {"lead"}


def test_an_option_of_a_model_that_is_not_there_is_a_fault_of_the_override(write: Write) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(write(GOOD), ["models.lede.sentences=3"])
    told = "--set models.lede.sentences: models.lede: has no kind; did you mean the model 'lead'?"
    assert [str(problem) for problem in caught.value.problems] == [told]


def test_samples_without_sampling_are_refused(write: Write) -> None:
    text = (
        GOOD.replace("{kind: lead}", "{kind: hf_causal, model: smollm2-135m-instruct, samples: 3}")
        + "prompts: {p: x}\n"
    )
    assert "at temperature 0 all 3 samples are identical" in problems(write(text))[0]


def test_a_resolved_config_has_all_options_and_no_secret(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "t0ken")
    monkeypatch.setenv("WHERE", "articles")
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "SECRET,WHERE")
    text = GOOD.replace("articles: articles", "articles: '${WHERE}'").replace(
        "{kind: lead}", "{kind: hf_causal, model: '${SECRET}/x'}"
    )
    (tmp_path / "p.j2").write_text("ask", encoding="utf-8")
    made = config.load(write(text + "prompts: {p: {file: p.j2}}\n"))
    resolved = config.resolve(made, tmp_path / "results" / "run")
    assert resolved["articles"] == ["../../articles"]
    assert resolved["models"]["lead"]["model"] == "${SECRET}/x"
    assert resolved["models"]["lead"]["max_new_tokens"] == 128
    assert resolved["prompts"] == {"p": {"template": "ask"}}
    assert "t0ken" not in str(resolved)


def test_what_is_wrong_with_a_setting_hides_no_other_mistake(write: Write) -> None:
    """Of a type, of a value, of an option and of a template: each is told, and none that comes of another."""
    text = (
        GOOD.replace(LEAD, "{kind: lead, sentenses: 3}")
        + "seed: many\nlimit: 0\nsede: 1\nprompts: {p: 'x {{ article.txt }}'}\n"
        + "engine: {kind: local, workers: {nobody: {cpus: 2}}}\n"
    )
    keys = [problem.partition(": ")[2].partition(":")[0] for problem in problems(write(text))]
    assert keys == ["seed", "limit", "sede", "models.lead.sentenses", "prompts.p"]
    without = "models: 5\nscorers: [lenght]\n"
    keys = [problem.partition(": ")[2].partition(":")[0] for problem in problems(write(without))]
    assert keys == ["articles", "models", "scorers[0]"]
    odd = GOOD.replace(LEAD, "{kind: lead, sentenses: 3}") + "se.de: 1\n'li[mit': 0\n"
    keys = [problem.partition(": ")[2].partition(":")[0] for problem in problems(write(odd))]
    assert keys == ["se.de", "li[mit", "models.lead.sentenses"]


def test_what_begins_with_a_slash_is_kept_as_it_is_unless_its_option_is_a_path(write: Write, tmp_path: Path) -> None:
    """The name that a server gives its model, and a question with an address in it, are no paths."""
    judge = (
        f"{{kind: judge, base_url: 'http://localhost:8000/v1', model: {tmp_path}/models/Qwen3-8B, "
        'instructions: "/no_think\\nSee https://example.org/a/../b/"}'
    )
    (tmp_path / "a.py").touch()
    scorer = f"{{kind: evaluate, metric: {tmp_path}/a.py, keys: [x]}}"
    text = GOOD.replace("length", scorer) + f"verifier: {judge}\n"
    made, folder = config.load(write(text)), tmp_path / "results" / "run"
    resolved = config.resolve(made, folder)
    assert resolved["verifier"]["model"] == f"{tmp_path}/models/Qwen3-8B"
    assert resolved["verifier"]["instructions"] == "/no_think\nSee https://example.org/a/../b/"
    assert resolved["scorers"][0]["metric"] == "../../a.py"
    again = config.load_judging(manifest(config=resolved), folder, ["scorers=[length]", f"verifier={judge}"])
    assert again.verifier.signature() == made.verifier.signature()


def test_literal_dollar_brace_is_escaped_in_the_manifest(write: Write, tmp_path: Path) -> None:
    made = config.load(write(GOOD + "prompts: {p: 'it costs $${PRICE} or ${ABSENT:-nothing}, $$${x}'}\n"))
    assert made.prompts["p"].template == "it costs ${PRICE} or nothing, $${x}"
    again = config.load(write(GOOD + json.dumps(config.resolve(made, tmp_path)["prompts"]).join(("prompts: ", "\n"))))
    assert again.prompts == made.prompts


def test_a_variable_deep_in_an_option_and_in_a_prompt_stays_one(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "t0ken")
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "SECRET")
    (tmp_path / "a.py").touch()
    scorer = "{kind: evaluate, metric: ./a.py, keys: ['${SECRET}', x], arguments: {one: {two: '${SECRET}'}, three: 3}}"
    text = (
        GOOD.replace("length", scorer)
        + "prompts: {p: 'ask ${SECRET}', q: {template: x, system_message: '${SECRET}'}}\n"
    )
    resolved = config.resolve(config.load(write(text)), tmp_path)
    [evaluate] = resolved["scorers"]
    assert evaluate["keys"] == ["${SECRET}", "x"]
    assert evaluate["arguments"] == {"one": {"two": "${SECRET}"}, "three": 3}
    assert resolved["prompts"] == {
        "p": {"template": "ask ${SECRET}"},
        "q": {"template": "x", "system_message": "${SECRET}"},
    }
