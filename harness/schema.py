"""The JSON Schemas of configs, of facts.yaml and of a gate's rules, made from the fields that check them."""

from __future__ import annotations

from typing import Any, get_args

from pydantic.json_schema import models_json_schema

from harness import plugins
from harness.compare.gate.rules import Rules
from harness.config import Settings
from harness.config.prompts import Prompt
from harness.data import facts
from harness.data.sources import DataSet, Table
from harness.engines.options import EngineOptions, Kind
from harness.seams import Model, Plugin, Scorer, Verifier

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VARIABLE = {
    "type": "string",
    "pattern": r"\$\{",
    "description": "an environment variable: ${NAME} or ${NAME:-default}",
}


def config_schema() -> dict[str, Any]:
    """The schema of a config: every kind of every seam, with its options."""
    schema = Settings.model_json_schema()
    fields = schema["properties"]
    fields["extends"] = {
        "description": "A config that this one is laid over, or several; relative to this file.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    }
    fields["models"]["additionalProperties"] = {"anyOf": [*_kinds(Model), {"type": "null"}]}
    fields["prompts"]["additionalProperties"] = {"anyOf": [{"type": "string"}, Prompt.model_json_schema()]}
    fields["articles"] = _articles(fields["articles"])
    fields["only"] = _or(fields["only"], {"type": "string"})
    fields["verifier"] = {
        **_described(fields["verifier"]),
        "anyOf": [_names(Verifier), *_kinds(Verifier)],
    }
    fields["scorers"]["items"] = {"anyOf": [_names(Scorer), *_kinds(Scorer)]}
    fields["engine"] = {
        **_described(fields["engine"]),
        "anyOf": [{"enum": list(get_args(Kind))}, {"$ref": "#/$defs/EngineOptions"}],
    }
    named = (Table, DataSet, EngineOptions)
    schema["$defs"] = models_json_schema([(model, "validation") for model in named])[1]["$defs"]
    # What a config needs may stand in the one that it extends; the harness checks the whole.
    schema.pop("required", None)
    return {"$schema": _DIALECT, **schema, "title": "harness config", "additionalProperties": False}


def facts_schema() -> dict[str, Any]:
    """The schema of facts.yaml."""
    return {"$schema": _DIALECT, "title": "harness facts", **facts.json_schema()}


def gate_schema() -> dict[str, Any]:
    """The schema of the rules of a gate."""
    return {"$schema": _DIALECT, **Rules.model_json_schema(), "title": "harness gate"}


def _kinds(seam: type[Plugin]) -> list[dict[str, Any]]:
    classes = {kind: plugins.find(seam, kind) for kind in plugins.kinds(seam)}
    # What is made of others is made of plain ones.
    plain = {kind: plugin for kind, plugin in classes.items() if "steps" not in plugin.model_fields}
    parts = {"items": {"anyOf": [{"enum": list(plain)}, *(_with_kind(*each) for each in plain.items())]}}
    return [_with_kind(kind, plugin, parts) for kind, plugin in classes.items()]


def _with_kind(kind: str, plugin: type[Plugin], parts: dict[str, Any] | None = None) -> dict[str, Any]:
    schema = plugin.model_json_schema()
    fields = schema.get("properties", {})
    if "steps" in fields:
        fields["steps"] |= parts or {}
        schema.pop("$defs", None)
    if "verifier" in fields:
        fields["verifier"] = {**_described(fields["verifier"]), "$ref": "#/properties/verifier"}
    options = {name: _or(option, _VARIABLE) for name, option in fields.items()}
    return {
        **schema,
        "title": kind,
        "properties": {"kind": {"const": kind, "description": schema.get("description", "")}, **options},
        "required": ["kind", *schema.get("required", [])],
    }


def _articles(field: dict[str, Any]) -> dict[str, Any]:
    """One source of articles, or a list of them."""
    one = [{"type": "string"}, *({"$ref": f"#/$defs/{source.__name__}"} for source in (Table, DataSet))]
    return {**_described(field), "anyOf": [*one, {"type": "array", "minItems": 1, "items": {"anyOf": one}}]}


def _names(seam: type[Plugin]) -> dict[str, Any]:
    return {"enum": plugins.kinds(seam)}


def _or(field: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A field that may also hold something else."""
    described = _described(field)
    return {**described, "anyOf": [{key: field[key] for key in field if key not in described}, other]}


def _described(field: dict[str, Any]) -> dict[str, Any]:
    return {key: field[key] for key in ("description", "default", "title") if key in field}
