"""``harness validate CONFIG``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.cli.echo import echo
from harness.cli.options import all_overrides, narrowing, set_option

if TYPE_CHECKING:
    from harness.config import RunConfig


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@set_option
@narrowing
def command(config: Path, overrides: tuple[str, ...], **narrowed: Any) -> None:
    """Check CONFIG and all that it names, loading no weights and no code but harness's own, and show the plan."""
    from harness import config as configs
    from harness import pipeline
    from harness.cli.console import Console
    from harness.cli.tables import plan as plan_table
    from harness.stages.notices import unread

    checked = configs.load(config, all_overrides(overrides, **narrowed), imports=False)
    planned = pipeline.plan(checked)
    plan_table.show(planned, Console())
    languages = Counter(item.article.language for item in planned.items)
    for warning in (*configs.warnings(checked), *_unseen(checked), *unread(languages, checked.verifier)):
        echo(f"warning: {warning}", err=True)


def _unseen(config: RunConfig) -> Iterator[str]:
    """The plugins whose options were not checked."""
    kinds = {plugin.kind() for plugin in (*config.models.values(), config.verifier, *config.scorers)}
    yield from (f"{kind} is not imported here; its options are checked when it runs" for kind in kinds if ":" in kind)
