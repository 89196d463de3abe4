"""``harness schema``."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("what", type=click.Choice(["config", "facts", "gate", "all"]), default="all")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of standard output.")
def command(what: str, output: Path | None) -> None:
    """Write the JSON Schema of configs, of facts.yaml or of a gate's rules.

    Without WHAT, writes all to where the YAML files of this project name them: configs/config.schema.json,
    references/facts.schema.json and configs/gate.schema.json.
    """
    from harness import schema
    from harness.errors import UsageError
    from harness.files import show, write_text

    made = {"config": schema.config_schema, "facts": schema.facts_schema, "gate": schema.gate_schema}
    places = {
        "config": Path("configs/config.schema.json"),
        "facts": Path("references/facts.schema.json"),
        "gate": Path("configs/gate.schema.json"),
    }
    if what != "all":
        text = json.dumps(made[what](), indent=2, ensure_ascii=False) + "\n"
        click.echo(text, nl=False) if output is None else write_text(output, text)
        return
    if output is not None:
        raise UsageError("-o takes one schema: harness schema config -o FILE (or facts, or gate)")
    for name, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(made[name](), indent=2, ensure_ascii=False) + "\n")
        click.echo(show(path))
