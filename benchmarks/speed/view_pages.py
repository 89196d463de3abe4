"""How long each page of ``harness view`` takes over a large run.

    python benchmarks/speed/view_pages.py [--data DIR] [--folder DIR]

Writes ``view_pages.md`` beside it. The run is REALSumm's (CC BY 4.0): 25 systems replayed on 100 articles, whose
folders with their facts are made of the data in the folder that ``--data`` or the environment variable
``HARNESS_LABELLED_DATA`` names; verifier ``lexical``. ``--folder`` keeps run and articles for the next time. The app is
a process of its own (Linux: its CPU time is read from /proc).
"""

from __future__ import annotations

import os
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

from benchmarks.data_option import parser
from harness import pipeline, provenance
from harness.data import articles
from harness.data.articles import write as articles_write
from harness.data.runs.results import RunFolder
from harness.files import write_text
from harness.trust.labelling import AnnotationQueue, AnnotationSession, SubmittedLabel

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("view_pages.md")
REPEATS = 5
LABELS = 60
"""Pairs that somebody labelled: reports and the page of agreement then have more to compute."""
CONFIG = """articles: references
models: {{realsumm: {{kind: replay, path: {outputs}}}}}
verifier: lexical
scorers: [fact_recall, faithfulness, rouge, length]
output: results/realsumm
"""
RUN = "/runs/realsumm"
ARTICLE = "000"
START = "the run, right after the start"
READ = "the same, once it is read"
PAGES = {
    "the run": f"{RUN}/",
    "an article of the run": f"{RUN}/articles/{ARTICLE}",
    "runs": "/",
    "its 25 systems compared": "/compare?run=realsumm",
    "articles": "/articles",
    "an article": f"/articles/{ARTICLE}",
    "facts of an article": f"/articles/{ARTICLE}/facts",
    "judge": f"{RUN}/judge?by=author",
    "agreement": f"{RUN}/agreement",
}


@dataclass(frozen=True)
class Measured:
    """A page: the first look at it, and the median of those that follow."""

    name: str
    kilobytes: float
    waited: tuple[float, float]
    """Seconds until the whole answer was there."""
    worked: tuple[float, float]
    """CPU seconds of the server."""


def prepared(data: Path, folder: Path) -> None:
    """The articles and the run in ``folder``, where they are not there yet."""
    if not (folder / "references").exists():
        articles_write.write(articles.load(data / "realsumm_articles.jsonl"), folder / "references")
    config = folder / "realsumm.yaml"
    config.write_text(CONFIG.format(outputs=(data / "realsumm_outputs.jsonl").resolve()), "utf-8")
    run = folder / "results" / "realsumm"
    if not RunFolder(run).complete_manifest:
        subprocess.run([sys.executable, "-m", "harness", "run", str(config), "--quiet"], check=True)  # noqa: S603  # our own command
    labelling = AnnotationSession(AnnotationQueue([pipeline.read(run)]), "author")
    if not labelling.mine():
        asks = labelling.waiting()[:LABELS]
        labelling.submit([SubmittedLabel(ask, ask.task.checks[0].verdict.label) for ask in asks])


@contextmanager
def serving(folder: Path) -> Iterator[tuple[httpx2.Client, int]]:
    """A browser of the app over ``folder`` that has come in, and the app's process."""
    command = [sys.executable, "-m", "harness", "view", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own command
        assert process.stdout  # noqa: S101  # asked for above
        said = process.stdout.readline()
        try:
            address, token = said.removeprefix("harness view: ").strip().split("/?")
            with httpx2.Client(base_url=address, timeout=300) as client:
                client.get(f"/static/app.css?{token}")
                yield client, process.pid
        finally:
            process.terminate()


def started(client: httpx2.Client, path: str, server: int) -> Iterator[Measured]:
    """A run in the instant after the start: the page that says that it is being read, and the run itself."""
    began, work = time.perf_counter(), cpu_seconds(server)
    response, name = client.get(path), START
    while True:
        waited, worked = time.perf_counter() - began, cpu_seconds(server) - work
        yield Measured(name, len(response.content) / 1000, (waited, waited), (worked, worked))
        if response.status_code != 202:
            return
        response, name = looked(client, path), READ


def looked(client: httpx2.Client, path: str) -> httpx2.Response:
    """The page, however often it says before that the run is being read."""
    while (response := client.get(path)).status_code == 202:
        pass
    return response


def measured(client: httpx2.Client, name: str, server: int) -> Measured:
    """A page, looked at again and again; SystemExit where it is not shown."""
    waited, worked = [], []
    path = PAGES[name]
    for _ in range(1 + REPEATS):
        started, work = time.perf_counter(), cpu_seconds(server)
        response = looked(client, path)
        waited.append(time.perf_counter() - started)
        worked.append(cpu_seconds(server) - work)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code}")
    return Measured(name, len(response.content) / 1000, first_and_median(waited), first_and_median(worked))


def idle(process: int) -> None:
    """Wait until the process has done nothing for a second."""
    worked = -1.0
    while (now := cpu_seconds(process)) > worked + 0.05:
        worked = now
        time.sleep(1)


def first_and_median(seconds: Sequence[float]) -> tuple[float, float]:
    return seconds[0], statistics.median(seconds[1:])


def cpu_seconds(process: int) -> float:
    """User and system time of a process (proc(5): fields 14 and 15, counted from the one after the name)."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(found: Sequence[Measured], verdicts: int, load: float) -> str:
    """The page; ``load`` is the machine's load average while the pages were measured."""
    rows = [
        f"| {page.name} | {page.kilobytes:,.0f} | {' | '.join(f'{n:.2f}' for n in (*page.waited, *page.worked))} |"
        for page in found
    ]
    machine = provenance.machine()
    return "\n".join(
        [
            "# Pages of `harness view`",
            "",
            f"Made by `python benchmarks/speed/view_pages.py` on {date.today():%Y-%m-%d}: the 25 systems of",
            "REALSumm on 100",
            f"articles with {verdicts:,} verdicts, {LABELS} of them labelled. Seconds until the whole answer was there",
            "over loopback, and CPU seconds of the server: of the first look, and the median of the next",
            f"{REPEATS}. The target is a second.",
            "The newest run, its systems compared, what of it can be judged, and the articles are made ready as",
            "soon as the app starts, and kept until a file changes. The first rows are of who does not wait for that:",
            "the page that says that the run is being read, and the run in its place; both are looked at once.",
            "",
            "| page | kB | first look | median | CPU, first | CPU, median |",
            "|:---|---:|---:|---:|---:|---:|",
            *rows,
            "",
            f"{machine['cores']} cores of {machine['processor']} ({machine['system']}), load average {load:.1f}: the",
            "seconds of waiting include other work, where there was any, and the CPU seconds do not.",
            "",
        ]
    )


def main() -> None:
    command = parser(__doc__)
    command.add_argument("--folder", type=Path, help="folder to keep the run in")
    arguments = command.parse_args()
    if not (arguments.data / "realsumm_outputs.jsonl").is_file():
        command.error(f"{arguments.data} has no realsumm_outputs.jsonl; name its folder with --data")
    with TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        prepared(arguments.data, folder)
        with serving(folder) as (client, server):
            found = list(started(client, f"{RUN}/", server))
            idle(server)
            found += [measured(client, name, server) for name in PAGES]
        verdicts = sum(1 for _ in (folder / "results" / "realsumm" / "verdicts.jsonl").open("rb"))
    text = table(found, verdicts, os.getloadavg()[0])
    write_text(TABLE, text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
