"""Time the base run (cold, warm, and rescored after a fact was added), and measure its peak memory.

    python benchmarks/speed/base_run.py [--runs N]

Runs the real commands in a fresh results folder with a fresh cache, and writes ``base_run.md``. The packaged model is
downloaded before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.commands import Cost, run_command
from benchmarks.common import ROOT, describe_machine, publish

TABLE = Path(__file__).with_name("base_run.md")
TARGETS = {"cold run": "–", "warm run, nothing to compute": "< 3", "rescore after a fact was added": "< 3"}
FACT = {
    "id": "benchmark-extra-fact",
    "statement": "Zelensky left the White House before the agreement was signed.",
    "importance": "detail",
    "kind": "event",
}


def measure(folder: Path, models: Path) -> list[Cost]:
    """Run the commands of ``TARGETS`` in a fresh folder."""
    project, home = folder / "project", folder / "home"
    shutil.copytree(ROOT / "configs", project / "configs")
    shutil.copytree(ROOT / "references", project / "references")
    home.mkdir()
    (home / "models").symlink_to(models)
    environment = {"HARNESS_HOME": str(home)}
    costs = [run_command(("run", "configs/base.yaml", "--quiet"), environment, project) for _ in range(2)]
    with (project / "references/zelensky-us-support/facts.yaml").open("a", encoding="utf-8") as file:
        file.write("\n  - " + json.dumps(FACT) + "\n")
    return [*costs, run_command(("score", "results/base", "--quiet"), environment, project)]


def time_start(*command: str) -> float:
    """Return the median wall time of 15 runs of ``python COMMAND``, in seconds."""
    seconds = []
    for _ in range(15):
        started = time.monotonic()
        subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # our own command
        seconds.append(time.monotonic() - started)
    return statistics.median(seconds)


def main() -> None:
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--runs", type=int, default=3)
    runs = command.parse_args().runs
    from harness.weights import store

    models = store.path("smollm2-135m-instruct").parent.parent.parent
    rounds = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            rounds.append(measure(Path(folder), models))
    rows = []
    for (name, target), costs in zip(TARGETS.items(), zip(*rounds, strict=True), strict=True):
        wall = [cost.wall for cost in costs]
        rows.append(f"| {name} | {min(wall):.1f} | {statistics.median(wall):.1f} | {max(wall):.1f} | {target} |\n")
    memory = max(cost.memory for costs in rounds for cost in costs) * 2**20 / 1e9
    click, start = time_start("-c", "import click"), time_start("-m", "harness", "--help")
    page = f"""# The base run

Made by `python benchmarks/speed/base_run.py --runs {runs}` on {date.today().isoformat()}, {describe_machine()}.
Seconds of wall time of whole commands; the packaged models were downloaded before.

| | min | median | max | target |
|---|---|---|---|---|
{"".join(rows)}
Peak memory of the largest process: {memory:.2f} GB (target < 2.5 GB).
`harness --help` takes {start / click:.2f} times as long as Python importing click
({start * 1000:.0f} ms against {click * 1000:.0f} ms; target < 3).
"""
    publish(page, TABLE)


if __name__ == "__main__":
    main()
