"""The JSON Schemas accept the shipped YAML files, name mistakes, and describe every option of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from test_pages import PAGES, blocks, snippets

from harness import plugins
from harness.schema import make_config_schema, make_facts_schema, make_gate_schema

ROOT = Path(__file__).parents[1]
SCHEMAS = {"config": make_config_schema(), "facts": make_facts_schema(), "gate": make_gate_schema()}
CONFIGS = [path for folder in ("configs", "examples") for path in sorted((ROOT / folder).glob("*.yaml"))]
FACTS = sorted((ROOT / "references").glob("*/facts.yaml"))


def list_problems(schema: str, text: str) -> list[str]:
    value = YAML(typ="safe").load(text)
    return [error.message for error in Draft202012Validator(SCHEMAS[schema]).iter_errors(value)]


@pytest.mark.parametrize("path", [*CONFIGS, *FACTS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_shipped_file_is_valid(path: Path) -> None:
    schema = path.stem if path.stem in SCHEMAS else "config"
    assert list_problems(schema, path.read_text("utf-8")) == []


def test_snippets_in_docs_are_valid() -> None:
    facts = [block for page in PAGES for block in blocks(page, "yaml") if block.startswith("facts:")]
    problems = {text: list_problems("facts", text) for text in facts}
    problems |= {text: list_problems("config", text) for _, text in snippets()}
    assert {text: found for text, found in problems.items() if found} == {}


@pytest.mark.parametrize(
    "text",
    [
        "extends: base.yaml\nmodels: {smollm2: {max_new_tokens: 80, revision: null}, lead: null}\n",
        "extends: base.yaml\nprompts: {plain: null}\nverifier: {calibration: null}\n",
        "articles: ${ARTICLES}\nmodels: {lead: lead}\nscorers: [length]\n",
        "models: {ours: {kind: 'mypackage.models:Ours', anything: 3}}\nscorers: ['mypackage.scorers:Ours', rouge]\n",
    ],
)
def test_schema_accepts_what_harness_accepts(text: str) -> None:
    assert list_problems("config", text) == []


@pytest.mark.parametrize(
    ("schema", "text", "problem"),
    [
        ("config", "artikels: references", "'artikels' was unexpected"),
        ("config", "models: {a: {kind: lead, sentenses: 3}}", "'sentenses' was unexpected"),
        ("config", "models: {a: {kind: lead, sentences: three}}", "'three' is not of type 'integer'"),
        ("config", "verifier: {kind: cascade, steps: [lexical], stepz: []}", "'stepz' was unexpected"),
        ("config", "scorers: [{kind: rouge, stemm: true}]", "'stemm' was unexpected"),
        ("facts", "facts: [{id: a, statement: S., evidense: S}]", "'evidense' was unexpected"),
        ("facts", "facts: [{id: a}]", "'statement' is a required property"),
        ("facts", "facts: [{id: a, statement: S., kind: dat}]", "'dat' is not one of"),
        ("gate", "essential_facts_lozt: 0", "'essential_facts_lozt' was unexpected"),
    ],
)
def test_mistake_is_named(schema: str, text: str, problem: str) -> None:
    (found,) = list_problems(schema, text)
    assert problem in found


def test_every_kind_is_listed_with_described_options() -> None:
    definitions = SCHEMAS["config"]["$defs"]
    for seam in plugins.SEAMS:
        kinds = plugins.list_kinds(seam)
        assert definitions[seam.__name__]["anyOf"][0]["enum"] == kinds
        for kind in kinds:
            options = definitions[f"{seam.__name__}.{kind}"]["properties"]
            assert options.keys() == {"kind", *plugins.find(seam, kind).model_fields}
            assert all(option["description"] for option in options.values()), kind
