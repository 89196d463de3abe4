"""Make the JSON Schemas of configs, of facts.yaml and of a gate's rules from their pydantic models.

In a config's schema, ``if`` and ``then`` select the definition of each plugin's ``kind``, so that an editor offers only
the options of that kind. The schema requires no option, because a config may inherit any option from another config.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from harness import plugins
from harness.compare.gate.rules import Rules
from harness.config.settings import Settings
from harness.data.articles.sources import DataSet, Table
from harness.data.facts import FactsFile
from harness.seams import Plugin

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_FOREIGN: Schema = {
    "type": "string",
    "pattern": r"^[\w.]+:\w+$",
    "description": "a plugin of another package: package.module:Class",
}


def make_config_schema() -> Schema:
    """Make the schema of a config: every kind of every seam, with its options."""
    schema = _describe(Settings)
    defs, fields = schema["$defs"], schema["properties"]
    for seam in plugins.SEAMS:
        defs[seam.__name__] = _describe_seam(seam, defs)
    articles = {"anyOf": [_TEXT, *(_add(model, defs) for model in (Table, DataSet))]}
    fields["articles"] = _one_or_several(fields["articles"], articles)
    fields["only"] = _one_or_several(fields["only"], _TEXT)
    engine = fields["engine"].pop("$ref")
    fields["engine"] |= {"if": _TEXT, "then": {"enum": ["local", "ray"]}, "else": {"$ref": engine}}
    suggesting = next(each for each in fields["facts"].pop("anyOf") if "$ref" in each)
    fields["facts"] |= {"if": {"type": "object"}, "then": suggesting, "else": {"enum": ["suggest", None]}}
    fields["verifier"].pop("default")  # an editor would offer it instead of the kinds
    for name, text in (("models", {}), ("prompts", {"if": _TEXT, "then": _TEXT})):  # null removes an inherited entry
        entry = fields[name].pop("additionalProperties")
        entry = {**text, "else": entry} if text else entry
        fields[name]["additionalProperties"] = {"if": {"type": "null"}, "then": {"type": "null"}, "else": entry}
        fields[name].pop("propertyNames", None)
    extends = {"description": "Configs that this one builds on, lowest first; relative to this file."}
    return {
        "$schema": _DIALECT,
        "title": "harness config",
        "description": Settings.__doc__,
        "type": "object",
        "properties": {"extends": _one_or_several(extends, _TEXT), **fields},
        "additionalProperties": False,
        "$defs": dict(sorted(defs.items())),
    }


def make_facts_schema() -> Schema:
    """Make the schema of facts.yaml."""
    return {"$schema": _DIALECT, **_describe(FactsFile), "title": "harness facts"}


def make_gate_schema() -> Schema:
    """Make the schema of a gate's rules."""
    return {"$schema": _DIALECT, **_describe(Rules), "title": "harness gate"}


class _Generator(GenerateJsonSchema):
    """Makes pydantic's schemas with a reference for each plugin, and without titles, which repeat the names."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        cls: type[BaseModel] = schema["cls"]
        if cls in plugins.SEAMS:
            return {"plugin": cls.__name__}  # not $ref, because pydantic would look for its target
        described = super().model_schema(schema)
        described.pop("title", None)
        return described

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """Write ``type: [integer, null]`` if possible, because errors in an ``anyOf`` name no branch."""
        inner = self.generate_inner(schema["schema"])
        if isinstance(inner.get("type"), str) and "enum" not in inner:
            return {**inner, "type": [inner["type"], "null"]}
        return {"anyOf": [inner, {"type": "null"}]}


def _describe(model: type[BaseModel]) -> Schema:
    schema: Schema = _link_plugins(model.model_json_schema(schema_generator=_Generator))
    return {**schema, "$defs": schema.pop("$defs", {})}


def _link_plugins(value: Any) -> Any:
    """Replace each plugin in a schema with a reference to the definition of its seam."""
    if isinstance(value, list):
        return [_link_plugins(each) for each in value]
    if not isinstance(value, dict):
        return value
    linked = {name: _link_plugins(each) for name, each in value.items() if name != "plugin"}
    return {**linked, "$ref": f"#/$defs/{value['plugin']}"} if isinstance(value.get("plugin"), str) else linked


def _add(model: type[BaseModel], defs: Schema, name: str = "") -> Schema:
    """Add the schemas of a model and of the models inside it to the definitions; return a reference to the model."""
    schema = _describe(model)
    defs |= schema.pop("$defs")
    defs[name or model.__name__] = schema
    return {"$ref": f"#/$defs/{name or model.__name__}"}


def _describe_seam(seam: type[Plugin], defs: Schema) -> Schema:
    """Describe a seam: a kind, or a mapping with a kind and its options. Each kind becomes a definition."""
    kinds = plugins.list_kinds(seam)
    references = {kind: _add_kind(seam, kind, defs) for kind in kinds}
    descriptions = [(plugins.find(seam, kind).__doc__ or "").strip() for kind in kinds]
    names: list[Schema] = [{"enum": kinds, "enumDescriptions": descriptions}, _FOREIGN]
    chosen = [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": reference}
        for kind, reference in references.items()
    ]
    any_kind = {"if": {"required": ["kind"]}, "else": {"anyOf": list(references.values())}}
    kind_property = {"description": "The kind of plugin.", "anyOf": names}
    mapping = {"properties": {"kind": kind_property}, "allOf": [*chosen, any_kind]}
    is_mapping = {"type": "object"}
    return {"anyOf": [*names, is_mapping], "if": is_mapping, "then": mapping}


def _add_kind(seam: type[Plugin], kind: str, defs: Schema) -> Schema:
    """Add a definition with a kind's options."""
    name = f"{seam.__name__}.{kind}"
    reference = _add(plugins.find(seam, kind), defs, name)
    schema = defs[name]
    schema.pop("required", None)
    options = schema.get("properties", {})
    # an option that a subclass overrides has lost its description
    for option in options.keys() & seam.model_fields.keys():
        options[option].setdefault("description", seam.model_fields[option].description)
    schema["properties"] = {"kind": {"const": kind, "description": schema.get("description", "")}, **options}
    return reference


def _one_or_several(field: Schema, one: Schema) -> Schema:
    """Let a field hold one value or a list of them."""
    described: Schema = {key: value for key, value in field.items() if key in ("description", "default")}
    limits = {"minItems": field["minItems"]} if "minItems" in field else {}
    return {**described, "if": {"type": "array"}, "then": {"items": one, **limits}, "else": one}
