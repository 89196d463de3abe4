"""Print and write the output of commands. Control characters in texts never reach the terminal.

Files are written before anything is printed, because the reader of a command's output (``head``, say) may close the
pipe before the command ends.
"""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.document.format import plain, plural, visible
from harness.errors import UsageError, hide_keys
from harness.files import show, write_text

if TYPE_CHECKING:
    from harness.data.lint import Issue, Severity
    from harness.document.blocks import Document

_STYLES: dict[Severity, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True}, "warning": {"fg": "yellow"}, "note": {"dim": True},
}  # fmt: skip  # a table


def echo(message: object, *, err: bool = False, nl: bool = True, **style: Any) -> None:
    """Print a line; escape control characters, and hide anything that looks like an API key."""
    text = hide_keys(visible(str(message)))
    click.echo(click.style(text, **style) if style else text, err=err, nl=nl)


def is_interactive() -> bool:
    """True if a person can answer questions in a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def format_next_steps(*commands: Sequence[str]) -> str:
    """Format commands, each a list of words, as lines to paste below ``next:``."""
    return "\n".join(["next:", *(f"  {shlex.join(words)}" for words in commands)])


def check_output(path: Path, formats: Collection[str] = ()) -> None:
    """Raise UsageError if the path is a folder, has no parent folder, or has a suffix that is not in ``formats``."""
    if formats and path.suffix.lower()[1:] not in formats:
        suffix = f"ends in {path.suffix}" if path.suffix else "has no suffix"
        *others, last = (f".{each}" for each in formats)
        allowed = f"{', '.join(others)} or {last}" if others else last
        raise UsageError(f"{path} {suffix}; use {allowed}")
    if not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}; create it or name another file")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file")


def write_output(path: Path, text: str) -> None:
    """Write a file in one step. Follow symbolic links; write to pipes and devices directly."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, "utf-8")
        else:
            write_text(path.resolve(), text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another file") from None


def write_outputs(texts: Mapping[Path, str]) -> None:
    """Write each text to its file, then print the names of the files."""
    for path, text in texts.items():
        write_output(path, text)
    for path in texts:
        echo(show(path))


def print_document(document: Document, output: Path | None = None) -> None:
    """Print a document; if a file is given, first write it there as Markdown."""
    from harness.document import markdown, terminal

    if output:
        write_output(output, markdown.render(document))
    terminal.show(document, terminal.Console())


def show_issues(issues: Sequence[Issue], linted: str, limit: int | None = None) -> None:
    """Print at most ``limit`` issues, then a line such as “3 articles: 1 error”; ``linted`` is “3 articles”."""
    for issue in issues[:limit]:
        echo(f"{issue.severity}: ", nl=False, **_STYLES[issue.severity])
        echo(plain(": ".join(filter(None, (issue.place, issue.message)))))
        if issue.remedy:
            echo(f"  {plain(issue.remedy)}", dim=True)
    if limit and len(issues) > limit:
        echo(f"… and {len(issues) - limit:,} more", dim=True)
    counts = Counter(issue.severity for issue in issues)
    echo(f"{linted}: {', '.join(plural(counts[severity], severity) for severity in _STYLES)}")


def get_exit_code(issues: Iterable[Issue], strict: bool) -> int:
    """Return 1 if there is an error, or a warning under ``strict``; else 0."""
    failing = ("error", "warning") if strict else ("error",)
    return int(any(issue.severity in failing for issue in issues))


def warn_of_stale_runs(runs: Iterable[Path]) -> None:
    from harness import stale

    for warning in stale.list_warnings(runs):
        echo(f"warning: {warning}", err=True)
