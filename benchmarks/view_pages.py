"""How long each page of ``harness view`` takes over a large run.

    python benchmarks/view_pages.py [--data DIR] [--folder DIR]

Writes ``benchmarks/view_pages.md``. The run is REALSumm's (CC BY 4.0): 25 systems replayed on 100 articles, whose
folders with their facts are made of the data in the folder that ``--data`` or the environment variable
``HARNESS_LABELLED_DATA`` names; verifier ``lexical``. ``--folder`` keeps run and articles for the next time. The app is
a process of its own; a time is that of the whole answer over loopback.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from harness import provenance
from harness.data import articles, articles_write
from harness.data.results import RunFolder
from harness.files import write_text

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benchmarks" / "view_pages.md"
REPEATS = 5
CONFIG = """articles: references
models: {{realsumm: {{kind: replay, path: {outputs}}}}}
verifier: lexical
scorers: [fact_recall, faithfulness, rouge, length]
output: results/realsumm
"""
RUN = "/runs/realsumm"
ARTICLE = "000"
PAGES = {
    "the run, right after the start": f"{RUN}/",
    "the run": f"{RUN}/",
    "an article of the run": f"{RUN}/articles/{ARTICLE}",
    "runs": "/",
    "its 25 systems compared": "/compare?run=realsumm",
    "articles": "/articles",
    "an article": f"/articles/{ARTICLE}",
    "facts of an article": f"/articles/{ARTICLE}/facts",
}


@dataclass(frozen=True)
class Measured:
    """A page: seconds until its whole answer was there."""

    name: str
    kilobytes: float
    first: float
    median: float
    """Of the looks after the first."""


def prepared(data: Path, folder: Path) -> None:
    """The articles and the run in ``folder``, where they are not there yet."""
    if not (folder / "references").exists():
        articles_write.write(articles.load(data / "realsumm_articles.jsonl"), folder / "references")
    config = folder / "realsumm.yaml"
    config.write_text(CONFIG.format(outputs=(data / "realsumm_outputs.jsonl").resolve()), "utf-8")
    if not RunFolder(folder / "results" / "realsumm").is_complete:
        subprocess.run([sys.executable, "-m", "harness", "run", str(config), "--quiet"], check=True)  # noqa: S603  # our own command


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of the app over ``folder``."""
    command = [sys.executable, "-m", "harness", "view", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own command
        assert process.stdout  # noqa: S101  # asked for above
        said = process.stdout.readline()
        yield re.sub(r"^harness view: (.*)/\n", r"\1", said)
        process.terminate()


def measured(name: str, address: str) -> Measured:
    """A page, looked at again and again; SystemExit where it is not shown."""
    seconds = []
    for _ in range(1 + REPEATS):
        started = time.perf_counter()
        response = httpx2.get(address, timeout=300)
        seconds.append(time.perf_counter() - started)
        if response.status_code != 200:
            raise SystemExit(f"{address} answers {response.status_code}")
    return Measured(name, len(response.content) / 1000, seconds[0], statistics.median(seconds[1:]))


def table(found: Sequence[Measured], verdicts: int) -> str:
    rows = [f"| {page.name} | {page.kilobytes:,.0f} | {page.first:.2f} | {page.median:.2f} |" for page in found]
    machine = provenance.machine()
    return "\n".join(
        [
            "# Pages of `harness view`",
            "",
            f"Made by `python benchmarks/view_pages.py` on {date.today():%Y-%m-%d}: the 25 systems of REALSumm on 100",
            f"articles with {verdicts:,} verdicts. Seconds of the whole answer over loopback: the first look, and the",
            f"median of the next {REPEATS}; the target is a second. What is read from the run is kept until its files",
            "change, and reading starts with the app: only who is faster than it waits.",
            "",
            "| page | kB | first look | median |",
            "|:---|---:|---:|---:|",
            *rows,
            "",
            f"{machine['cores']} cores of {machine['processor']} ({machine['system']}).",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("HARNESS_LABELLED_DATA", str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default), help="folder of the realsumm files")
    parser.add_argument("--folder", type=Path, help="folder to keep the run in")
    arguments = parser.parse_args()
    if not (arguments.data / "realsumm_outputs.jsonl").is_file():
        parser.error(f"{arguments.data} has no realsumm_outputs.jsonl; name its folder with --data")
    with TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        prepared(arguments.data, folder)
        with serving(folder) as address:
            found = [measured(name, address + path) for name, path in PAGES.items()]
        verdicts = sum(1 for _ in (folder / "results" / "realsumm" / "verdicts.jsonl").open("rb"))
    text = table(found, verdicts)
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
