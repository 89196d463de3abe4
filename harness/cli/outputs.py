"""Files that a command writes at its end: whether they can be is known at its start.

They are written before anything is printed: what reads a command's output, ``head`` say, may go before it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.echo import echo, echo_json
from harness.errors import UsageError
from harness.files import show, write_text

if TYPE_CHECKING:
    from harness.document.blocks import Document


def checked(path: Path, formats: Collection[str]) -> Path:
    """The path; UsageError where its ending is none of the formats (none given: any will do), or it has no folder."""
    if formats and path.suffix.lower()[1:] not in formats:
        allowed = " or ".join(f".{each}" for each in formats)
        raise UsageError(f"{path} ends in {path.suffix or 'no suffix'}; end it in {allowed}")
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}; make it, or choose another file")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")
    return path


def write(path: Path, text: str) -> None:
    """The text, in one step; a link is followed, and what is no file (a pipe, ``/dev/stdout``) is written into.

    UsageError where the file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")
        else:
            write_text(path.resolve(), text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another file") from None


def write_all(texts: Mapping[Path, str]) -> None:
    """Writes each text to its file, then prints the names of the files."""

    for path, text in texts.items():
        write(path, text)
    for path in texts:
        echo(show(path))


def deliver(
    document: Callable[[], Document], render: Callable[[str], str], form: str | None, output: Collection[Path]
) -> None:
    """A report into files, each in the format that is asked for or else that of its ending; without files printed.

    ``document``: as a terminal shows it; ``render``: the report in a format.
    """
    if output:
        write_all({path: render(form or path.suffix.lower()[1:]) for path in output})
    elif form in (None, "terminal"):
        from harness.cli.console import Console
        from harness.document import terminal

        terminal.show(document(), Console())
    elif form == "json":
        echo_json(render(form))
    else:
        echo(render(form), nl=False)
