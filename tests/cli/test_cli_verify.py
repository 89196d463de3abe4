"""``harness verify``: one line in per premise, one line out per hypothesis; bad lines are named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from command_line import harness_lexical

PREMISE = "The council voted on Monday to close three schools. Parents protested outside the hall."


def verify(*arguments: str, given: str | None = None) -> Result:
    return harness_lexical("verify", *arguments, given=given)


def to_jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_verify_answers_in_order_with_evidence(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows: list[dict[str, Any]] = [
        {"id": "a", "premise": PREMISE, "hypothesis": "The council voted to close three schools.", "label": "ignored"},
        {"premise": PREMISE, "hypotheses": ["Parents protested outside the hall.", "It rains."], "accepted": None},
    ]
    source.write_text(to_jsonl(rows), encoding="utf-8")
    assert verify(str(source), "-o", str(output)).exit_code == 0
    found = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [row["id"] for row in found] == ["a", 2, 2]
    assert [row["label"] for row in found] == ["supported", "supported", "absent"]
    for row in found[:2]:
        evidence = row["evidence"]
        assert PREMISE[evidence["start"] : evidence["end"]] == evidence["text"]
    for row in found:
        assert set(row["probabilities"]) == {"supported", "contradicted", "absent"}
        assert sum(row["probabilities"].values()) == pytest.approx(1)
        assert row["verifier"].startswith("lexical|")


@pytest.mark.slow
def test_verdicts_do_not_depend_on_hash_seed() -> None:
    """Probabilities are the same to the last digit under another hash seed."""
    hypothesis = "Parents, teachers, pupils and the mayor protested on Monday against closing three schools in town."
    given = to_jsonl([{"premise": PREMISE, "hypothesis": hypothesis, "contrasts": ["The council closed five."]}])
    script = [sys.executable, "-m", "harness", "verify", "-", "--verifier", "lexical"]
    answers = {
        subprocess.run(
            script, input=given, capture_output=True, text=True, timeout=300, check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in range(6)
    }  # fmt: skip
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"premise": 3, "hypothesis": "x"}', "stdin:2: premise: must be text, not 3"),
        ('{"id": 1.5, "premise": "x", "hypothesis": "x"}', "stdin:2: id: must be text or a whole number, not 1.5"),
        ('{"premise": "x", "hypotheses": ["x"], "contrasts": ["y"]}', "give each hypothesis its own line"),
        ('{"premise": "\\ud800", "hypothesis": "x"}', "stdin:2: holds half of a surrogate pair"),
    ],
)
def test_bad_line_is_named_and_nothing_is_written(line: str, message: str) -> None:
    done = verify("-", given=to_jsonl([{"premise": PREMISE, "hypothesis": "x y"}]) + line + "\n")
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_summary_counts_labels_and_unchecked_hypotheses_unless_quiet(tmp_path: Path) -> None:
    rows = [{"premise": "The council met.", "hypothesis": "The council met."} for _ in range(2)]
    done = verify("-", "-o", str(tmp_path / "out.jsonl"), given=to_jsonl(rows))
    assert done.stderr.splitlines()[-1] == f"2 pairs: 2 supported; written: {tmp_path / 'out.jsonl'}"
    assert verify("-", "-q", given=to_jsonl(rows)).stderr == ""
    rows[1]["hypothesis"] = "…"
    done = verify("-", "--verifier", "plugins_of_others:SharedWords", given=to_jsonl(rows))
    assert json.loads(done.stdout.splitlines()[1])["abstained"]
    assert done.stderr == "2 pairs: 1 supported, 1 not checked\n"


@pytest.mark.parametrize(
    ("arguments", "rest", "message"),
    [
        (("in.jsonl", "-o", "out.jsonl"), '{"prem', "in.jsonl:2: is not valid JSON"),
        (("in.jsonl", "-o", "out.jsonl", "--verifier", "lexikal"), "", "did you mean 'lexical'?"),
        (("in.jsonl", "-o", "out.jsonl", "--set", "thresholds=0.5"), "", "did you mean 'threshold'?"),
        (("in.jsonl", "-o", "out.jsonl", "--verifier", "plugins_of_others:FailingVerifier"), "", "no verdict on 1"),
        (("in.jsonl", "-o", "in.jsonl"), "", "in.jsonl is also the input"),
        (("in.jsonl", "-o", "nowhere/out.jsonl"), "", "out.jsonl cannot be written: there is no folder nowhere"),
    ],
)
def test_mistake_is_named_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], rest: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = to_jsonl([{"premise": PREMISE, "hypothesis": "x y"}]) + rest
    Path("in.jsonl").write_text(text, encoding="utf-8")
    Path("out.jsonl").write_text("kept", encoding="utf-8")
    done = verify(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert (Path("in.jsonl").read_text("utf-8"), Path("out.jsonl").read_text("utf-8")) == (text, "kept")


def test_input_without_lines_replaces_an_earlier_output(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text("earlier", encoding="utf-8")
    assert verify("-", "-o", str(output), given="").exit_code == 0
    assert output.read_text("utf-8") == "", "an input without lines has no answers"
