"""Facts that a model suggests: which of its statements are kept, however it writes them, and where they go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import viewing
from command_line import harness
from loopback import Loopback, Reply, as_json, completion, serving

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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The articles ``bridge``, which has two facts, and ``flood``, which has none; the working directory."""
    viewing.write_articles(tmp_path)
    (tmp_path / "configs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def answers() -> list[str | Reply]:
    """The server's answers, in order; the last one repeats."""
    return []


@pytest.fixture
def server(project: Path, answers: list[str | Reply]) -> Iterator[Loopback]:
    """The model ``wise-1`` on loopback, and a config that names it."""

    def behave(_: dict[str, Any], before: int) -> Reply:
        answer = answers[min(before, len(answers) - 1)]
        return completion(answer) if isinstance(answer, str) else answer

    with serving(behave) as found:
        (project / "configs" / "base.yaml").write_text(CONFIG.format(url=found.url), "utf-8")
        yield found


def suggest(*options: str) -> list[dict[str, Any]]:
    found = harness("facts", "suggest", "flood", "--model", "wise", "--json", *options)
    assert found.exit_code == 0, found.stderr
    rows: list[dict[str, Any]] = json.loads(found.stdout)
    return rows


def test_supported_statements_are_kept_with_importance_kind_and_false_versions(
    server: Loopback, answers: list[str | Reply]
) -> None:
    """The second false version of HOUSES is true, so the parser adds another."""
    answers.append(facts(ROSE, HOUSES))
    rose, houses = suggest()
    assert (rose["statement"], rose["importance"], rose["kind"]) == (ROSE["statement"], "essential", "number")
    assert rose["contradictions"] == ROSE["false_versions"]
    assert houses["evidence"]["text"] == "Forty houses were emptied"
    assert houses["contradictions"][0] == "Fifty houses were emptied."
    assert len(houses["contradictions"]) == 2
    assert HOUSES["statement"] not in houses["contradictions"]


def test_prompt_holds_the_article_and_the_facts_that_are_known(server: Loopback, answers: list[str | Reply]) -> None:
    answers.append(facts())
    harness("facts", "suggest", "bridge", "--model", "wise", "-n", "4")
    (request,) = server.requests
    prompt = request["messages"][0]["content"]
    assert viewing.BRIDGE in prompt
    assert "- The crack was 12 centimetres." in prompt
    assert "List the 6 facts" in prompt  # half as many again
    assert request["max_tokens"] == 1200


def test_sentence_copied_from_the_article_is_its_own_evidence(server: Loopback, answers: list[str | Reply]) -> None:
    """Qwen2.5-Coder 0.5B answers so: one sentence of the article three times, without evidence and false versions."""
    copied = {**ROSE, "evidence": "", "false_versions": ["", ""]}
    answers.append(f"```json\n{facts(copied, copied, copied)}\n```")
    (rose,) = suggest()
    assert rose["evidence"]["text"].startswith("The river Alda rose three metres on Friday")


def test_answer_without_a_usable_statement_does_not_claim_that_facts_exist(
    server: Loopback, answers: list[str | Reply]
) -> None:
    answers.append(facts(DAM))
    found = harness("facts", "suggest", "flood", "--model", "wise")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "dropped: A dam broke. (its evidence is not in the article)" in found.stderr
    assert "none of the statements by wise could be kept" in found.stderr


@pytest.mark.parametrize(
    "answer",
    [
        f"Sure! Here are the facts:\n\n```json\n{facts(ROSE)}\n```\nI hope this helps [1].",
        facts(ROSE)[:-2] + ",]}",
        json.dumps([ROSE]),
        f"<think>Which facts {{matter}}?</think>{facts(ROSE)}",
        facts(ROSE).replace('"', "'"),
        facts({**ROSE, "importance": "vital", "kind": ["number"], "false_versions": None}),
    ],
)
def test_slips_in_the_answer_are_tolerated(server: Loopback, answers: list[str | Reply], answer: str) -> None:
    answers.append(answer)
    (found,) = suggest()
    assert found["statement"] == ROSE["statement"]
    assert found["kind"] in ("number", "date")


def test_answer_that_the_token_limit_cut_off_loses_its_last_fact(server: Loopback, answers: list[str | Reply]) -> None:
    answers.append(completion(facts(ROSE, HOUSES)[:-40], finish_reason="length"))
    assert [each["statement"] for each in suggest()] == [ROSE["statement"]]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (DAM, "its evidence is not in the article"),
        ({**DAM, "evidence": ""}, "its evidence is not in the article"),
        ({**DAM, "evidence": ROSE["evidence"]}, "the verifier does not support it (absent)"),
        ({**HOUSES, "statement": "They were emptied."}, "begins with a pronoun"),
        ({**HOUSES, "statement": "Forty houses were emptied. Nobody was hurt."}, "has several sentences"),
    ],
)
def test_invented_or_unclear_statement_is_dropped_with_the_reason(
    server: Loopback, answers: list[str | Reply], entry: dict[str, Any], why: str
) -> None:
    answers.append(facts(entry, ROSE))
    found = harness("facts", "suggest", "flood", "--model", "wise", "--json")
    assert [each["statement"] for each in json.loads(found.stdout)] == [ROSE["statement"]]
    assert f"dropped: {entry['statement']} (" in found.stderr
    assert why in found.stderr


def test_repetition_is_dropped(server: Loopback, answers: list[str | Reply]) -> None:
    again = {**ROSE, "statement": "On Friday, the river Alda rose three metres.", "importance": "detail"}
    answers.append(facts(ROSE, again))
    found = harness("facts", "suggest", "flood", "--model", "wise", "--json")
    assert [each["statement"] for each in json.loads(found.stdout)] == [ROSE["statement"]]
    assert f"dropped: {again['statement']} (it repeats another suggestion)" in found.stderr


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("I cannot help with that.", "the model's answer has no facts in JSON: I cannot help with that."),
        ("[" * 50_000, "the model's answer has no facts in JSON"),
        (facts(), "the model's answer has no facts in JSON"),
        (as_json({"error": {"message": "no\x1b[31m"}}, 500), "500"),
    ],
)
def test_unreadable_answer_is_an_error_with_its_beginning(
    server: Loopback, answers: list[str | Reply], answer: str | Reply, why: str
) -> None:
    answers.append(answer)
    found = harness("facts", "suggest", "flood", "--model", "wise", "--write")
    assert found.exit_code == 1
    assert why in found.stderr
    assert "\x1b" not in found.stderr
    assert not Path("references/flood/facts.yaml").exists()


def test_written_facts_are_unreviewed_and_shown_for_review(
    server: Loopback, answers: list[str | Reply], project: Path
) -> None:
    answers.append(facts(ROSE, HOUSES))
    suggest("--write")
    written = find_article("flood", project / "references").facts.require()
    assert [(fact.statement, fact.unreviewed) for fact in written] == [
        (ROSE["statement"], True),
        (HOUSES["statement"], True),
    ]
    page = viewing.words(viewing.open_viewer(project).get("/review"))
    assert "2 to review" in page
    assert "The river Alda rose three metres on Sunday." in page
    answers.append(facts(ROSE))
    assert suggest("--write") == []  # it is a fact already


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("wize", "there is no model 'wize'; did you mean 'wise'?"),
        ("lead", "lead does not answer prompts; name a generative model: wise"),
    ],
)
def test_model_that_cannot_suggest_is_refused(server: Loopback, name: str, message: str) -> None:
    found = harness("facts", "suggest", "flood", "--model", name)
    assert found.exit_code == 2
    assert message in found.stderr
    found = harness("run", "configs/base.yaml", "--set", f"facts.model={name}")
    assert found.exit_code == 2
    assert message in found.stderr
    assert not server.requests


def test_run_asks_the_model_for_articles_without_facts(server: Loopback, answers: list[str | Reply]) -> None:
    answers.append(facts(ROSE, DAM))
    found = harness("run", "configs/base.yaml", "--set", "facts.model=wise")
    assert found.exit_code == 0, found.stderr
    assert "wrote 1 suggested fact for 1 article" in found.stderr
    assert len(server.requests) == 1
    assert "1 of 3 facts is an unreviewed suggestion." in " ".join(found.stdout.split())


def test_article_for_which_the_model_finds_nothing_is_named_in_the_report(
    server: Loopback, answers: list[str | Reply]
) -> None:
    answers.append("No.")
    assert harness("run", "configs/base.yaml", "--set", "facts.model=wise", "-q").exit_code == 0
    report = Path("results/base/report.md").read_text("utf-8")
    assert "no fact was suggested for 1 article: the model's answer has no facts in JSON: No." in report
