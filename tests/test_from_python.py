"""The page on Python: its code runs as it stands there, block after block, and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/from-python.md"


@pytest.mark.slow
def test_the_code_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    Path("configs").symlink_to(ROOT / "configs")
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    exec(compile("\n".join(blocks), PAGE, "exec"), {})  # noqa: S102  # our own page, whose code is what is tested
    printed = capsys.readouterr().out
    assert "results/mine/report.html complete" in printed
    assert re.search(r"^oracle zelensky-us-support 0\.\d+$", printed, re.MULTILINE)
    assert re.search(r"^supported 0\.\d+ Span\(", printed, re.MULTILINE)
    assert re.search(r"^rouge1 0\.6", printed, re.MULTILINE)
    assert re.search(r"^seed is the text 'soon'; ", printed, re.MULTILINE)
