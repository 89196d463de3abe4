"""Measure the processor time and the disk space per summary, for ``docs/scale.md``.

    python benchmarks/memory/scale.py [--data DIR] [--articles N]

Writes ``scale.md``. The articles are REALSumm's 100 (CC BY 4.0) with their facts, repeated under new ids. The only
system is ``lead``, which takes almost no time, so the time is that of harness itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
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
loaded = config.load(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF)
pipeline.run(loaded, use_cache=False)
after = resource.getrusage(resource.RUSAGE_SELF)
print(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""
"""Prints the processor time of a run, in seconds."""


@dataclass(frozen=True, slots=True)
class Measurement:
    processor: float
    """Processor seconds of the run."""
    lines: dict[str, int]
    """File → number of lines."""
    sizes: dict[str, int]
    """File → bytes."""


def measure(data: Path, count: int) -> Measurement:
    """Run ``count`` articles in a new process; raise CalledProcessError if the run fails."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run.yaml").write_text(CONFIG, encoding="utf-8")
        rows = (json.dumps({**article, "id": id_}) + "\n" for id_, article in repeat_articles(data, count))
        (folder / "articles.jsonl").write_text("".join(rows), encoding="utf-8")
        environment = {**os.environ, "HARNESS_HOME": f"{name}/home"}
        command = [sys.executable, "-c", RUN, f"{name}/run.yaml"]
        done = subprocess.run(  # noqa: S603  # our own command
            command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        records = {file: (folder / "run" / file).read_bytes() for file in FILES}
    lines = {file: text.count(b"\n") for file, text in records.items()}
    return Measurement(float(done.stdout.splitlines()[-1]), lines, {file: len(text) for file, text in records.items()})


def render(few: int, many: int, first: Measurement, second: Measurement) -> str:
    """Render the page from the measurements with few and with many articles."""
    sizes = [
        f"| {file} | {second.lines[file] / many:.1f} | {second.sizes[file] / second.lines[file]:.0f} "
        f"| {second.sizes[file] / many / 1000:.1f} |\n"
        for file in FILES
    ]
    return f"""# What a summary costs

Made by `python benchmarks/memory/scale.py --articles {many}` on {date.today():%Y-%m-%d}: articles of REALSumm with
their facts, one system (`lead`), verifier `lexical`, scorers `fact_recall`, `faithfulness`, `rouge` and `length`,
nothing cached. Between {few:,} and {many:,} articles, each summary adds
{1000 * (second.processor - first.processor) / (many - few):.1f} ms of processor time and these records:

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
    page = render(few, many, measure(arguments.data, few), measure(arguments.data, many))
    publish(page, TABLE)


if __name__ == "__main__":
    main()
