from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import write_jsonl
from command_line import harness_lexical as harness

FAILING = "plugins_of_others:FailingVerifier"
NAMES = ["council", "museum", "harbour", "library", "railway", "orchestra", "hospital", "stadium", "theatre", "market"]


def labels(count: int, groups: int = 10) -> Iterator[dict[str, Any]]:
    """Facts that their premise states, facts that it does not state, and some wrong labels."""
    for number in range(count):
        name, other = NAMES[number % groups], NAMES[(number + 1) % groups]
        there = (number // groups) % 2 == 0
        subject = name if there else other
        yield {
            "premise": f"The {name} will close {number + 2} rooms next year. The mayor said so on Monday.",
            "hypothesis": f"The {subject} will close {number + 2} rooms." if there else f"The {subject} opens in May.",
            "label": "supported" if there != (number % 13 == 5) else "absent",
            "group": name,
            "system": "xyz"[number % 3],
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("labels")
    write_jsonl(made / "labels.jsonl", *labels(120))
    edits = [
        {
            "premise": f"The {name} will close on Monday. It has 30 rooms.",
            "supported": f"The {name} will close on Monday.",
            "contradicted": f"The {name} will open in 1987.",
            "group": name,
            "kind": "date <b>",
        }
        for name in NAMES
    ]
    write_jsonl(made / "edits.jsonl", *edits)
    return made


def test_meta_eval_prints_and_writes_its_numbers(folder: Path) -> None:
    report, data = (folder / f"report{suffix}" for suffix in (".md", ".json"))
    done = harness("meta-eval", folder / "labels.jsonl", folder / "edits.jsonl", "-o", report, "-o", data)
    assert done.exit_code == 0, done.stderr
    assert re.search(r"ROC AUC of P\(supported\) +0\.\d{3} \[0\.\d{3}, [01]\.\d{3}\]", done.stdout)
    assert "¹ all groups give the same value" in done.stdout
    assert "Reliability of lexical" in done.stdout
    page = report.read_text("utf-8")
    assert page.startswith("# lexical against people's labels\n")
    assert "date &lt;b&gt;" in page
    first, second = json.loads(data.read_text("utf-8"))["comparisons"]
    (measured,) = first["measured"]
    assert (first["judgements"], first["groups"], second["edits"]) == (120, 10, 10)
    assert measured["judged"]["two_way"]["auc"]["low"] < measured["judged"]["two_way"]["auc"]["value"] < 1
    assert (measured["judged"]["three_way"], measured["judged"]["levels"]["systems"]) == (None, 3)
    assert "NaN" not in data.read_text("utf-8")
    three = ({**row, "label": label} for row in labels(12) for label in ("contradicted", "absent", "unsupported"))
    done = harness("meta-eval", write_jsonl(folder / "three.jsonl", *three))
    assert "Three-way numbers leave out rows labelled just unsupported: 12 rows." in done.stdout


def test_plugins_and_configs_are_measured_under_the_names_typed(folder: Path) -> None:
    """Names may have dots; two configs with the same kind stay apart; ``--no-floor`` leaves out the floor."""
    report, data = folder / "named.md", folder / "named.json"
    configs = [folder / "a.yaml", folder / "b.yaml"]
    for path in configs:
        path.write_text("verifier: {kind: lexical, threshold: 0.6}\n", "utf-8")
    plugin = "plugins_of_others:SharedWords"
    asked = [word for name in (plugin, *configs) for word in ("--verifier", name)]
    options = ["--set", f"{plugin}.sharpness=2", "--set", f"{configs[1]}.threshold=0.9"]
    done = harness("meta-eval", folder / "labels.jsonl", *asked, *options, "--no-floor", "-o", report, "-o", data)
    assert done.exit_code == 0, done.stderr
    measured = json.loads(data.read_text("utf-8"))["comparisons"][0]["measured"]
    assert [each["verifier"] for each in measured] == [plugin, *map(str, configs)]
    assert [each["signature"].split("|threshold:")[1][:3] for each in measured[1:]] == ["0.6", "0.9"]
    assert "sharpness:2.0" in measured[0]["signature"]
    page = report.read_text("utf-8")
    assert page.count("Reliability of") == 3
    assert "(floor)" not in page


def test_few_groups_get_notes_instead_of_intervals_and_thresholds(folder: Path) -> None:
    """The note is below the table, not in each cell."""
    three = harness("meta-eval", write_jsonl(folder / "three.jsonl", *labels(36, groups=3))).stdout
    assert three.count("an interval needs at least 8 groups, and there are 3") == 1
    one = harness("meta-eval", write_jsonl(folder / "one.jsonl", *labels(12, groups=1))).stdout
    assert "there is only one group, so there is no other group to fit a threshold on" in " ".join(one.split())


def test_file_of_undecided_rows_is_skipped_but_alone_is_an_error(folder: Path) -> None:
    row = {"premise": "It rains.", "hypothesis": "It pours.", "label": "uncertain"}
    unsure = write_jsonl(folder / "unsure.jsonl", row)
    done = harness("meta-eval", unsure, folder / "edits.jsonl")
    assert done.exit_code == 0
    assert "unsure.jsonl: skipped, because it has only 1 row on which people could not decide" in done.stderr
    done = harness("meta-eval", unsure)
    assert done.exit_code == 2
    assert "name a file that has labels" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["labels.jsonl", "-o", "report.txt"], "report.txt ends in .txt; use .md or .json"),
        (["labels.jsonl", "--verifier", "lexikal"], "did you mean 'lexical'?"),
        (
            ["labels.jsonl", "--verifier", "lexical", "--verifier", "entailment", "--set", "threshold=0.7"],
            "--set threshold=0.7: name the verifier it belongs to, e.g. lexical.threshold=0.7",
        ),
        (["gone.jsonl"], "gone.jsonl: does not exist"),
        (["labels.jsonl", "--verifier", FAILING, "--set", "gives=less"], f"{FAILING} returned 60 of 120 verdicts"),
    ],
)
def test_wrong_usage_exits_2(folder: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = harness("meta-eval", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["meta-eval", "calibrate"])
def test_invalid_probabilities_of_a_plugin_name_it(folder: Path, command: str) -> None:
    plugin = ("--verifier", "plugins_of_others:SharedWords", "--set", "sharpness=.nan")
    output = ("-o", folder / "nan.json")
    done = harness(command, folder / "labels.jsonl", *plugin, *output)
    assert done.exit_code == 2
    assert "plugins_of_others:SharedWords: its code fails" in done.stderr
    assert "must be in 0..1" in done.stderr
    assert not (folder / "nan.json").exists()


def test_calibrate_fits_writes_and_applies(folder: Path) -> None:
    path = folder / "calibration.json"
    done = harness("calibrate", folder / "labels.jsonl", "-o", path)
    assert done.exit_code == 0, done.stderr
    assert "120 labels in 10 groups" in done.stdout
    assert "5 folds of groups" in done.stdout
    assert re.search(r"balanced accuracy +0\.\d{3} \[.*\] +0\.\d{3} \[.*\] +[+−]?0\.\d{3}", done.stdout)
    data = json.loads(path.read_text("utf-8"))
    assert data["agreement"]["rows"] == 120
    assert data["groups"] == NAMES
    used = harness("meta-eval", folder / "labels.jsonl", "--set", f"calibration={path}")
    assert used.exit_code == 0, used.stderr
    assert "lexical, calibrated was fitted to labels.jsonl, which has these labels" in used.stdout
    assert "lexical (floor)" in used.stdout
    again = harness("calibrate", folder / "labels.jsonl", "-o", path, "--set", f"calibration={path}")
    assert again.exit_code == 2
    assert again.stderr.endswith("remove the option calibration to fit a new one\n")


def test_foreign_verifier_is_calibrated(folder: Path) -> None:
    """The plugin only predicts, as in docs/adding-a-plugin.md; calibration is inherited."""
    (folder / "my runs").mkdir()
    kind, path = "plugins_of_others:SharedWords", folder / "my runs/a, b.json"
    done = harness("calibrate", folder / "labels.jsonl", "--verifier", kind, "--set", "sharpness=1", "-o", path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith(f"\n    calibration: {path}\n")
    band = json.loads(path.read_text("utf-8"))["decision"]
    pairs = write_jsonl(folder / "pairs.jsonl", {"premise": "The sea is blue.", "hypothesis": "The sea is red."})
    lines = {}
    for options in ((), ("--set", f"calibration={path}")):
        judged = harness("verify", pairs, "--verifier", kind, *options)
        assert judged.exit_code == 0, judged.stderr
        lines[options] = json.loads(judged.stdout)
    before, after = lines.values()
    assert before["probabilities"]["supported"] == pytest.approx(3 / 4)
    assert after["probabilities"]["supported"] != pytest.approx(3 / 4)
    assert after["probabilities"]["supported"] < band["low"]
    assert (before["label"], after["label"]) == ("supported", "absent")
    assert "|calibration:" in after["verifier"]


def test_thirty_labels_fit_a_temperature_only(folder: Path) -> None:
    unsure = [{**row, "label": "uncertain"} for row in labels(2)]
    few = write_jsonl(folder / "thirty.jsonl", *labels(30, groups=3), *unsure)
    done = harness("calibrate", few, "-o", folder / "few.json")
    assert done.exit_code == 0, done.stderr
    assert "With 30 labels only a temperature is fitted" in done.stdout
    assert "people could not tell, or disagreed: 2 rows" in done.stdout
    assert "The labels come from 3 groups, fewer than 5, so single labels were held out." in done.stdout
    assert "10 folds of rows" in done.stdout


@pytest.mark.parametrize(
    ("count", "change", "message"),
    [
        (29, {}, "needs at least 30 labelled statements"),
        (40, {"label": "supported"}, "40 labels are supported and 0 are not; calibration needs at least 5 of each"),
        (40, {"label": "x"}, "label: is 'x'; write supported, contradicted, absent or unsupported (and on 39"),
    ],
)
def test_too_few_one_sided_or_bad_labels_fail(folder: Path, count: int, change: dict[str, str], message: str) -> None:
    rows = write_jsonl(folder / "bad.jsonl", *({**row, **change} for row in labels(count)))
    done = harness("calibrate", rows, "-o", folder / "none.json")
    assert done.exit_code == 2
    assert message in done.stderr
    assert not (folder / "none.json").exists()
