"""The example configs that ask a server: valid, and run against one that answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loopback import Reply, completion, serving

from harness import config, pipeline
from harness.errors import ConfigError
from harness.models.openai_api import OpenAIAPI

CONFIGS = Path(__file__).resolve().parents[2] / "configs"

NAMES = {
    "local-server": ("SERVER_URL", "SERVER_MODEL", "served"),
    "hosted-api": ("API_URL", "API_MODEL", "hosted"),
}


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_the_server_and_the_model_of_the_environment(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked, system = NAMES[name]

    def answering(request: dict[str, Any], _: int) -> Reply:
        return completion("Zelensky asked for weapons.", request["model"])

    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENAI_API_KEY", "s3cret")
    monkeypatch.setenv(asked, "my-model")
    with serving(answering) as server:
        monkeypatch.setenv(url, server.url)
        loaded = config.load(CONFIGS / f"{name}.yaml", [f"models.{system}.stream=false", "verifier=lexical"])
        only = replace(loaded, only=(system,), output=tmp_path / "run")
        outcome = pipeline.run(only, use_cache=False)
    assert outcome.results.manifest.problems == ()
    assert {summary.system for summary in outcome.results.summaries} == {
        f"{system}/plain",
        f"{system}/key-facts",
        f"{system}/only-the-article",
    }
    assert {request["model"] for request in server.requests} == {"my-model"}


def test_the_hosted_one_says_which_key_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(
        ConfigError, match=r"hosted-api\.yaml:\d+: models\.hosted: needs a key: put it into the environ"
    ):
        config.load(CONFIGS / "hosted-api.yaml")


def test_the_local_one_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    served = config.load(CONFIGS / "local-server.yaml").models["served"]
    assert isinstance(served, OpenAIAPI)
    assert served.base_url == "http://localhost:8000/v1"
