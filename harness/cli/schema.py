"""``harness schema``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from harness.cli import outputs
from harness.cli.echo import echo
from harness.cli.options import PATH
from harness.errors import UsageError

PLACES = {
    "config": Path("configs/config.schema.json"),
    "facts": Path("references/facts.schema.json"),
    "gate": Path("configs/gate.schema.json"),
}


@click.command()
@click.argument("what", type=click.Choice([*PLACES, "all"]), default="all")
@click.option("-o", "--output", type=PATH, help="Write to this file instead of standard output.")
def command(what: str, output: Path | None) -> None:
    """Write the JSON Schema of configs, of facts.yaml or of a gate's rules.

    Without a name, or with all, it writes them to where the YAML files of this project name them:
    configs/config.schema.json, references/facts.schema.json and configs/gate.schema.json.
    """

    if what == "all" and output is not None:
        raise UsageError("-o takes one schema: harness schema config -o FILE (or facts, or gate)")
    if what == "all":
        outputs.write_all({outputs.checked(path, ()): text(name) for name, path in PLACES.items()})
    elif output is not None:
        outputs.write(outputs.checked(output, ()), text(what))
    else:
        echo(text(what), nl=False)


def text(what: str) -> str:
    """The schema of configs, facts or a gate's rules, as it stands in its file."""
    from harness import schema

    schemas = {"config": schema.config_schema, "facts": schema.facts_schema, "gate": schema.gate_schema}
    return json.dumps(schemas[what](), indent=2, ensure_ascii=False) + "\n"
