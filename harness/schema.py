"""The JSON Schemas of configs, of facts.yaml and of a gate's rules, made from the fields that check them.

They are laid out for an editor: each kind of plugin is a definition of its own, chosen by ``kind`` with ``if`` and
``then``, so that what is offered and what is underlined is about that kind alone. A config that extends another may
hold a part of anything, so only one that extends none must name what it needs.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from harness import plugins
from harness.compare.gate.rules import Rules
from harness.config import Settings
from harness.config.prompts import Prompt
from harness.data.articles.sources import DataSet, Table
from harness.data.facts import FactsFile
from harness.engines.options import EngineOptions, Kind
from harness.seams import Model, Plugin, Scorer, Verifier

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_NULL: Schema = {"type": "null"}
_VARIABLE: Schema = {
    "type": "string",
    "pattern": r"\$\{",
    "description": "an environment variable: ${NAME} or ${NAME:-default}",
}
_OUTSIDE: Schema = {
    "type": "string",
    "pattern": r"^[\w.]+:\w+$",
    "description": "a plugin of another package: package.module:Class",
}


def config_schema() -> Schema:
    """The schema of a config: every kind of every seam, with its options."""
    defs: Schema = {}
    fields: Schema = _object(Settings, defs)["properties"]
    for seam in (Model, Verifier, Scorer):
        _add_seam(seam, defs)
    one_article = [_TEXT, *(_ref(_add(source, defs)) for source in (Table, DataSet))]
    fields["extends"] = {
        "description": "A config that this one is laid over, or several; relative to this file.",
        "anyOf": [_TEXT, {"type": "array", "items": _TEXT}],
    }
    fields["models"]["additionalProperties"] = {"anyOf": [_ref("Model"), _NULL]}
    fields["prompts"]["additionalProperties"] = {"anyOf": [_TEXT, _ref(_add(Prompt, defs)), _NULL]}
    fields["articles"] = _one_or_several(fields["articles"], one_article)
    fields["only"] = _one_or_several(fields["only"], [_TEXT])
    fields["verifier"] = {**_described(fields["verifier"]), **_named_or_with_options(Verifier)}
    fields["scorers"]["items"] = _named_or_with_options(Scorer)
    engine = [{"enum": list(get_args(Kind))}, _ref(_add(EngineOptions, defs))]
    fields["engine"] = {**_described(fields["engine"]), "anyOf": engine}
    for name in ("seed", "limit"):
        fields[name] = _or(fields[name], _VARIABLE)
    return {
        "$schema": _DIALECT,
        "title": "harness config",
        "description": Settings.__doc__,
        "type": "object",
        "properties": {"extends": fields.pop("extends"), **fields},
        "additionalProperties": False,
        "if": {"required": ["extends"]},
        "else": _complete(),
        "$defs": dict(sorted(defs.items())),
    }


def facts_schema() -> Schema:
    """The schema of facts.yaml."""
    return _whole(FactsFile, "harness facts")


def gate_schema() -> Schema:
    """The schema of the rules of a gate."""
    return _whole(Rules, "harness gate")


class _Untitled(GenerateJsonSchema):
    """Without pydantic's titles, which repeat the names of the fields."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def _whole(model: type[BaseModel], title: str) -> Schema:
    defs: Schema = {}
    return {"$schema": _DIALECT, **_object(model, defs), "title": title, "$defs": defs}


def _object(model: type[BaseModel], defs: Schema) -> Schema:
    """The schema of a model; what it refers to is added to ``defs``, where references look for it."""
    schema = model.model_json_schema(schema_generator=_Untitled)
    defs |= schema.pop("$defs", {})
    for each in (schema, *defs.values()):
        each.pop("title", None)  # pydantic's is the name of the class
    return schema


def _add(model: type[BaseModel], defs: Schema) -> str:
    """Adds the schema of a model to the definitions; the name that it has there."""
    defs[model.__name__] = _object(model, defs)
    return model.__name__


def _add_seam(seam: type[Plugin], defs: Schema) -> None:
    """Adds each kind of a seam, as ``Model.lead``, and what chooses among them, as ``Model``."""
    name = seam.__name__
    kinds = plugins.kinds(seam)
    for kind in kinds:
        defs[f"{name}.{kind}"] = _of_kind(kind, plugins.find(seam, kind), defs)
    chosen = [{"if": _is_kind(kind), "then": _ref(f"{name}.{kind}")} for kind in kinds]
    unchosen = {"if": {"required": ["kind"]}, "else": {"anyOf": [_ref(f"{name}.{kind}") for kind in kinds]}}
    defs[name] = {
        "type": "object",
        "properties": {"kind": {"description": "What it is.", "anyOf": [_names(seam), _OUTSIDE]}},
        "allOf": [*chosen, unchosen],
    }


def _of_kind(kind: str, plugin: type[Plugin], defs: Schema) -> Schema:
    """The options of a kind, none of which must be there: a config may hold a part of what it extends."""
    schema = _object(plugin, defs)
    schema.pop("required", None)
    fields = schema.get("properties", {})
    for name, part in plugins.nested(plugin).items():
        if part.several:
            fields[name] = {**fields[name], "items": _named_or_with_options(part.seam)}
        elif part.seam is not Model:  # another model is named
            fields[name] = {**_described(fields[name]), **_named_or_with_options(part.seam)}
    options = {name: _or(option, _VARIABLE, _NULL) for name, option in fields.items()}
    return {
        **schema,
        "properties": {"kind": {"const": kind, "description": schema.get("description", "")}, **options},
    }


def _complete() -> Schema:
    """What a config needs that extends no other, as far as it names anything: the options without a default."""

    def whole(seam: type[Plugin]) -> Schema:
        needs = [
            {"if": _is_kind(kind), "then": {"required": required}}
            for kind in plugins.kinds(seam)
            if (required := plugins.find(seam, kind).model_json_schema().get("required"))
        ]
        return {"if": {"type": "object"}, "then": {"required": ["kind"], "allOf": needs}}

    # As patterns, since an editor would offer properties that stand here a second time.
    return {
        "patternProperties": {
            "^models$": {"additionalProperties": whole(Model)},
            "^verifier$": whole(Verifier),
            "^scorers$": {"items": whole(Scorer)},
        }
    }


def _is_kind(kind: str) -> Schema:
    return {"properties": {"kind": {"const": kind}}, "required": ["kind"]}


def _named_or_with_options(seam: type[Plugin]) -> Schema:
    """A kind, or a mapping with a kind and its options; an error in the mapping is told by itself."""
    is_mapping = {"type": "object"}
    return {"anyOf": [_names(seam), _OUTSIDE, is_mapping], "if": is_mapping, "then": _ref(seam.__name__)}


def _names(seam: type[Plugin]) -> Schema:
    """The kinds of a seam, each with its description for the editor's list."""
    kinds = plugins.kinds(seam)
    return {"enum": kinds, "enumDescriptions": [(plugins.find(seam, kind).__doc__ or "").strip() for kind in kinds]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_or_several(field: Schema, one: list[Schema]) -> Schema:
    """A field that holds one thing, or a list of them."""
    several = {"type": "array", "items": {"anyOf": one}}
    if "minItems" in field:
        several["minItems"] = field["minItems"]
    return {**_described(field), "anyOf": [*one, several]}


def _or(field: Schema, *others: Schema) -> Schema:
    """A field that may also hold something else."""
    described = _described(field)
    return {**described, "anyOf": [{key: field[key] for key in field if key not in described}, *others]}


def _described(field: Schema) -> Schema:
    return {key: field[key] for key in ("description", "default") if key in field}
