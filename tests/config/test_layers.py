"""Merged configs, variables, overrides, and the place that an error names for each value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.config import layers
from harness.data.yaml import parse_value
from harness.errors import ConfigError


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "child.yaml"


@pytest.mark.parametrize(
    ("files", "merged"),
    [
        pytest.param(
            {
                "base": "models: {a: {kind: lead, sentences: 3}, b: {kind: oracle}}\nscorers: [rouge, length]\n",
                "later": "seed: 2\nscorers: [novelty]\n",
                "child": "extends: [base.yaml, later.yaml]\nmodels: {a: {sentences: 5}}\n",
            },
            "{models: {a: {kind: lead, sentences: 5}, b: {kind: oracle}}, scorers: [novelty], seed: 2}",
            id="only mappings are merged",
        ),
        pytest.param(
            {
                "base": "seed: 0\nmodels: {a: {kind: lead, sentences: 3}, b: {kind: oracle}}\n",
                "mine": "extends: base.yaml\nseed: 7\nmodels: {a: {sentences: 5}, b: null}\n",
                "other": "extends: base.yaml\nverifier: lexical\n",
                "child": "extends: [mine.yaml, other.yaml]\n",
            },
            "{seed: 7, models: {a: {kind: lead, sentences: 5}}, verifier: lexical}",
            id="the base of two parents is below both",
        ),
        pytest.param(
            {
                "base": "verifier: {kind: cascade, step_threshold: 0.9}\nmodels: {a: {kind: lead, sentences: 2}}\n",
                "child": "extends: base.yaml\nverifier: {kind: nli, model: m}\nmodels: {a: {kind: lead}}\n",
            },
            "{verifier: {kind: nli, model: m}, models: {a: {kind: lead, sentences: 2}}}",
            id="a mapping of another kind replaces the inherited one",
        ),
    ],
)
def test_layers_are_merged(tmp_path: Path, files: dict[str, str], merged: str) -> None:
    assert layers.read_layers(write(tmp_path, **files)).data == parse_value(merged)


@pytest.mark.parametrize("above", ["child", "override"])
@pytest.mark.parametrize(
    ("key", "merged"),
    [
        ("limit", {"models": {"a": {"kind": "openai_api", "temperature": 0.7}, "b": {"kind": "oracle"}}}),
        ("models.b", {"limit": 5, "models": {"a": {"kind": "openai_api", "temperature": 0.7}}}),
        (
            "models.a.temperature",
            {"limit": 5, "models": {"a": {"kind": "openai_api", "temperature": None}, "b": {"kind": "oracle"}}},
        ),
    ],
)
def test_null_removes_entries_but_not_options(tmp_path: Path, above: str, key: str, merged: dict[str, object]) -> None:
    """A temperature of null leaves the choice to the server, unlike the default."""
    written = "null"
    for name in reversed(key.split(".")):
        written = f"{{{name}: {written}}}"
    base = "limit: 5\nmodels: {a: {kind: openai_api, temperature: 0.7}, b: {kind: oracle}}\n"
    write(tmp_path, base=base, null=f"{written}\n")
    child = write(tmp_path, child=f"extends: [base.yaml{', null.yaml' if above == 'child' else ''}]\n")
    assert layers.read_layers(child, [f"{key}=null"] if above == "override" else []).data == merged


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("base.yaml", r"circular reference: .*child\.yaml extends .*base\.yaml extends .*child\.yaml"),
        ("bse.yaml", r"child\.yaml:2: extends: there is no file .*bse\.yaml"),
        ("[3]", r"child\.yaml:2: extends: must be the path of a config, or a list of paths, not 3"),
        ("~nobody-here/x.yaml", r"child\.yaml:2: extends: there is no file "),
    ],
)
def test_circular_or_missing_parent_is_named(tmp_path: Path, extends: str, message: str) -> None:
    child = write(tmp_path, base="extends: child.yaml\n", child=f"seed: 1\nextends: {extends}\n")
    with pytest.raises(ConfigError, match=message):
        layers.read_layers(child)


def test_path_is_relative_to_the_file_that_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "inner"))
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/base.yaml").write_text("articles: data\n", encoding="utf-8")
    for parent in ("inner/base.yaml", "~/base.yaml"):
        articles = layers.read_layers(write(tmp_path, child=f"extends: {parent}\n")).data["articles"]
        assert articles.folder == tmp_path / "inner"


def test_variables_are_filled_in_and_kept_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "CORPUS")
    monkeypatch.setenv("CORPUS", "/data/news")
    monkeypatch.delenv("ABSENT", raising=False)
    child = write(tmp_path, child='articles: "${CORPUS}/a"\nname: "${ABSENT:-plain}"\nverifier: "$${literal}"\n')
    read = layers.read_layers(child)
    assert read.data == {"articles": "/data/news/a", "name": "plain", "verifier": "${literal}"}
    assert read.written["articles"] == "${CORPUS}/a"
    assert layers.find_variables(read.written["articles"])
    assert not layers.find_variables(read.written["verifier"])


@given(st.text("${}A:-\\", max_size=12))
def test_escaped_text_is_read_back_unchanged(text: str) -> None:
    assert layers.layer_mapping({"a": layers.escape_variables(text)}, Path(), "manifest.json").data["a"] == text


def test_unset_variable_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "ABSENT")
    monkeypatch.delenv("ABSENT", raising=False)
    child = write(tmp_path, child="seed: 1\nmodels:\n  a: {kind: lead, note: '${ABSENT}'}\n")
    with pytest.raises(ConfigError, match=r"child\.yaml:3: models\.a\.note: .*ABSENT is not set"):
        layers.read_layers(child)


@pytest.mark.parametrize("lead", ["{kind: lead}", "lead"])
def test_overrides_go_on_top_and_are_read_as_yaml(tmp_path: Path, lead: str) -> None:
    child = write(tmp_path, child=f"models: {{a: {lead}}}\n")
    read = layers.read_layers(child, ["models.a.sentences=5", "scorers=[rouge]", "name=x"])
    assert read.data == {"models": {"a": {"kind": "lead", "sentences": 5}}, "scorers": ["rouge"], "name": "x"}


@pytest.mark.parametrize("override", ["seed", "=3", "models..a=1", ".=1", 'models."a=1', 'models."a"b=1', "seed.x=1"])
def test_malformed_override_says_what_to_write(tmp_path: Path, override: str) -> None:
    message = (
        "seed is 1 and has no keys; set the whole value: --set 'seed=" if override == "seed.x=1" else "write key=value"
    )
    with pytest.raises(ConfigError, match=message):
        layers.read_layers(write(tmp_path, child="seed: 1\n"), [override])


def test_name_with_a_dot_needs_quotes(tmp_path: Path) -> None:
    child = write(tmp_path, child="models: {llama-3: {kind: a}, llama-3.1: {kind: b, seed: 1}}\n")
    read = layers.read_layers(child, ['models."llama-3.1".seed=2', "models.llama-3.seed=3"])
    assert read.data["models"] == {"llama-3": {"kind": "a", "seed": 3}, "llama-3.1": {"kind": "b", "seed": 2}}
    assert layers.read_layers(child, ['models."llama-3.1"=null']).data["models"] == {"llama-3": {"kind": "a"}}
    with pytest.raises(ConfigError) as caught:
        layers.read_layers(child, ["models.llama-3.1.api_key=secret"])
    assert str(caught.value) == (
        "--set models.llama-3.1.api_key: the name llama-3.1 has a dot; quote it: --set 'models.\"llama-3.1\".api_key=…'"
    )


@pytest.mark.parametrize(("below", "kind"), [("verifier: lexical\n", "lexical"), ("seed: 1\n", "entailment")])
@pytest.mark.parametrize("override", ["verifier.threshold=.6", "verifier={threshold: .6}", None])
def test_verifier_options_are_added_to_the_inherited_or_default_verifier(
    tmp_path: Path, below: str, kind: str, override: str | None
) -> None:
    options = "" if override else "verifier: {threshold: .6}\n"
    child = write(tmp_path, base=below, child=f"extends: base.yaml\n{options}")
    read = layers.read_layers(child, [override] if override else [])
    assert read.data["verifier"] == read.written["verifier"] == {"kind": kind, "threshold": 0.6}


def test_problem_names_the_file_and_line_of_its_value(tmp_path: Path) -> None:
    child = write(
        tmp_path,
        base="models:\n  a:\n    kind: lead\n    sentences: 3\narticles: [old]\n",
        child="extends: base.yaml\nmodels:\n  a:\n    other: 1\narticles: new\n",
    )
    read = layers.read_layers(child, ["models.a.set=2"])
    for option, name in (("sentences", "base.yaml"), ("other", "child.yaml")):
        problem = read.problem(("models", "a", option), "x")
        assert problem.file.endswith(name)
        assert problem.line == 4
    assert read.problem(("models", "a", "set"), "x").file == "--set models.a.set"
    replaced = read.problem(("articles", 0), "x")
    assert (Path(replaced.file).name, replaced.line) == ("child.yaml", 5)
