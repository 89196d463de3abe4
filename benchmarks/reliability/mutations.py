"""Configs, data files and run files changed at random: each is read or refused with an instruction."""

from __future__ import annotations

import copy
import json
import random
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import viewing
from ruamel.yaml import YAML

from benchmarks.reliability.tally import Tally
from harness import config, pipeline
from harness.compare import stored
from harness.data import articles, labels
from harness.data.runs import check as run_check
from harness.errors import HarnessError

PATIENCE = 20
"""Seconds after which what is read counts as hanging."""

CONFIG: dict[str, Any] = {
    "articles": "../references",
    "models": {
        "lead": {"kind": "lead", "sentences": 2},
        "textrank": {"kind": "textrank"},
        "served": {
            "kind": "openai_api",
            "model": "m",
            "base_url": "http://127.0.0.1:9/v1",
            "max_new_tokens": 100,
            "temperature": 0.5,
            "retries": 2,
            "timeout": 60.0,
            "stream": False,
            "extra": {"user": "ada"},
        },
    },
    "prompts": {
        "plain": "Summarise.\n{{ article.text }}",
        "two": {"template": "{{ article.body }}", "system_message": "Be."},
    },
    "verifier": {"kind": "cascade", "steps": ["lexical", {"kind": "judge", "model": "j", "max_tokens": 200}]},
    "claims": "sentences",
    "scorers": ["fact_recall", "faithfulness", {"kind": "rouge"}, "length"],
    "seed": 3,
    "limit": 5,
    "only": ["lead"],
    "name": "run",
    "labels": "labels.jsonl",
    "output": "../results/x",
}
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    " ",
    "1e3",
    "true",
    "..",
    ".",
    "a/b",
    "x" * 5000,
    "\x1b[31m",
    "\x00",
    "${HOME}",
    "${NO_SUCH}",
    "sk-aBcDeFgH1234567890",
    [],
    [[]],
    [1, "x"],
    {},
    {"kind": []},
    {"kind": "lead"},
    {"kind": "x:Y"},
    {"kind": None},
    "/dev/zero",
    "/",
    "~",
    "http://evil.example/",
    "{{ 1/0 }}",
    "\ud7ff",
)


@contextmanager
def patient() -> Iterator[None]:
    """TimeoutError where the block takes too long."""

    def ring(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


def tried(tally: Tally, read: Callable[[], object], what: str) -> bool:
    """Whether something was read; a refusal is fine, any other exception is counted."""
    tally.tried += 1
    try:
        with patient():
            read()
    except HarnessError:
        return False
    except TimeoutError:
        tally.fail(f"hangs: {what[:300]}")
    except Exception as error:  # noqa: BLE001  # what is counted
        last = traceback.extract_tb(error.__traceback__)[-1]
        tally.fail(f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {what[:300]}")
    else:
        return True
    return False


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a tree of mappings and lists."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, child in below for place in places(child, (*at, name)))]


def configs(folder: Path, rng: random.Random, count: int, until: float) -> Tally:
    """A config with one to three values, or some letters of its text, changed."""
    tally = Tally("config, changed at random")
    path = _home(folder)
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    while tally.tried < count and time.monotonic() < until:
        data = copy.deepcopy(CONFIG)
        for _ in range(rng.randrange(1, 4)):
            _change(data, rng)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)
        if rng.random() < 0.3:
            path.write_bytes(mutated(path.read_bytes(), rng))
        tried(tally, lambda: config.load(path), path.read_bytes().decode("utf-8", "replace"))
    return tally


def wrong_types(folder: Path, rng: random.Random, count: int, until: float) -> Tally:
    """A number, a truth value or a text in a config replaced by a value of another type: none is accepted."""
    tally = Tally("config, a value of another type")
    path = _home(folder)
    leaves = [place for place in places(CONFIG) if place and not isinstance(_at(CONFIG, place), dict | list)]
    others: dict[type, tuple[Any, ...]] = {
        int: (True, "1e3", "x", [1], {"a": 1}, 10**400),
        float: (True, "1e3", [1.5], {}),
        bool: ("yes", 1, "x", [True]),
        str: (True, 5, 1.5, {"a": 1}, [["x"]]),
    }
    while tally.tried < count and time.monotonic() < until:
        data, place = copy.deepcopy(CONFIG), rng.choice(leaves)
        value = rng.choice(others[type(_at(CONFIG, place))])
        _at(data, place[:-1])[place[-1]] = value
        path.write_text(json.dumps(data), "utf-8")
        if tried(tally, lambda: config.load(path), f"{place}: {value!r}"[:200]) and "extra" not in place:
            tally.fail(f"accepted: {place}: {str(value)[:50]!r}")
    return tally


def _change(data: Any, rng: random.Random) -> None:
    place = rng.choice([place for place in places(data) if place])
    parent = _at(data, place[:-1])
    if isinstance(parent, dict) and rng.random() < 0.2:
        parent[rng.choice(("kind", "extends", "", "x", "..", "steps", "base_url"))] = rng.choice(VALUES)
    elif rng.random() < 0.1:
        del parent[place[-1]]
    else:
        parent[place[-1]] = copy.deepcopy(rng.choice(VALUES))


def _at(data: Any, place: tuple[Any, ...]) -> Any:
    for part in place:
        data = data[part]
    return data


def _home(folder: Path) -> Path:
    viewing.write_articles(folder)
    (folder / "configs").mkdir()
    return folder / "configs" / "run.yaml"


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Bytes with a few of them flipped, cut, doubled, or replaced by what is special."""
    special = (
        b"\x00",
        b"\xff",
        b"\n",
        b'"',
        b"{",
        b"[" * 3000,
        b"}",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"1e999",
        b"\x1b[2J",
        b": ",
    )
    for _ in range(rng.randrange(1, 4)):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.randrange(0, 40))
        match rng.randrange(4):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:start] + data[start:end] * 2 + data[end:]
            case 2:
                data = data[:start] + rng.choice(special) + data[end:]
            case _:
                data = data[:start]
    return data


def files(folder: Path, rng: random.Random, count: int, until: float) -> Tally:
    """Articles, references, facts, labels and the files of a run, changed at random, then read by all who read them."""
    tally = Tally("data and run files, changed at random")
    project = viewing.make_project(folder / "made")
    bridge, run = project / "references" / "bridge", project / "results" / "small"
    (bridge / "labels.jsonl").write_text('{"id": "1"}\n', "utf-8")
    paths = [*bridge.glob("*.*"), bridge / "references" / "short.md", *run.glob("*.json*")]
    whole = {path: path.read_bytes() for path in paths}
    rows = folder / "rows.jsonl"
    row = json.dumps({"id": "a", "text": "The council met. It voted.", "facts": ["It voted."]}).encode() + b"\n"
    while tally.tried < count and time.monotonic() < until:
        path = rng.choice([*paths, rows])
        path.write_bytes(mutated(whole.get(path, row * 3), rng))
        what = f"{path.name}: {path.read_bytes()[:200]!r}"
        if path == rows:
            tried(tally, lambda: list(articles.load(rows)), what)
        elif path.parent == run:
            tried(tally, lambda: _read(run), what)
            tried(tally, lambda: run_check.examine(run), what)
            tried(tally, lambda: pipeline.read(run), what)
        else:
            tried(tally, lambda: labels.of(articles.load(project / "references")), what)
        if path in whole:
            path.write_bytes(whole[path])
    shutil.rmtree(folder / "made")
    return tally


def _read(run: Path) -> object:
    [found] = stored.open_all([run])
    return found.scores, found.judged, found.summaries, found.metrics, found.facts
