"""What lint found, in the terminal and as an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from harness.data.issues import Issue, Severity
from harness.document.format import plural
from harness.document.plain import plain

_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "dim"}


def show_issues(issues: Sequence[Issue], linted: str, console: Console, most: int | None = None) -> None:
    """An issue a paragraph: severity, where it is, what is weak, what to do; then how many there are in all.

    ``most``: so many are shown, of further ones only the number.
    """
    for issue in issues[:most]:
        where = plain(": ".join(filter(None, (issue.place, issue.message))))
        console.print(Text.assemble((f"{issue.severity}: ", _STYLES[issue.severity]), where), soft_wrap=True)
        if issue.remedy:
            console.print(Text(f"  {plain(issue.remedy)}", style="dim"), soft_wrap=True)
    if most and len(issues) > most:
        console.print(Text(f"… and {len(issues) - most:,} more", style="dim"))
    counts = Counter(issue.severity for issue in issues)
    console.print(
        Text(f"{linted}: {', '.join(plural(counts[severity], severity) for severity in _STYLES)}"), soft_wrap=True
    )


def exit_code(issues: Iterable[Issue], strict: bool) -> int:
    """1 where there is an error, or a warning and that is to count too."""
    failing = ("error", "warning") if strict else ("error",)
    return int(any(issue.severity in failing for issue in issues))
