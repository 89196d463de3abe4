"""``harness schema``."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("what", type=click.Choice(["config", "facts", "all"]), default="all")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of standard output.")
def command(what: str, output: Path | None) -> None:
    """Write the JSON Schema of configs or of facts.yaml.

    Without WHAT, writes both to where the YAML files of this project name them: configs/config.schema.json and
    references/facts.schema.json.
    """
    from harness import schema
    from harness.errors import UsageError
    from harness.files import show, write_text

    made = {"config": schema.config_schema, "facts": schema.facts_schema}
    places = {"config": Path("configs/config.schema.json"), "facts": Path("references/facts.schema.json")}
    if what != "all":
        text = json.dumps(made[what](), indent=2, ensure_ascii=False) + "\n"
        click.echo(text, nl=False) if output is None else write_text(output, text)
        return
    if output is not None:
        raise UsageError("-o takes one schema: harness schema config -o FILE, or harness schema facts -o FILE")
    for name, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(made[name](), indent=2, ensure_ascii=False) + "\n")
        click.echo(show(path))
