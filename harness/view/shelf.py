"""The runs and articles that the app shows, found by listing its folders: a name from a request picks among them."""

from __future__ import annotations

from pathlib import Path

from harness.data import articles, results
from harness.data.articles import Folder
from harness.data.results import RunFolder
from harness.errors import DataError, HarnessError
from harness.files import show


class NotThereError(HarnessError):
    """No run or article has the name that was asked for."""


class Shelf:
    """What lies in the two folders now: they are listed anew each time."""

    def __init__(self, results: Path, references: Path) -> None:
        self.results = results
        self.references = references

    def runs(self) -> list[RunFolder]:
        """All runs by name."""
        return results.runs(self.results)

    def run(self, name: str) -> RunFolder:
        """The run of this name; NotThereError where there is none (any more)."""
        for run in self.runs():
            if run.path.name == name:
                return run
        raise NotThereError(f"there is no run {name!r} in {show(self.results)}; it may have been removed or renamed")

    def articles(self) -> list[Path]:
        """The folders of the articles by name; none where there is no folder of articles."""
        try:
            return articles.folders(self.references)
        except DataError:
            return []

    def article(self, name: str) -> Folder:
        """The article of this name with all that is wrong with it; NotThereError where there is none (any more)."""
        for path in self.articles():
            if path.name == name:
                return articles.read_folder(path)
        raise NotThereError(
            f"there is no article {name!r} in {show(self.references)}; it may have been removed or renamed"
        )
