"""What the signature of a plugin of another package depends on."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.signature import _read, code_version


@pytest.mark.parametrize(
    "line",
    [
        "from theirs_{n} import helper",
        "from theirs_{n}.helper import VALUE",
        "from . import helper",
        "import theirs_{n}.helper",
    ],
)
def test_a_changed_helper_of_the_plugins_own_package_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    name = f"theirs_{abs(hash(line)) % 10**8}"
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "plugin.py").write_text(line.format(n=name.partition("_")[2]) + "\n")
    (package / "helper.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = code_version(f"{name}.plugin")
    (package / "helper.py").write_text("VALUE = 2\n")
    _read.cache_clear()
    code_version.cache_clear()
    assert code_version(f"{name}.plugin") != before
