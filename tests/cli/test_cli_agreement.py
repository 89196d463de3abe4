"""``harness agreement``, as its users call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import viewing
from command_line import harness

RUN = "results/small"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return viewing.make_project(tmp_path)


def label(name: str, label: str) -> None:
    """Label every pair so, but for facts about pillars, which are absent."""
    harness("label", RUN, "--annotator", name, "--export", f"{name}.jsonl")
    rows = [json.loads(line) for line in Path(f"{name}.jsonl").read_text("utf-8").splitlines()]
    labelled = [row | {"label": "absent" if "pillars" in row["hypothesis"] else label} for row in rows]
    Path(f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labelled), "utf-8")
    assert harness("label", RUN, "--annotator", name, "--import", f"{name}.jsonl").exit_code == 0


def test_people_and_verifier_are_shown_side_by_side() -> None:
    label("ada", "supported")
    label("bob", "absent")
    done = harness("agreement", RUN, "-o", "agreement.md")
    assert done.exit_code == 0, done.output
    for part in ("ada · bob", "ada · lexical", "bob · lexical", "ada and bob", "ada, bob and lexical", "In dispute"):
        assert part in done.output
    assert "labels alone" in done.output
    assert Path("agreement.md").read_text("utf-8").startswith("# Agreement with people\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("agreement", "results/none"), "there is no folder results/none"),
        (("agreement", RUN, "-o", "x.txt"), "use .md"),
        (("meta-eval", RUN), f"harness label {RUN}"),
        (("calibrate", RUN, "-o", "ours.json"), f"harness label {RUN}"),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...], message: str) -> None:
    done = harness(*arguments)
    assert done.exit_code == 2
    assert message in done.output


def test_bad_label_line_is_reported_and_others_count(folder: Path) -> None:
    label("ada", "supported")
    file = folder / "references" / "bridge" / "labels.jsonl"
    file.write_text("{}\n" + file.read_text("utf-8"), "utf-8")
    assert "references/bridge/labels.jsonl:1" in harness("agreement", RUN).output


def test_meta_eval_recognises_the_labels_calibrate_used(folder: Path) -> None:
    """From then on the reports of that run say so."""
    told = ["The council of Lyd closed the Nord bridge.", "Engineers had found a crack of 12 centimetres in a pillar."]
    statements = [
        *(told[at % 2].replace("The", f"In {2000 + at} the") for at in range(10)),
        *map("It has {} pillars.".format, range(20)),
    ]
    facts = [f"  - {{id: f{at}, statement: {json.dumps(said)}}}\n" for at, said in enumerate(statements)]
    (folder / "references" / "bridge" / "facts.yaml").write_text("facts:\n" + "".join(facts), "utf-8")
    assert harness("score", RUN).exit_code == 0
    label("ada", "supported")
    done = harness("calibrate", RUN, "--verifier", "lexical", "-o", "ours.json", "-q")
    assert done.exit_code == 0, done.output
    assert "lexical on people's labels of small" in done.output
    config = folder / "configs" / "small.yaml"
    config.write_text(
        config.read_text("utf-8").replace("verifier: lexical", "verifier: {kind: lexical, calibration: ../ours.json}")
    )
    assert harness("score", RUN, "--config", "configs/small.yaml").exit_code == 0
    report = Path(RUN, "report.md").read_text("utf-8")
    assert "was fitted to labels of bridge and flood, so it looks too good on them" in " ".join(report.split())
    assert "gives the reference label" not in report
