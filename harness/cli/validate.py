"""``harness validate CONFIG``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from harness.cli.options import all_overrides, narrowing, set_option


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@set_option
@narrowing
def command(config: Path, overrides: tuple[str, ...], **narrowed: Any) -> None:
    """Check CONFIG and all that it names, loading no weights, and show the plan."""
    from rich.console import Console

    from harness import config as configs
    from harness import pipeline
    from harness.cli.tables import plan as plan_table

    plan = pipeline.plan(configs.load(config, all_overrides(overrides, **narrowed)))
    plan_table.show(plan, Console())
