"""Time of a run with nothing to compute, and of a comparison of its systems: 100 articles × 25 systems.

    python benchmarks/speed/warm_run.py [--data DIR] [--runs N]

Runs the real commands on ``configs/realsumm.yaml`` (REALSumm, CC BY 4.0, in the folder that ``--data`` or the
environment variable ``HARNESS_LABELLED_DATA`` names) under the verifier ``lexical``, prints a table with minimum,
median and maximum, and writes it to ``benchmarks/speed/warm_run.md``. The first run, which computes everything, is not
timed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.data_option import parser
from harness import provenance
from harness.files import write_text

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("warm_run.md")
RUN = ("run", "configs/realsumm.yaml", "--set", "verifier=lexical", "-o")
TARGETS = {
    "warm run, with its table": "< 5",
    "warm run, quiet": "< 5",
    "compare by system": "< 3",
}


@dataclass(frozen=True)
class Seconds:
    """Time of a command."""

    wall: float
    processor: float
    """Processor time, which other programs do not add to."""


def measured(data: Path, runs: int) -> dict[str, list[Seconds]]:
    """The time of each command, ``runs`` times, in turns."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "HARNESS_LABELLED_DATA": str(data.resolve()), "HARNESS_HOME": f"{folder}/home"}
        output = f"{folder}/run"
        commands = dict(zip(TARGETS, [(*RUN, output), (*RUN, output, "--quiet"), ("compare", output)], strict=True))
        timed((*RUN, output, "--quiet"), environment)
        found: dict[str, list[Seconds]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                found[name].append(timed(command, environment))
    return found


def timed(arguments: Sequence[str], environment: Mapping[str, str]) -> Seconds:
    """The time of one harness command; SystemExit if it fails."""
    command = [sys.executable, "-m", "harness", *arguments]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"harness {' '.join(arguments)} failed with status {status}")
    return Seconds(time.monotonic() - started, usage.ru_utime + usage.ru_stime)


def table(found: Mapping[str, Sequence[Seconds]], runs: int) -> str:
    """The page."""
    machine = provenance.describe_machine()
    rows = []
    for name, each in found.items():
        wall, processor = [one.wall for one in each], statistics.median(one.processor for one in each)
        numbers = (min(wall), statistics.median(wall), max(wall), processor)
        rows.append(f"| {name} | {' | '.join(f'{number:.1f}' for number in numbers)} | {TARGETS[name]} |")
    return "\n".join(
        [
            "# A warm run",
            "",
            f"Made by `python benchmarks/speed/warm_run.py --runs {runs}` on {date.today():%Y-%m-%d}: 100",
            "articles × 25",
            "systems of REALSumm with 26,400 verdicts on facts, which are all there; seconds of whole commands, by the",
            "clock and of the processor (median), on a machine that other work shares.",
            "",
            "| | min | median | max | processor | target |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "",
            "A warm run reads and checks articles, outputs, summaries and verdicts, finds that nothing is missing, and",
            "leaves scores and reports as they are: they were made from the same records by the same code.",
            "",
            f"{machine['cores']} cores of {machine['processor']} ({machine['system']}).",
            "",
        ]
    )


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--runs", type=int, default=5, metavar="N")
    arguments = command.parse_args()
    if not (arguments.data / "realsumm_outputs.jsonl").is_file():
        command.error(f"{arguments.data} has no realsumm_outputs.jsonl; name its folder with --data")
    text = table(measured(arguments.data, arguments.runs), arguments.runs)
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
