"""Random damage with fixed seeds: killed processes, and configs with random changes."""

from __future__ import annotations

import copy
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from harness import config
from harness.data import labels
from harness.errors import HarnessError
from harness.records import Annotation, Shown

pytestmark = pytest.mark.slow

CONFIGS = Path(__file__).parents[1] / "configs"
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**400, 1.5, float("nan"), "", " ", "1e3", "..", "a/b", "x" * 5000, "\x1b[31m", "${HOME}",
    "${NO_SUCH}", [], [[]], [1, "x"], {}, {"kind": []}, {"kind": "x:Y"}, {"kind": None}, "/dev/zero", "~",
    "http://evil.example/", "{{ 1/0 }}",
)  # fmt: skip  # a list


def test_acknowledged_labels_survive_kills_once_each(tmp_path: Path) -> None:
    rng = random.Random(1)  # noqa: S311  # a seeded choice of moments
    file, acknowledged = tmp_path / "labels.jsonl", tmp_path / "acknowledged"
    for attempt in range(15):
        process = os.fork()
        if process == 0:
            try:
                for number in range(200):
                    give_label(file, f"{attempt}-{number}")
                    with acknowledged.open("a") as known:
                        known.write(f"{attempt}-{number}\n")
            finally:
                os._exit(0)
        time.sleep(rng.random() * 0.3)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    give_label(file, "last")
    ids = Counter(each.id for each in labels.read(file))
    assert set(acknowledged.read_text().split()) <= set(ids)
    assert set(ids.values()) == {1}
    assert list(tmp_path.glob("*.part")) == []


def give_label(file: Path, key: str) -> None:
    moment, hypothesis, premise = "2026-11-26T20:00:00+00:00", f"It rains {key}.", "0" * 16
    label = Annotation(key, "ada", moment, "a", "coverage", "f", hypothesis, premise, "absent", Shown(True))
    labels.append({file: [label]})


def test_config_changed_at_random_is_read_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any exception other than a HarnessError fails the test."""
    rng = random.Random(1)  # noqa: S311  # a seeded choice of changes
    configs = shutil.copytree(CONFIGS, tmp_path / "configs")
    whole = [YAML(typ="safe", pure=True).load(file) for file in sorted(configs.glob("*.yaml"))]
    path, refused = configs / "run.yaml", 0
    for _ in range(300):
        data = copy.deepcopy(rng.choice(whole))
        for _ in range(rng.randrange(1, 4)):
            tree, key = rng.choice(list(iter_places(data)))
            tree[key] = rng.choice(VALUES)
        text = StringIO()
        YAML(typ="safe", pure=True).dump(data, text)
        cut = rng.randrange(len(text.getvalue())) if rng.random() < 0.3 else None
        damage = rng.choice(["", "\t", "]", "&a *a", "\x00", ": -"])
        damaged = text.getvalue() if cut is None else text.getvalue()[:cut] + damage + text.getvalue()[cut + 1 :]
        path.write_text(damaged, "utf-8")
        try:
            config.load(path)
        except HarnessError:
            refused += 1
    assert refused > 100


def iter_places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping and list in the tree, with each of its keys."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from iter_places(tree[key])
