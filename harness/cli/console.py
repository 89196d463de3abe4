"""The console on which commands print tables, and how they print lint issues."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence

from rich import console as rich
from rich.segment import Segment
from rich.text import Text

from harness.data.validation import Issue, Severity
from harness.document.format import plain, plural, visible
from harness.errors import hide_keys

_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "dim"}


class Console(rich.Console):
    """A rich console that escapes control characters and hides API keys."""

    def on_broken_pipe(self) -> None:
        """Stop printing, but let the command end with its own exit code (rich would exit with 1)."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def render(self, renderable: rich.RenderableType, options: rich.ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text = segment.text
            yield segment if segment.control or text.isprintable() else Segment(hide_keys(visible(text)), segment.style)


def show_issues(issues: Sequence[Issue], linted: str, console: Console, limit: int | None = None) -> None:
    """Print at most ``limit`` issues with place, message and remedy, then the totals by severity."""
    for issue in issues[:limit]:
        where = plain(": ".join(filter(None, (issue.place, issue.message))))
        console.print(Text.assemble((f"{issue.severity}: ", _STYLES[issue.severity]), where), soft_wrap=True)
        if issue.remedy:
            console.print(Text(f"  {plain(issue.remedy)}", style="dim"), soft_wrap=True)
    if limit and len(issues) > limit:
        console.print(Text(f"… and {len(issues) - limit:,} more", style="dim"))
    counts = Counter(issue.severity for issue in issues)
    totals = ", ".join(plural(counts[severity], severity) for severity in _STYLES)
    console.print(Text(f"{linted}: {totals}"), soft_wrap=True)


def get_exit_code(issues: Iterable[Issue], strict: bool) -> int:
    """Return 1 if there is an error, or a warning under ``strict``; else 0."""
    failing = ("error", "warning") if strict else ("error",)
    return int(any(issue.severity in failing for issue in issues))
