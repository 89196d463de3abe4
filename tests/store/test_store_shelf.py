"""Where models lie, and what verify says of them."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from tiny_model import WEIGHTS, MakeWheel, sha256

from harness import store
from harness.errors import StoreError
from harness.store.catalogue import Packaged

pytest_plugins = ["store_fixtures"]


def test_home_is_what_the_user_chose(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path))
    assert store.home() == tmp_path
    monkeypatch.setenv("HARNESS_HOME", "~/models")
    assert store.home() == Path.home() / "models"


def test_the_home_of_nobody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_HOME", "~nobody-has-this-name/models")
    with pytest.raises(StoreError, match="nobody has that home; write the path in full"):
        store.home()


@pytest.mark.parametrize("chosen", [None, ""])
def test_home_is_else_the_platforms_cache(monkeypatch: pytest.MonkeyPatch, chosen: str | None) -> None:
    if chosen is None:
        monkeypatch.delenv("HARNESS_HOME", raising=False)
    else:
        monkeypatch.setenv("HARNESS_HOME", chosen)
    assert str(store.home()) == platformdirs.user_cache_dir("harness")


def test_a_model_that_was_not_pulled_is_not_installed(make_tiny: MakeWheel) -> None:
    tiny = make_tiny()
    assert store.state(tiny) == "not pulled"
    assert not store.installed(tiny)
    assert store.verify(tiny) == ["tiny has not been pulled; do it: harness models pull tiny"]


def test_verify_names_each_damaged_file_and_how_to_mend_it(pulled: Packaged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store.path(pulled))
    assert store.verify(pulled) == []
    altered = WEIGHTS[:-1] + b"?"
    Path("layer/weights.bin").write_bytes(altered)
    assert store.installed(pulled), "sizes alone do not show it"
    mend = "; mend it: harness models pull tiny --force"
    other = f"layer/weights.bin has SHA-256 {sha256(altered)} instead of {sha256(WEIGHTS)}{mend}"
    assert store.verify(pulled) == [other]
    Path("config.json").write_bytes(b"{}")
    assert store.state(pulled) == "damaged"
    assert store.verify(pulled) == [f"config.json has 2 bytes instead of 11{mend}", other]
    Path("config.json").unlink()
    assert store.verify(pulled) == [f"config.json is missing{mend}", other]


@pytest.mark.parametrize("name", store.names())
def test_the_models_of_this_machine_are_as_pinned(name: str) -> None:
    if store.state(name) == "not pulled":
        pytest.skip(f"{name} is not on this machine (harness models pull {name})")
    assert store.verify(name) == []
