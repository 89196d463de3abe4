"""Measure the processor time and the disk space per summary, for ``docs/scale.md``.

    python benchmarks/memory/scale.py [--data DIR] [--articles N]

Writes ``scale.md``. The articles are REALSumm's 100 (CC BY 4.0) with their facts, repeated under new ids. The only
system is ``lead``, which takes almost no time, so the time is that of harness itself. Each size runs twice: in a single
process, and on a Ray cluster on this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.common import ROOT, describe_machine, make_parser, publish, require_file
from benchmarks.memory.memory import repeat_articles

TABLE = Path(__file__).with_name("scale.md")
CONFIG = """articles: articles.jsonl
models: {lead: {kind: lead}}
verifier: lexical
scorers: [fact_recall, faithfulness, rouge, length]
output: run
"""
FILES = ("summaries.jsonl", "verdicts.jsonl", "scores.jsonl")
RUN = """
import resource, sys
from pathlib import Path
from harness import config, pipeline
loaded = config.load(Path(sys.argv[1]), [f"engine={sys.argv[2]}"])
before = resource.getrusage(resource.RUSAGE_SELF)
pipeline.run(loaded, use_cache=False)
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""
"""Prints the processor time of a run, in seconds, without the time of Ray's workers."""


@dataclass(frozen=True, slots=True)
class Measurement:
    processor: float
    """Processor seconds of the process that writes records."""
    lines: dict[str, int]
    """File → number of lines."""
    sizes: dict[str, int]
    """File → bytes."""


def measure(data: Path, count: int, engine: str) -> Measurement:
    """Run ``count`` articles in a new process; CalledProcessError if the run fails."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
        rows = (json.dumps({**article, "id": id_}) + "\n" for id_, article in repeat_articles(data, count))
        (folder / "articles.jsonl").write_text("".join(rows), encoding="utf-8")
        environment = {**os.environ, "HARNESS_HOME": f"{name}/home", "RAY_AUTH_MODE": "disabled"}
        command = [sys.executable, "-c", RUN, f"{name}/run.yaml", engine]
        done = subprocess.run(  # noqa: S603  # our own command
            command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        records = {file: (folder / "run" / file).read_bytes() for file in FILES}
    lines = {file: text.count(b"\n") for file, text in records.items()}
    return Measurement(float(done.stdout.splitlines()[-1]), lines, {file: len(text) for file, text in records.items()})


def render(few: int, many: int, runs: Mapping[str, tuple[Measurement, Measurement]]) -> str:
    """Render the page; ``runs`` has each engine's measurements with few and with many articles."""
    engines = [
        f"| {engine} | {1000 * (second.processor - first.processor) / (many - few):.1f} |\n"
        for engine, (first, second) in runs.items()
    ]
    local = runs["local"][1]
    sizes = [
        f"| {file} | {local.lines[file] / many:.1f} | {local.sizes[file] / local.lines[file]:.0f} "
        f"| {local.sizes[file] / many / 1000:.1f} |\n"
        for file in FILES
    ]
    return f"""# What a summary costs the process that writes records

Made by `python benchmarks/memory/scale.py --articles {many}` on {date.today():%Y-%m-%d}: articles of REALSumm with
their facts, one system (`lead`), verifier `lexical`, scorers `fact_recall`, `faithfulness`, `rouge` and `length`,
nothing cached. The first table shows the processor time that each summary adds, between {few:,} and {many:,} articles,
in the process that reads articles, hands out work, and writes records, scores and reports. The time of Ray's workers,
which shared the two cores with this process, is not included.

| engine | ms a summary |
|---|---:|
{"".join(engines)}
| file | lines a summary | bytes a line | kB a summary |
|---|---:|---:|---:|
{"".join(sizes)}
{describe_machine()}; other programs ran on the machine.
"""


def main() -> None:
    command = make_parser(__doc__)
    command.add_argument("--articles", type=int, default=4000, metavar="N")
    arguments = command.parse_args()
    require_file(command, arguments.data, "realsumm_articles.jsonl")
    few, many = arguments.articles // 4, arguments.articles
    runs = {
        engine: (measure(arguments.data, few, engine), measure(arguments.data, many, engine))
        for engine in ("local", "ray")
    }
    page = render(few, many, runs)
    publish(page, TABLE)


if __name__ == "__main__":
    main()
