"""What a gate found, in the terminal: the reasons first."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from harness.compare.gate.gating import Finding, Gating
from harness.compare.gate.words import SYMBOLS, headline, line, said
from harness.document import format as fmt
from harness.document.plain import plain

_NAMES = 8
"""Up to so many systems are named where a rule is held; of more, they are counted."""
_CAUSES = 12
"""Up to so many other changes are listed."""


def show(found: Gating, console: Console) -> None:
    """Print it. Text from outside is shown without its control characters."""
    _print(console, headline(found), "bold green" if found.passed else "bold red")
    _print(console, line(found), "dim")
    for origin in found.contrast.measures:
        _print(console, f"! not measured alike: {origin}", "bold yellow")
    _reasons(console, found.failures, "red")
    if not found.strict:
        _reasons(console, found.of("undecided"), "yellow")
    if found.caution:
        _print(console, found.caution, "yellow")
    _held(console, found.of("held"))
    for finding in found.of("not checked"):
        _print(console, f"{SYMBOLS['not checked']} not checked: {said(finding)}", "dim")
    if found.failures and found.contrast.causes:
        _print(console, "What else changed:", "dim")
        for origin in found.contrast.causes[:_CAUSES]:
            console.print(Padding(Text(_cut(plain(str(origin))), "dim"), (0, 0, 0, 2)))
        if len(found.contrast.causes) > _CAUSES:
            _print(console, f"and {len(found.contrast.causes) - _CAUSES} more", "dim")


def _reasons(console: Console, findings: Sequence[Finding], style: str) -> None:
    for finding in findings:
        console.print(Text(f"{SYMBOLS[finding.verdict]} {plain(said(finding))}", style))
        for detail in finding.details:
            console.print(Padding(Text(plain(detail)), (0, 0, 0, 4)))


def _held(console: Console, findings: Sequence[Finding]) -> None:
    systems: dict[str, list[str]] = {}
    for finding in findings:
        systems.setdefault(finding.rule, []).append(finding.system)
    for rule, names in systems.items():
        listed = fmt.listed(names) if len(names) <= _NAMES else fmt.plural(len(names), "system")
        _print(console, f"{SYMBOLS['held']} held: {rule}: {listed}", "dim")


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(plain(text), style))


def _cut(text: str) -> str:
    return text if len(text) <= 160 else text[:159] + "…"
