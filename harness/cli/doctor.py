"""``harness doctor``."""

from __future__ import annotations

import sys

import click


@click.command()
def command() -> None:
    """Say what works on this machine: packages, models, device, threads, folders. Exit code 1 if a base run cannot."""
    from rich.console import Console

    from harness import doctor
    from harness.cli.tables import doctor as findings_table

    findings = doctor.examine()
    findings_table.show(findings, Console())
    sys.exit(0 if all(finding.ok or finding.optional for finding in findings) else 1)
