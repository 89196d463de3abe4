"""Time of the base run, cold and warm, and of rescoring after a fact was added; and peak memory.

    python benchmarks/speed/base_run.py [--runs N]

Runs the real commands in a fresh results folder and a fresh cache (the packaged model is fetched before the clock
starts), prints a table with minimum, median and maximum, and writes it to ``benchmarks/speed/base_run.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("base_run.md")
FACT = {
    "id": "benchmark-extra-fact",
    "statement": "Zelensky left the White House before the agreement was signed.",
    "importance": "detail",
    "kind": "event",
}


def timed(*arguments: str, cwd: Path, home: Path) -> float:
    """Wall seconds of one harness command."""
    started = time.monotonic()
    command = [sys.executable, "-m", "harness", *arguments, "--quiet"]
    subprocess.run(command, cwd=cwd, env={**os.environ, "HARNESS_HOME": str(home)}, check=True)  # noqa: S603
    # our own command
    return time.monotonic() - started


def peak_memory() -> float:
    """Largest resident size of any child so far, in GB (Linux counts in kB, macOS in bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e9


def one_round(folder: Path, models: Path) -> dict[str, float]:
    """Cold run, warm run, warm start of --help, and a re-scoring with one more fact."""
    project, home = folder / "project", folder / "home"
    shutil.copytree(ROOT / "configs", project / "configs")
    shutil.copytree(ROOT / "references", project / "references")
    home.mkdir()
    (home / "models").symlink_to(models)
    cold = timed("run", "configs/base.yaml", cwd=project, home=home)
    warm = timed("run", "configs/base.yaml", cwd=project, home=home)
    facts = project / "references/zelensky-us-support/facts.yaml"
    with facts.open("a", encoding="utf-8") as file:
        file.write("\n  - " + json.dumps(FACT) + "\n")
    rescored = timed("score", "results/base", cwd=project, home=home)
    return {"cold run": cold, "warm run, nothing to compute": warm, "re-score after a fact was added": rescored}


def seconds_of(command: list[str], times: int = 15) -> float:
    """Median wall seconds of a command."""
    found = []
    for _ in range(times):
        started = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # our own commands
        found.append(time.monotonic() - started)
    return statistics.median(found)


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    from harness.weights import store

    models = store.path("smollm2-135m-instruct").parent.parent.parent
    rounds = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(one_round(Path(folder), models))
    memory = peak_memory()
    click = seconds_of([sys.executable, "-c", "import click"])
    start = seconds_of([sys.executable, "-m", "harness", "--help"])
    lines = [
        "# The base run",
        "",
        f"Made by `python benchmarks/speed/base_run.py --runs {runs}` on {date.today().isoformat()}, on a",
        "machine with two",
        "CPU cores and no GPU; seconds of wall time of whole commands, the packaged model fetched before.",
        "",
        "| | min | median | max | target |",
        "|---|---|---|---|---|",
    ]
    for name, target in zip(rounds[0], ("–", "< 3", "< 3"), strict=True):
        values = [each[name] for each in rounds]
        lines.append(f"| {name} | {min(values):.1f} | {statistics.median(values):.1f} | {max(values):.1f} | {target} |")
    lines += [
        "",
        f"Peak memory of the largest process: {memory:.2f} GB (target < 2.5 GB).",
        f"`harness --help` takes {start / click:.2f} times as long as Python importing click",
        f"({start * 1000:.0f} ms against {click * 1000:.0f} ms; target < 3).",
    ]
    report = "\n".join(lines) + "\n"
    TABLE.write_text(report, encoding="utf-8")
    print(report)  # noqa: T201  # what a benchmark is for


if __name__ == "__main__":
    main()
