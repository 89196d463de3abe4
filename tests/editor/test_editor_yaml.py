"""Configs, facts and gate rules in an editor: what it offers, explains and underlines."""

from __future__ import annotations

from pathlib import Path

import pytest
from editing import Editor
from test_pages import PAGES, blocks

from harness import plugins
from harness.config import Settings
from harness.models.hf_causal import HFCausal
from harness.seams import Model, Plugin, Scorer, Verifier

pytestmark = pytest.mark.slow  # a language server is started

ROOT = Path(__file__).parents[2]
SHIPPED = [*sorted((ROOT / "configs").glob("*.yaml")), *sorted((ROOT / "references").glob("*/facts.yaml"))]
SNIPPETS = [
    pytest.param(text, id=f"{page.name}-{at}") for page in PAGES for at, text in enumerate(blocks(page, "yaml"))
]


def config(text: str) -> str:
    return f"# yaml-language-server: $schema={ROOT}/configs/config.schema.json\n{text}"


def facts(text: str) -> str:
    return f"# yaml-language-server: $schema={ROOT}/references/facts.schema.json\n{text}"


def gate(text: str) -> str:
    return f"# yaml-language-server: $schema={ROOT}/configs/gate.schema.json\n{text}"


# Nothing that is right is underlined ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_shipped_file_has_no_error(editor: Editor, path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert editor.problems(text, path) == []


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippet_of_the_docs_has_no_error(editor: Editor, snippet: str) -> None:
    assert editor.problems(facts(snippet) if snippet.startswith("facts:") else config(snippet)) == []


@pytest.mark.parametrize(
    "text",
    [
        "extends: base.yaml\nmodels: {smollm2: {max_new_tokens: 80, revision: null}, lead: null}\n",
        "extends: base.yaml\nprompts: {plain: null}\n",
        "extends: base.yaml\nverifier: {calibration: null}\n",
        "articles: ${ARTICLES}\nmodels: {lead: lead}\nscorers: [length]\n",
        "models: {ours: {kind: 'mypackage.models:Ours', anything: 3}}\nscorers: ['mypackage.scorers:Ours', rouge]\n",
    ],
)
def test_editor_accepts_what_harness_accepts(editor: Editor, text: str) -> None:
    assert editor.problems(config(text)) == []


# What is wrong is underlined -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (config("artikels: references\n"), "2: Property artikels is not allowed."),
        (config("models:\n  a: {kind: lead, sentenses: 3}\n"), "3: Property sentenses is not allowed."),
        (config("extends: b.yaml\nmodels:\n  a: {sentenses: 3}\n"), "4: Property sentenses is not allowed."),
        (config("models:\n  a: {kind: lead, sentences: three}\n"), '3: Incorrect type. Expected "integer".'),
        (config("models:\n  a: {kind: hf_causal}\n"), '3: Missing property "model".'),
        (config("models:\n  a: {sentences: 3}\n"), '3: Missing property "kind".'),
        (config("verifier: {kind: cascade, steps: [lexical], stepz: []}\n"), "2: Property stepz is not allowed."),
        (config("extends: b.yaml\nverifier: {stepz: []}\n"), "3: Property stepz is not allowed."),
        (config("scorers:\n  - {kind: rouge, stemm: true}\n"), "3: Property stemm is not allowed."),
        (facts("facts:\n  - {id: a, statement: S., evidense: S}\n"), "3: Property evidense is not allowed."),
        (facts("facts:\n  - {id: a}\n"), '3: Missing property "statement".'),
        (gate("essential_facts_lozt: 0\n"), "2: Property essential_facts_lozt is not allowed."),
    ],
)
def test_mistake_is_underlined_with_its_reason(editor: Editor, text: str, problem: str) -> None:
    assert editor.problems(text) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        config("models:\n  a: {kind: leed}\n"),
        config("verifier: casacde\n"),
        facts("facts:\n  - {id: a, statement: S., kind: dat}\n"),
    ],
)
def test_value_that_is_not_allowed_is_underlined(editor: Editor, text: str) -> None:
    assert editor.problems(text)


# What is offered and explained ---------------------------------------------------------------------------------------


def test_every_key_of_a_config_is_offered_once(editor: Editor) -> None:
    assert sorted(editor.completions(config("▮"))) == sorted({*Settings.model_fields, "extends"})


@pytest.mark.parametrize(
    ("text", "seam"),
    [
        ("models:\n  a:\n    kind: ▮", Model),
        ("verifier: ▮", Verifier),
        ("verifier:\n  kind: ▮", Verifier),
        ("scorers:\n  - ▮", Scorer),
        ("scorers:\n  - kind: ▮", Scorer),
    ],
)
def test_every_kind_is_offered(editor: Editor, text: str, seam: type[Plugin]) -> None:
    assert set(plugins.list_kinds(seam)) <= set(editor.completions(config(text)))


def test_the_options_of_the_kind_are_offered_and_no_others(editor: Editor) -> None:
    offered = editor.completions(config("models:\n  a:\n    kind: hf_causal\n    ▮"))
    assert sorted(offered) == sorted(HFCausal.model_fields)
    assert "sentences" in editor.completions(config("extends: base.yaml\nmodels:\n  lead:\n    ▮"))


def test_the_keys_and_kinds_of_a_fact_and_the_rules_of_a_gate_are_offered(editor: Editor) -> None:
    keys = editor.completions(facts("facts:\n  - id: a\n    ▮"))
    assert {"accepted", "contradictions", "evidence", "importance", "kind", "statement"} <= set(keys)
    kinds = editor.completions(facts("facts:\n  - id: a\n    kind: ▮"))
    assert sorted(kinds) == ["attribution", "cause", "date", "event", "name", "number", "quote"]
    assert "essential_facts_lost" in editor.completions(gate("▮"))


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        (config("lim▮it: 3\n"), "Use only the first N articles"),
        (
            config("models:\n  a:\n    kind: hf_causal\n    max_new_▮tokens: 80\n"),
            "Token limit of a summary",
        ),
        (config("models:\n  a:\n    kind: le▮ad\n"), "first sentences of the article"),
        (facts("facts:\n  - id: a\n    contradict▮ions: []\n"), "Plausible false versions"),
    ],
)
def test_key_is_explained_on_hover(editor: Editor, text: str, explained: str) -> None:
    assert explained in editor.hover(text)
