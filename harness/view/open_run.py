"""The run that is open beside an article: saving a fact scores it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request

from harness.data.articles import Folder
from harness.data.runs.results import RunFolder
from harness.errors import HarnessError
from harness.records import Manifest
from harness.view.context import context
from harness.view.page import sent

NONE = "-"
"""As the parameter ``run``: none is to be open."""


def open_run(request: Request, folder: Folder) -> str:
    """The name of the run that is asked for, or else of the last one with the article; empty where there is none."""
    asked = request.query_params.get("run") or sent(request, "run")
    known = runs_with(request, folder)
    if not asked:
        return known[0] if known else ""
    return asked if asked in known else ""


def runs_with(request: Request, folder: Folder) -> list[str]:
    """The finished runs whose articles are read from where this one lies, the last one first."""
    found = [run for run in context(request).run_index.runs() if _has(run, folder)]
    found.sort(key=lambda run: (run.path / "manifest.json").stat().st_mtime, reverse=True)
    return [run.path.name for run in found]


def _has(run: RunFolder, folder: Folder) -> bool:
    try:
        manifest = run.manifest
    except HarnessError:
        return False
    here = folder.path.resolve()
    sources = {(run.path / Path(each).expanduser()).resolve() for each in _paths(manifest)}
    return manifest.status != "running" and here.name in manifest.articles and bool(sources & {here, here.parent})


def _paths(manifest: Manifest) -> Iterator[str]:
    """The sources of articles that are paths, relative to the run's folder."""
    given = manifest.config.get("articles")
    yield from (each for each in given if isinstance(each, str)) if isinstance(given, list) else ()
