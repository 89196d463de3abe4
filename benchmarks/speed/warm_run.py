"""Time a run with nothing to compute, and a comparison of its systems: 100 articles × 25 systems.

    python benchmarks/speed/warm_run.py [--data DIR] [--runs N]

Runs the real commands on ``configs/realsumm.yaml`` (REALSumm, CC BY 4.0) with the verifier ``lexical``, and writes
``warm_run.md``. The first run, which computes everything, is not timed.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import Cost, run_command
from benchmarks.data_option import describe_machine, parser, require_file
from harness.files import write_text

TABLE = Path(__file__).with_name("warm_run.md")
RUN = ("run", "configs/realsumm.yaml", "--set", "verifier=lexical", "-o")
TARGETS = {"warm run, with its table": "< 5", "warm run, quiet": "< 5", "compare by system": "< 3"}


def measure(data: Path, runs: int) -> dict[str, list[Cost]]:
    """Run each command ``runs`` times, in turns."""
    with TemporaryDirectory() as folder:
        environment = {"HARNESS_LABELLED_DATA": str(data.resolve()), "HARNESS_HOME": f"{folder}/home"}
        output = f"{folder}/run"
        commands = dict(zip(TARGETS, [(*RUN, output), (*RUN, output, "--quiet"), ("compare", output)], strict=True))
        run_command((*RUN, output, "--quiet"), environment)
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                costs[name].append(run_command(command, environment))
    return costs


def render(costs: Mapping[str, Sequence[Cost]], runs: int) -> str:
    rows = []
    for name, each in costs.items():
        wall, processor = [one.wall for one in each], statistics.median(one.processor for one in each)
        numbers = (min(wall), statistics.median(wall), max(wall), processor)
        rows.append(f"| {name} | {' | '.join(f'{number:.1f}' for number in numbers)} | {TARGETS[name]} |\n")
    return f"""# A warm run

Made by `python benchmarks/speed/warm_run.py --runs {runs}` on {date.today():%Y-%m-%d}: 100 articles × 25 systems of
REALSumm with 26,400 verdicts on facts, all computed before. Seconds of whole commands: wall time, and the median of the
processor time. Other programs ran on the machine.

| | min | median | max | processor | target |
|---|---:|---:|---:|---:|---:|
{"".join(rows)}
A warm run reads and checks articles, outputs, summaries and verdicts, and finds that none is missing. It keeps scores
and reports, because the same code made them from the same records.

{describe_machine()}.
"""


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--runs", type=int, default=5, metavar="N")
    arguments = command.parse_args()
    require_file(command, arguments.data, "realsumm_outputs.jsonl")
    page = render(measure(arguments.data, arguments.runs), arguments.runs)
    write_text(TABLE, page)
    sys.stdout.write(page)


if __name__ == "__main__":
    main()
