"""Pages whose code is Python: it runs as it stands there, block after block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import case

from harness import plugins
from harness.records import Article, Item
from harness.seams import Model, Scorer

ROOT = Path(__file__).parents[1]


def code(page: str) -> str:
    """All blocks of Python of a page."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return "\n".join(re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))


@pytest.mark.slow
def test_the_page_from_python_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run, a verifier, a scorer and the statistics are had as the page says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    Path("configs").symlink_to(ROOT / "configs")
    exec(code("from-python.md"), {})  # noqa: S102  # our own page, whose code is what is tested
    printed = capsys.readouterr().out
    assert "results/mine/report.html complete" in printed
    assert re.search(r"^oracle zelensky-us-support 0\.\d+$", printed, re.MULTILINE)
    assert re.search(r"^supported 0\.\d+ Span\(", printed, re.MULTILINE)
    assert re.search(r"^rouge1 0\.6", printed, re.MULTILINE)
    assert re.search(r"^seed is the text 'soon'; ", printed, re.MULTILINE)


def test_the_plugins_that_the_page_on_plugins_writes_are_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs.py").write_text(code("adding-a-plugin.md"), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    scorer = plugins.find(Scorer, "theirs:TitleWords").model_validate({"longer_than": 4})
    assert scorer.kind() == "theirs:TitleWords"
    assert [metric.name for metric in scorer.metrics()] == ["title_words"]
    titled = Item(Article("a", "It stood for a century.", title="The bridge falls"))
    cases = [case("The bridge stood for long.", titled), case("The bridge."), case(None, titled)]
    assert [score.value for score in scorer.score(cases)] == [0.5, None, None]
    model = plugins.find(Model, "theirs:Last")()
    item = Item(Article("a", "It rained. The bridge held."))
    assert (model.role, [each.text for each in model.generate([model.request(item, "last")])]) == (
        "floor",
        ["The bridge held."],
    )
