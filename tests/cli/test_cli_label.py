from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import write_jsonl
from click.testing import Result
from command_line import harness

from harness.data import labels

RUN = "results/small"


@pytest.fixture(autouse=True)
def folder(project_copy: Path) -> Path:
    return project_copy


def label(*arguments: str) -> Result:
    return harness("label", *arguments)


def export_pairs(name: str = "ada") -> list[dict[str, Any]]:
    Path("pairs.jsonl").unlink(missing_ok=True)
    done = label(RUN, "--annotator", name, "--export", "pairs.jsonl")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in Path("pairs.jsonl").read_text("utf-8").splitlines()]


def import_labels(*rows: dict[str, Any], annotator: str = "ada") -> Result:
    return label(RUN, "--annotator", annotator, "--import", str(write_jsonl(Path("back.jsonl"), *rows)))


def test_export_hides_verdicts_and_systems() -> None:
    rows = export_pairs()
    assert "--import 'my pairs.jsonl' instead" in label(RUN, "--annotator", "ada", "--export", "my pairs.jsonl").output
    assert {key for row in rows for key in row} == {"id", "article", "use", "premise", "hypothesis", "label", "note"}
    assert {row["use"] for row in rows} == {"coverage", "grounding"}
    assert len({(row["premise"], row["hypothesis"]) for row in rows}) == len(rows)


def test_imported_labels_are_stored_beside_articles(folder: Path) -> None:
    rows = [row | {"label": "absent", "note": None} for row in export_pairs() if row["article"] == "bridge"]
    done = import_labels(*rows)
    assert done.output.startswith(f"added {len(rows)} labels by ada (0 already known)")
    kept = labels.read(folder / "references" / "bridge" / "labels.jsonl")
    assert [(line.hypothesis, line.label) for line in kept] == [(row["hypothesis"], "absent") for row in rows]
    assert not (folder / "references" / "flood" / "labels.jsonl").exists()
    assert {row["article"] for row in export_pairs()} == {"flood"}


def test_repeated_import_adds_only_new_labels(folder: Path) -> None:
    """Names that differ in capitals are one annotator's. Labels may have capitals and spaces, or be empty."""
    first, second, third, *_ = [row | {"label": ""} for row in export_pairs() if row["article"] == "bridge"]
    for name, answer in (("Ada", " Absent"), (" ADA ", "supported")):
        done = import_labels(first | {"label": "absent"}, second | {"label": answer}, third, annotator=name)
    assert "ADA: earlier labels are by Ada" in done.output
    assert "added 1 label by Ada (1 already known)" in done.output
    kept = labels.read(folder / "references" / "bridge" / "labels.jsonl")
    assert [line.label for line in labels.select_current(kept)] == ["absent", "supported"]
    assert kept[2].replaces == kept[1].id
    assert {line.annotator for line in kept} == {"Ada"}


def test_bad_import_line_is_named_and_nothing_is_stored(folder: Path) -> None:
    rows = [row | {"label": "absent"} for row in export_pairs()]
    done = import_labels(rows[0], rows[1] | {"label": "wrong"})
    assert done.exit_code == 2
    assert "back.jsonl:2: label: must be 'supported', 'contradicted', 'absent' or 'uncertain'" in done.output
    assert not list(folder.glob("references/*/labels.jsonl"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("label", RUN), "--annotator NAME"),
        (("label", RUN, "--annotator", "ada"), "--export FILE.jsonl"),
        (("label", RUN, "--annotator", "ada", "--export", "x.csv"), ".jsonl"),
        (("label", RUN, "--annotator", "ada", "--export", f"{RUN}/summaries.jsonl"), "exists and may hold labels"),
        (("label", RUN, "--annotator", "ada", "--import", "x.xlsx"), "x.xlsx: is a table, not JSONL"),
        (("label", RUN, "--annotator", "ada", "--export", "x.jsonl", "--import", "x.jsonl"), "cannot be combined"),
        (("label", RUN, "--annotator", "ada", "--export", "x.jsonl", "--show-verdicts"), "--show-verdicts works only"),
        (("label", "results/none", "--annotator", "ada"), "there is no folder results/none"),
        (("agreement", "results/none"), "there is no folder results/none"),
        (("agreement", RUN, "-o", "x.txt"), "use .md"),
        (("meta-eval", RUN), f"harness label {RUN}"),
        (("calibrate", RUN, "-o", "ours.json"), f"harness label {RUN}"),
    ],
)
def test_usage_errors_say_what_to_do(arguments: tuple[str, ...], message: str) -> None:
    done = harness(*arguments)
    assert done.exit_code == 2
    assert message in done.output


def set_facts(folder: Path, *statements: str) -> None:
    """Make these the facts of the article ``bridge``, and judge them."""
    facts = "".join(f"  - {{id: f{at}, statement: {json.dumps(said)}}}\n" for at, said in enumerate(statements))
    (folder / "references" / "bridge" / "facts.yaml").write_text(f"facts:\n{facts}", "utf-8")
    assert harness("score", RUN).exit_code == 0


def test_one_key_a_label_with_undo_and_skip(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.labels.is_interactive", lambda: True)
    set_facts(folder, "The \x1b[31mbridge is closed.", "There is a crack.", "Buses go.", "A ship hit it.", "It rains.")
    done = harness("label", RUN, "--use", "coverage", given="ada\nacsuskq")
    assert "Your name, as reports will show it: " in done.output
    kept = labels.read(folder / "references" / "bridge" / "labels.jsonl")
    assert [line.label for line in kept] == ["absent", "contradicted", "supported", None, "supported", "uncertain"]
    assert kept[3].replaces == kept[2].id
    assert "4 labels given" in done.output
    assert r"The \x1b[31mbridge" in done.output
    assert not any(text in done.output for text in ("oracle", "lead", "\x1b[31m"))


def label_all(name: str, given: str) -> None:
    """Label every pair like this, except facts about pillars, which are absent."""
    rows = [row | {"label": "absent" if "pillars" in row["hypothesis"] else given} for row in export_pairs(name)]
    assert import_labels(*rows, annotator=name).exit_code == 0


def test_people_and_verifier_are_shown_side_by_side() -> None:
    assert f"To start: harness label {RUN}" in " ".join(harness("agreement", RUN).stdout.split())
    label_all("ada", "supported")
    label_all("bob", "absent")
    done = harness("agreement", RUN, "-o", "agreement.md")
    assert done.exit_code == 0, done.output
    for part in ("ada · bob", "ada · lexical", "bob · lexical", "ada and bob", "ada, bob and lexical", "In dispute"):
        assert part in done.output
    assert "labels alone" in done.output
    ratings = write_jsonl(Path("ratings.jsonl"), {"article_id": "bridge", "system": "lead", "tone": 3})
    for each in (done, harness("agreement", RUN, "--ratings", ratings)):
        assert "labels changed since results/small was scored" in each.stderr
    assert Path("agreement.md").read_text("utf-8").startswith("# Agreement with people\n")


def test_bad_label_line_is_reported_and_others_count(folder: Path) -> None:
    label_all("ada", "supported")
    file = folder / "references" / "bridge" / "labels.jsonl"
    file.write_text("{}\n" + file.read_text("utf-8"), "utf-8")
    done = harness("agreement", RUN)
    assert "references/bridge/labels.jsonl:1" in done.output
    assert "ada" in done.stdout


def test_report_warns_of_the_labels_that_its_verifier_was_calibrated_on(folder: Path) -> None:
    told = ["The council of Lyd closed the Nord bridge.", "Engineers had found a crack of 12 centimetres in a pillar."]
    statements = [
        *(told[at % 2].replace("The", f"In {2000 + at} the") for at in range(10)),
        *map("It has {} pillars.".format, range(20)),
    ]
    set_facts(folder, *statements)
    label_all("ada", "supported")
    done = harness("calibrate", RUN, "--verifier", "lexical", "-o", "ours.json", "-q")
    assert done.exit_code == 0, done.output
    assert "lexical on people's labels of small" in done.output
    config = folder / "configs" / "small.yaml"
    calibrated = "verifier: {kind: lexical, calibration: ../ours.json}"
    config.write_text(config.read_text("utf-8").replace("verifier: lexical", calibrated))
    assert harness("score", RUN, "--config", "configs/small.yaml").exit_code == 0
    report = Path(RUN, "report.md").read_text("utf-8")
    assert "was fitted to labels of bridge and flood, so it looks too good on them" in " ".join(report.split())
    assert "gives the reference label" not in report
