"""What commands print: errors and paths too never steer the terminal, and what the system refuses is one line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from command_line import harness

STEERING = "\x1b]0;owned\x07\x1b[2J\u202e"
CONFIG = "articles: {articles}\nmodels: {{m: {{kind: lead}}}}\nverifier: lexical\nscorers: [length]\noutput: out\n"


@pytest.mark.parametrize(
    "words",
    [
        ["run", STEERING],
        ["score", STEERING],
        ["facts", "list", STEERING],
        ["run", f"--{STEERING}"],
        [STEERING],
        ["models", "pull", STEERING],
    ],
    ids=lambda words: words[0] if words[0].isprintable() else "command",
)
def test_arguments_never_reach_the_terminal_raw(words: list[str]) -> None:
    result = harness(*words)
    assert result.exit_code != 0
    assert not {"\x1b", "\x07", "\u202e"} & set(result.output)
    assert "Traceback" not in result.output


def write_config(folder: Path, articles: str, more: str = "") -> Path:
    path = folder / "run.yaml"
    path.write_text(CONFIG.format(articles=articles) + more, "utf-8")
    (folder / "rows.jsonl").write_text('{"id": "a", "text": "The council met. It voted."}\n', "utf-8")
    return path


@pytest.mark.parametrize(
    "articles", ["loop", "x" * 5000, "' '", "/dev/zero", "rows.jsonl/below", '"a\\0b"', "[[x]]", "{path: loop}"]
)
def test_refused_path_gives_one_message(tmp_path: Path, articles: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    result = harness("validate", write_config(tmp_path, articles))
    assert result.exit_code == 2
    assert result.output.startswith("harness: ")
    assert len(result.output) < 1000


@pytest.mark.parametrize("extends", ["loop", "x" * 5000, "~nobody-here/x", "base.yaml\nmodels: {m: {kind: [x]}}"])
def test_refused_path_in_extends_exits_2(tmp_path: Path, extends: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    write_config(tmp_path, "rows.jsonl").rename(tmp_path / "base.yaml")
    (tmp_path / "run.yaml").write_text(f"extends: {extends}\n", "utf-8")
    assert harness("validate", tmp_path / "run.yaml").exit_code == 2


def test_damaged_cache_is_recomputed_and_bad_scores_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    path = write_config(tmp_path, "rows.jsonl")
    assert harness("run", path, "-q").exit_code == 0
    with sqlite3.connect(tmp_path / "home" / "cache.sqlite") as cache:
        cache.execute("UPDATE generations SET value = ?", (b"not JSON",))
        cache.execute("UPDATE verdicts SET value = ?", (b"\xff",))
    assert harness("run", path, "-q", "-o", "again").exit_code == 0
    again, first = (tmp_path / name / "summaries.jsonl" for name in ("again", "out"))
    assert again.read_text().count('"text"') == first.read_text().count('"text"')
    (tmp_path / "out" / "scores.jsonl").unlink()
    (tmp_path / "out" / "scores.jsonl").mkdir()
    assert harness("compare", "out", "--by", "system").exit_code == 2
