"""Facts that a model suggests: which of its statements are kept, however it writes them, and where they go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import viewing
from command_line import harness
from loopback import Loopback, Reply, as_json, completion, serve

from harness.data.articles import find_article

CONFIG = """\
articles: ../references
models:
  lead: lead
  wise: {{kind: openai_api, model: wise-1, base_url: "{url}", retries: 0}}
prompts: {{plain: "Summarise: {{{{ article.text }}}}"}}
verifier: lexical
scorers: [fact_recall, faithfulness]
only: lead
"""
ROSE: dict[str, Any] = {
    "statement": "The river Alda rose three metres on Friday.",
    "importance": "essential",
    "kind": "number",
    "evidence": "The river Alda rose three metres on Friday",
    "false_versions": ["The river Alda rose five metres on Friday.", "The river Alda rose three metres on Sunday."],
}
HOUSES: dict[str, Any] = {
    "statement": "Forty houses were emptied.",
    "importance": "supporting",
    "kind": "event",
    "evidence": "forty houses were emptied",
    "false_versions": ["Fifty houses were emptied.", "Forty houses were emptied."],
}
DAM: dict[str, Any] = {"statement": "A dam broke.", "evidence": "a dam broke in the night", "kind": "event"}


def facts(*entries: dict[str, Any]) -> str:
    return json.dumps({"facts": entries})


@dataclass
class Wise:
    """The model ``wise-1`` on loopback, which ``configs/base.yaml`` names."""

    server: Loopback
    answer: list[str | Reply]

    def suggest(self, answer: str | Reply, *options: str) -> tuple[list[dict[str, Any]], str]:
        """Run ``harness facts suggest`` on an answer; return the suggestions and the standard error."""
        self.answer[:] = [answer]
        found = harness("facts", "suggest", "flood", "--model", "wise", "--json", *options)
        assert found.exit_code == 0, found.stderr
        return json.loads(found.stdout), found.stderr


@pytest.fixture
def wise(project_copy: Path) -> Iterator[Wise]:
    """The article ``flood`` has no facts, ``bridge`` has two."""
    answer: list[str | Reply] = []

    def behave(*_: object) -> Reply:
        return completion(answer[0]) if isinstance(answer[0], str) else answer[0]

    with serve(behave) as server:
        (project_copy / "configs" / "base.yaml").write_text(CONFIG.format(url=server.url), "utf-8")
        yield Wise(server, answer)


def test_supported_statements_are_kept_with_importance_kind_and_false_versions(wise: Wise) -> None:
    """The second false version of HOUSES is true, so the parser adds another."""
    (rose, houses), _ = wise.suggest(facts(ROSE, HOUSES))
    assert (rose["statement"], rose["importance"], rose["kind"]) == (ROSE["statement"], "essential", "number")
    assert rose["contradictions"] == ROSE["false_versions"]
    assert houses["evidence"]["text"] == "Forty houses were emptied"
    assert houses["contradictions"][0] == "Fifty houses were emptied."
    assert len(houses["contradictions"]) == 2
    assert HOUSES["statement"] not in houses["contradictions"]


def test_prompt_has_the_article_and_the_known_facts(wise: Wise) -> None:
    wise.answer[:] = [facts()]
    harness("facts", "suggest", "bridge", "--model", "wise", "-n", "4")
    (request,) = wise.server.requests
    prompt = request["messages"][0]["content"]
    assert viewing.BRIDGE in prompt
    assert "- The crack was 12 centimetres." in prompt
    assert "List the 6 facts" in prompt  # half as many again
    assert request["max_tokens"] == 1200


def test_sentence_copied_from_the_article_is_its_own_evidence(wise: Wise) -> None:
    """Qwen2.5-Coder 0.5B answers like this: one sentence of the article three times, without anything else."""
    copied = {**ROSE, "evidence": "", "false_versions": ["", ""]}
    (rose,), _ = wise.suggest(f"```json\n{facts(copied, copied, copied)}\n```")
    assert rose["evidence"]["text"].startswith("The river Alda rose three metres on Friday")


def test_answer_without_a_usable_statement_does_not_claim_that_facts_exist(wise: Wise) -> None:
    wise.answer[:] = [facts(DAM)]
    found = harness("facts", "suggest", "flood", "--model", "wise")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "dropped: A dam broke. (its evidence is not in the article)" in found.stderr
    assert "wise wrote no statement that harness could keep" in found.stderr


@pytest.mark.parametrize(
    "answer",
    [
        f"Sure! Here are the facts:\n\n```json\n{facts(ROSE)}\n```\nI hope this helps [1].",
        facts(ROSE)[:-2] + ",]}",
        json.dumps([ROSE]),
        f"<think>Which facts {{matter}}?</think>{facts(ROSE)}",
        facts(ROSE).replace('"', "'"),
        facts({**ROSE, "importance": "vital", "kind": ["number"], "false_versions": None}),
        completion(facts(ROSE, HOUSES)[:-40], finish_reason="length"),  # the last fact is cut off
    ],
)
def test_slips_in_the_answer_are_tolerated(wise: Wise, answer: str | Reply) -> None:
    (found,), _ = wise.suggest(answer)
    assert found["statement"] == ROSE["statement"]
    assert found["kind"] in ("number", "date")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (DAM, "its evidence is not in the article"),
        ({**DAM, "evidence": ""}, "its evidence is not in the article"),
        ({**DAM, "evidence": ROSE["evidence"]}, "the verifier does not support it (not in the article)"),
        ({**HOUSES, "statement": "They were emptied."}, "begins with a pronoun"),
        ({**HOUSES, "statement": "Forty houses were emptied. Nobody was hurt."}, "has several sentences"),
        ({**ROSE, "statement": "On Friday, the river Alda rose three metres."}, "it repeats another suggestion"),
        ({**ROSE, "statement": "The Alda rose on Friday."}, "it repeats another suggestion"),
    ],
)
def test_invented_unclear_or_repeated_statement_is_dropped(wise: Wise, entry: dict[str, Any], why: str) -> None:
    (found,), told = wise.suggest(facts(ROSE, entry))
    assert found["statement"] == ROSE["statement"]
    assert f"dropped: {entry['statement']} (" in told
    assert why in told


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("I cannot help with that.", "the model's answer has no facts in JSON: I cannot help with that."),
        ("[" * 50_000, "the model's answer has no facts in JSON"),
        (facts(), "the model's answer has no facts in JSON"),
        (completion(facts(ROSE)[:-9], finish_reason="length"), "the token limit cut off the answer before a full fact"),
        (as_json({"error": {"message": "no\x1b[31m"}}, 500), "500"),
    ],
)
def test_unreadable_answer_is_an_error_with_its_beginning(wise: Wise, answer: str | Reply, why: str) -> None:
    wise.answer[:] = [answer]
    found = harness("facts", "suggest", "flood", "--model", "wise", "--write")
    assert found.exit_code == 1
    assert why in found.stderr
    assert "\x1b" not in found.stderr
    assert not Path("references/flood/facts.yaml").exists()


def test_written_facts_are_unreviewed_and_shown_for_review(wise: Wise, project_copy: Path) -> None:
    wise.suggest(facts(ROSE, HOUSES), "--write")
    written = find_article("flood", project_copy / "references").facts.require()
    statements = [ROSE["statement"], HOUSES["statement"]]
    assert [(fact.statement, fact.unreviewed) for fact in written] == [(each, True) for each in statements]
    page = viewing.read_page(viewing.open_viewer(project_copy).get("/review"))
    assert "2 unreviewed" in page
    assert "The river Alda rose three metres on Sunday." in page
    assert wise.suggest(facts(ROSE), "--write")[0] == []  # it is a fact already


@pytest.mark.parametrize(
    ("name", "message"),
    [("wize", "there is no model 'wize'; did you mean 'wise'?"), ("lead", "lead does not answer prompts")],
)
def test_model_that_cannot_suggest_is_refused(wise: Wise, name: str, message: str) -> None:
    for command in (
        ("facts", "suggest", "flood", "--model", name),
        ("run", "configs/base.yaml", "--set", f"facts.model={name}"),
    ):
        found = harness(*command)
        assert found.exit_code == 2
        assert message in found.stderr
    assert not wise.server.requests


def test_run_asks_the_model_for_articles_without_facts(wise: Wise) -> None:
    wise.answer[:] = [facts(ROSE, DAM)]
    found = harness("run", "configs/base.yaml", "--set", "facts.model=wise")
    assert found.exit_code == 0, found.stderr
    assert "wrote 1 suggested fact for 1 article" in found.stderr
    assert len(wise.server.requests) == 1
    assert "systems that copy the article: 1 of 3 facts." in " ".join(found.stdout.split())


def test_article_for_which_the_model_finds_nothing_is_named_in_the_report(wise: Wise) -> None:
    wise.answer[:] = ["No."]
    assert harness("run", "configs/base.yaml", "--set", "facts.model=wise", "-q").exit_code == 0
    report = Path("results/base/report.md").read_text("utf-8")
    assert "no fact was suggested for flood: the model's answer has no facts in JSON: No." in report
